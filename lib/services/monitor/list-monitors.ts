import { monitorSparks } from "#db/clickhouse/queries/evaluation-rows.ts";
import { listMonitorRows, listMonitorSummaries } from "#db/postgres/queries/monitor.ts";
import { monitorListInput, monitorListOutput } from "#lib/api/monitor.ts";
import { defineService } from "../define-service.ts";
import { getModelRow } from "../model/get-model-row.ts";
import { stateOf, toMonitor, toResult } from "./to-monitor.ts";

/** How far back the small charts reach. */
const sparkDays = 14;

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
    const fromTime = new Date(ctx.now.getTime() - sparkDays * 86_400_000);
    const [summaries, sparks] = await Promise.all([
      listMonitorSummaries(ctx, ids),
      ids.length === 0
        ? []
        : ctx.ch.query(monitorSparks, { monitorIds: ids, fromTime }, ctx.signal),
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
          spark: (sparksOf.get(id) ?? []).map(({ untilMs, value, firingCount }) => ({
            until: new Date(untilMs).toISOString(),
            value,
            firingCount,
          })),
        };
      }),
    };
  },
});
