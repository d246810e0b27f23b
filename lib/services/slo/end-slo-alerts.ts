import { randomUUID } from "node:crypto";
import { endAlerts } from "../alert/end-alerts.ts";
import type { ServiceContext } from "../context.ts";

/** Ends what burns, since nobody measures it any more. */
export function endSloAlerts(ctx: ServiceContext, sloId: string, reason: string): Promise<number> {
  const { workspaceId, now, pg } = ctx;
  const { publicUrl } = ctx.call;
  return endAlerts(pg, {
    workspaceId,
    monitorId: sloId,
    reason,
    now,
    newId: randomUUID,
    publicUrl,
  });
}
