import type { Logger } from "#lib/log.ts";
import type { Stores } from "#lib/services/context.ts";
import { escalateIncidents } from "#lib/services/escalation/escalate-incidents.ts";
import type { Loop } from "./start-loop.ts";
import { startLoop } from "./start-loop.ts";

export interface EscalationLoopOptions {
  stores: Stores;
  log: Logger;
  now: () => Date;
  newId: () => string;
}

const idleMs = 2_000;

/** Asks every two seconds whom to page next. */
export function startEscalationLoop({ stores, log, now, newId }: EscalationLoopOptions): Loop {
  return startLoop({
    name: "escalations",
    log,
    idleMs,
    async step(signal) {
      await escalateIncidents(stores.postgres, {
        now: now(),
        newId,
        publicUrl: stores.publicUrl,
        signal,
        onError: (error, incidentId) =>
          log.error({ incidentId, err: error }, "an incident could not be escalated; tried again"),
      });
      // What is due comes by the second, and what fails now is not tried again at once.
      return false;
    },
  });
}
