import { openMonitorWindows } from "#db/postgres/queries/monitor-window.ts";
import { monitorInput, runMonitorOutput } from "#lib/api/monitor.ts";
import { AppError } from "#lib/domain/errors.ts";
import { windowLengthMs } from "#lib/domain/monitor-definition.ts";
import { firstUntilOf } from "#lib/rules/plan-windows.ts";
import { defineService } from "../define-service.ts";
import { getMonitorRow } from "./get-monitor-row.ts";

/** Asks a monitor at once about the window that ended last, settled or not. */
export const runMonitor = defineService({
  name: "runMonitor",
  role: "editor",
  input: monitorInput,
  output: runMonitorOutput,
  writes: true,
  async run(ctx, { monitorId }) {
    const { isEnabled, modelId, definition } = await getMonitorRow(ctx, monitorId);
    if (!isEnabled) throw new AppError("conflict", "The monitor is off. Switch it on first.");
    const untilTime = firstUntilOf(definition.cadence, ctx.now);
    const fromTime = new Date(untilTime.getTime() - windowLengthMs[definition.window]);
    await openMonitorWindows(
      ctx.pg,
      { workspaceId: ctx.workspaceId, monitorId, modelId, now: ctx.now },
      [{ fromTime, untilTime }],
    );
    ctx.audit({
      action: "monitor.run",
      targetKind: "monitor",
      targetId: monitorId,
      after: { windowUntil: untilTime },
    });
    return { windowUntil: untilTime.toISOString() };
  },
});
