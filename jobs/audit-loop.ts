import type { Logger } from "#lib/log.ts";
import type { Stores } from "#lib/services/context.ts";
import { auditIncidents } from "#lib/services/incident/audit-incidents.ts";
import type { Loop } from "./start-loop.ts";
import { startLoop } from "./start-loop.ts";

export interface AuditLoopOptions {
  stores: Stores;
  log: Logger;
  now: () => Date;
  newId: () => string;
}

const idleMs = 60_000;

/** Looks once a minute for open incidents that nobody will do anything about, the first time a minute after the start, when what a stop left
 *  behind had its time. */
export function startAuditLoop({ stores, log, now, newId }: AuditLoopOptions): Loop {
  let isFirst = true;
  return startLoop({
    name: "audit",
    log,
    idleMs,
    async step(signal) {
      if (isFirst) {
        isFirst = false;
        return false;
      }
      const count = await auditIncidents(stores.postgres, {
        now: now(),
        newId,
        publicUrl: stores.publicUrl,
        signal,
        onError: (error, incidentId) =>
          log.error({ incidentId, err: error }, "a neglected incident could not be told of"),
      });
      if (count > 0)
        log.warn({ count }, "open incidents were found that nobody would have acted on");
      return false;
    },
  });
}
