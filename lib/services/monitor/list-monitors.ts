import { listMonitorRows, listMonitorSummaries } from "#db/postgres/queries/monitor.ts";
import { listMonitorSparks } from "#db/postgres/queries/monitor-window.ts";
import { monitorListInput, monitorListOutput } from "#lib/api/monitor.ts";
import { defineService } from "../define-service.ts";
import { getModelRow } from "../model/get-model-row.ts";
import { stateOf, toMonitor, toResult } from "./to-monitor.ts";

/** The monitors of a workspace, or of one model, with what their newest window said. */
export const listMonitors = defineService({
  name: "listMonitors",
  role: "viewer",
  input: monitorListInput,
  output: monitorListOutput,
  writes: false,
  async run(ctx, { model }) {
    const modelId = model === undefined ? undefined : (await getModelRow(ctx, model)).id;
    const rows = await listMonitorRows(ctx, modelId);
    const ids = rows.map(({ monitor }) => monitor.id);
    const [summaries, sparks] = await Promise.all([
      listMonitorSummaries(ctx, ids),
      listMonitorSparks(ctx, ids),
    ]);
    const summaryOf = new Map(summaries.map((one) => [one.monitorId, one]));
    const sparksOf = Map.groupBy(sparks, (one) => one.monitorId);
    return {
      monitors: rows.map((row) => {
        const { id } = row.monitor;
        const summary = summaryOf.get(id);
        return {
          ...toMonitor(row),
          state: stateOf(row.monitor, summary),
          seriesCount: summary?.seriesCount ?? 0,
          firingCount: summary?.firingCount ?? 0,
          valueCount: summary?.valueCount ?? 0,
          failedCount: summary?.failedCount ?? 0,
          windowUntil: summary?.windowUntil.toISOString() ?? null,
          worst:
            summary === undefined
              ? null
              : { series: summary.worst.series, result: toResult(summary.worst.result) },
          spark: (sparksOf.get(id) ?? []).map(({ windowUntil, worstValue, firingCount }) => ({
            until: windowUntil.toISOString(),
            value: worstValue,
            firingCount,
          })),
        };
      }),
    };
  },
});
