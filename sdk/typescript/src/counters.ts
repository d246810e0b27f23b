import type { Stats } from "./stats.ts";

type Counted = "logged" | "sent" | "rejected" | "altered" | "retries";

export class Counters {
  readonly #counts: Record<Counted, number> = {
    logged: 0,
    sent: 0,
    rejected: 0,
    altered: 0,
    retries: 0,
  };
  readonly #dropped: Record<string, number> = {};

  add(name: Counted, count = 1): void {
    this.#counts[name] += count;
  }

  drop(reason: string, count = 1): void {
    this.#dropped[reason] = (this.#dropped[reason] ?? 0) + count;
  }

  snapshot(pending: number): Stats {
    const dropped = Object.values(this.#dropped).reduce((sum, count) => sum + count, 0);
    return { ...this.#counts, dropped, droppedByReason: { ...this.#dropped }, pending };
  }
}
