import { randomUUID } from "node:crypto";
import { z } from "zod";
import { markTestsOfMonitor } from "#db/postgres/queries/action-item.ts";
import { updateMonitorRow } from "#db/postgres/queries/monitor.ts";
import { enableMonitorInput } from "#lib/api/monitor.ts";
import { firstUntilOf } from "#lib/rules/plan-windows.ts";
import { endAlerts } from "../alert/end-alerts.ts";
import { defineService } from "../define-service.ts";
import { getMonitorRow } from "./get-monitor-row.ts";

/** Switches a monitor on or off. What it was not asked while it was off is not made up for. */
export const enableMonitor = defineService({
  name: "enableMonitor",
  role: "editor",
  input: enableMonitorInput,
  output: z.undefined(),
  writes: true,
  async run(ctx, { monitorId, isEnabled }) {
    const monitor = await getMonitorRow(ctx, monitorId);
    if (monitor.isEnabled === isEnabled) {
      ctx.audit("unchanged");
      return undefined;
    }
    if (!isEnabled)
      await endAlerts(ctx.pg, {
        workspaceId: ctx.workspaceId,
        monitorId,
        reason: "the monitor was switched off",
        now: ctx.now,
        newId: randomUUID,
      });
    const { cadence, settleSeconds } = monitor.definition;
    const nextWindowUntil = firstUntilOf(cadence, ctx.now);
    await updateMonitorRow(ctx, monitorId, {
      isEnabled,
      updatedAt: ctx.now,
      nextWindowUntil,
      dueAt: new Date(nextWindowUntil.getTime() + settleSeconds * 1_000),
    });
    await markTestsOfMonitor(ctx, monitorId, ctx.now);
    ctx.audit({
      action: isEnabled ? "monitor.enable" : "monitor.disable",
      targetKind: "monitor",
      targetId: monitorId,
      before: { isEnabled: monitor.isEnabled },
      after: { isEnabled },
    });
    return undefined;
  },
});
