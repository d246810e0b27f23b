import type { Logger } from "#lib/log.ts";
import type { Stores } from "#lib/services/context.ts";
import { evaluateDueSlo } from "#lib/services/slo/evaluate-slo.ts";
import type { Loop } from "./start-loop.ts";
import { startLoop } from "./start-loop.ts";

export interface SloLoopOptions {
  stores: Stores;
  log: Logger;
  now: () => Date;
  newId: () => string;
}

const idleMs = 2_000;

/** Measures the objectives that are due, one after the other, and judges how fast their budgets burn. */
export function startSloLoop({ stores, log, now, newId }: SloLoopOptions): Loop {
  return startLoop({
    name: "slos",
    log,
    idleMs,
    step: (signal) => evaluateDueSlo(stores, { now: now(), newId, signal }),
  });
}
