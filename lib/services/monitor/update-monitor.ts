import { randomUUID } from "node:crypto";
import { markTestsOfMonitor } from "#db/postgres/queries/action-item.ts";
import { findModelName } from "#db/postgres/queries/model.ts";
import { updateMonitorRow } from "#db/postgres/queries/monitor.ts";
import { deleteMonitorSeries, deleteMonitorWindows } from "#db/postgres/queries/monitor-window.ts";
import { updateMonitorInput, updateMonitorOutput } from "#lib/api/monitor.ts";
import { AppError } from "#lib/domain/errors.ts";
import { endAlerts } from "../alert/end-alerts.ts";
import { defineService } from "../define-service.ts";
import { checkQuestion } from "./check-question.ts";
import { getMonitorRow } from "./get-monitor-row.ts";
import { assertTold, toRow } from "./to-row.ts";

/** Asks something else from now on: what was asked before stays in the history, and counts no more. */
export const updateMonitor = defineService({
  name: "updateMonitor",
  role: "editor",
  input: updateMonitorInput,
  output: updateMonitorOutput,
  writes: true,
  async run(ctx, { monitorId, revision, monitor }) {
    const before = await getMonitorRow(ctx, monitorId);
    if (before.revision !== revision)
      throw new AppError(
        "stale",
        `Somebody changed this monitor meanwhile (revision ${before.revision}, yours ${revision}). Load it again.`,
      );
    const name = (await findModelName(ctx, before.modelId)) ?? "";
    await checkQuestion(ctx, { id: before.modelId, name }, monitor);
    await assertTold(ctx, monitor);
    const next = revision + 1;
    await updateMonitorRow(ctx, monitorId, { ...toRow(monitor, ctx.now), revision: next });
    if (!monitor.isEnabled)
      await endAlerts(ctx.pg, {
        workspaceId: ctx.workspaceId,
        monitorId,
        reason: "the monitor was switched off",
        now: ctx.now,
        newId: randomUUID,
      });
    await deleteMonitorWindows(ctx.pg, monitorId);
    await deleteMonitorSeries(ctx.pg, monitorId);
    await markTestsOfMonitor(ctx, monitorId, ctx.now);
    ctx.audit({
      action: "monitor.update",
      targetKind: "monitor",
      targetId: monitorId,
      before,
      after: monitor,
    });
    return { revision: next };
  },
});
