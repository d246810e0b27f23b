import type { Logger } from "#lib/log.ts";
import type { Stores } from "#lib/services/context.ts";
import type { ApplyOutcomes } from "#lib/services/monitor/evaluate-due-monitors.ts";
import { evaluateDueMonitors } from "#lib/services/monitor/evaluate-due-monitors.ts";
import type { Loop } from "./start-loop.ts";
import { startLoop } from "./start-loop.ts";

export interface MonitorLoopOptions {
  stores: Stores;
  log: Logger;
  now: () => Date;
  newId: () => string;
  applyOutcomes: ApplyOutcomes;
  idleMs?: number;
}

/** Monitors of many models end their windows at the same minute: while one waits for its store, others are asked. */
const laneCount = 3;

/** Asks every monitor whose window has ended and settled. */
export function startMonitorLoop({
  stores,
  log,
  now,
  newId,
  applyOutcomes,
  idleMs = 1_000,
}: MonitorLoopOptions): Loop {
  const lanes = Array.from({ length: laneCount }, () =>
    startLoop({
      name: "monitors",
      log,
      idleMs,
      step: (signal) =>
        evaluateDueMonitors({
          stores,
          now,
          newId,
          applyOutcomes,
          signal,
          onFailure: ({ monitorId, windowUntil, error }) =>
            log.error({ monitorId, windowUntil, err: error }, "a monitor could not be evaluated"),
        }),
    }),
  );
  return {
    async stop() {
      await Promise.all(lanes.map((lane) => lane.stop()));
    },
  };
}
