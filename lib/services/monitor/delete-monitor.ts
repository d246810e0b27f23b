import { randomUUID } from "node:crypto";
import { z } from "zod";
import { markTestsOfMonitor } from "#db/postgres/queries/action-item.ts";
import { deleteMonitorRow } from "#db/postgres/queries/monitor.ts";
import { monitorInput } from "#lib/api/monitor.ts";
import { endAlerts } from "../alert/end-alerts.ts";
import { defineService } from "../define-service.ts";
import { getMonitorRow } from "./get-monitor-row.ts";

export const deleteMonitor = defineService({
  name: "deleteMonitor",
  role: "editor",
  input: monitorInput,
  output: z.undefined(),
  writes: true,
  async run(ctx, { monitorId }) {
    const before = await getMonitorRow(ctx, monitorId);
    await endAlerts(ctx.pg, {
      workspaceId: ctx.workspaceId,
      monitorId,
      reason: "the monitor was deleted",
      now: ctx.now,
      newId: randomUUID,
    });
    await deleteMonitorRow(ctx, monitorId);
    await markTestsOfMonitor(ctx, monitorId, ctx.now);
    ctx.audit({ action: "monitor.delete", targetKind: "monitor", targetId: monitorId, before });
    return undefined;
  },
});
