import type { Logger } from "#lib/log.ts";
import type { Stores } from "#lib/services/context.ts";
import type { AlertingSeams } from "#lib/services/incident/alerting.ts";
import { tickIncidents } from "#lib/services/incident/tick-incidents.ts";
import type { Loop } from "./start-loop.ts";
import { startLoop } from "./start-loop.ts";

export interface IncidentLoopOptions {
  stores: Stores;
  log: Logger;
  now: () => Date;
  newId: () => string;
  seams?: Partial<AlertingSeams> | undefined;
}

const idleMs = 1_000;

/** Does to incidents what time alone brings, every second. */
export function startIncidentLoop({ stores, log, now, newId, seams }: IncidentLoopOptions): Loop {
  return startLoop({
    name: "incidents",
    log,
    idleMs,
    async step(signal) {
      await tickIncidents(stores.postgres, {
        now: now(),
        newId,
        publicUrl: stores.publicUrl,
        seams,
        signal,
        onError: (error, what) =>
          log.error({ ...what, err: error }, "an incident could not be looked after; tried again"),
      });
      // What is due comes by the second, and what fails now is not tried again at once.
      return false;
    },
  });
}
