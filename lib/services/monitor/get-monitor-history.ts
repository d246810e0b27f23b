import { seriesEvaluations } from "#db/clickhouse/queries/evaluation-rows.ts";
import { listMonitorSeries } from "#db/postgres/queries/monitor.ts";
import type { MonitorPoint } from "#lib/api/monitor.ts";
import { monitorHistoryInput, monitorHistoryOutput } from "#lib/api/monitor.ts";
import type { MonitorSeries } from "#lib/domain/monitor.ts";
import { defineService } from "../define-service.ts";
import { badness } from "./backtest.ts";
import { getMonitorRow } from "./get-monitor-row.ts";

/** What the windows of one series came out as; of the worst one where none is named. */
export const getMonitorHistory = defineService({
  name: "getMonitorHistory",
  role: "viewer",
  input: monitorHistoryInput,
  output: monitorHistoryOutput,
  writes: false,
  async run(ctx, { monitorId, days, ...asked }) {
    await getMonitorRow(ctx, monitorId);
    const kept = await listMonitorSeries(ctx, monitorId);
    const isAsked = ({ series }: { series: MonitorSeries }) =>
      Object.entries(asked).every(
        ([name, value]) => value === undefined || series[name as keyof MonitorSeries] === value,
      );
    const [worst] = kept.filter(isAsked).toSorted((a, b) => badness(b.result) - badness(a.result));
    const fromTime = new Date(ctx.now.getTime() - days * 86_400_000);
    const head = { from: fromTime.toISOString(), until: ctx.now.toISOString() };
    if (worst === undefined) return { ...head, series: null, points: [] };
    const rows = await ctx.ch.query(
      seriesEvaluations,
      { monitorId, ...worst.series, fromTime, untilTime: ctx.now },
      ctx.signal,
    );
    return {
      ...head,
      series: worst.series,
      points: rows.map(
        (row): MonitorPoint => ({
          from: new Date(row.fromMs).toISOString(),
          until: new Date(row.untilMs).toISOString(),
          kind: row.kind,
          value: row.value,
          lower: row.lower,
          upper: row.upper,
          sampleCount: row.sampleCount,
          judged:
            row.judged === "fire" || row.judged === "clear" || row.judged === "between"
              ? row.judged
              : null,
          fireThreshold: row.fireThreshold,
          clearThreshold: row.clearThreshold,
          sentence: row.sentence,
        }),
      ),
    };
  },
});
