import { printWarning } from "./host.ts";
import type { Trouble, TroubleKind } from "./stats.ts";

const intervalMs = 60_000;

/** Says each kind of trouble once a minute, so that a bad day floods no log. */
export class TroubleLog {
  readonly #onError: ((trouble: Trouble) => void) | undefined;
  readonly #said = new Map<TroubleKind, { atMs: number; held: number }>();

  constructor(onError: ((trouble: Trouble) => void) | undefined) {
    this.#onError = onError;
  }

  say(kind: TroubleKind, message: string, nowMs = Date.now()): void {
    const last = this.#said.get(kind);
    if (last && nowMs - last.atMs < intervalMs) {
      last.held += 1;
      return;
    }
    this.#said.set(kind, { atMs: nowMs, held: 0 });
    const held = last?.held ?? 0;
    const more = held > 0 ? ` (${held} more like this before)` : "";
    try {
      if (this.#onError) this.#onError({ kind, message, held });
      else printWarning(`${message}${more}`);
    } catch {
      // The hook is the caller's; there is nobody else to tell.
    }
  }
}
