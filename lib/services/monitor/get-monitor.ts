import { listMonitorRow, listMonitorSeries } from "#db/postgres/queries/monitor.ts";
import { monitorInput, monitorOutput } from "#lib/api/monitor.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { badness } from "./backtest.ts";
import { stateOf, toMonitor, toResult } from "./to-monitor.ts";

const seriesShownMax = 1_000;

/** A monitor, and how each of its series came out last. */
export const getMonitor = defineService({
  name: "getMonitor",
  role: "viewer",
  input: monitorInput,
  output: monitorOutput,
  writes: false,
  async run(ctx, { monitorId }) {
    const [row] = await listMonitorRow(ctx, monitorId);
    if (row === undefined) throw new AppError("not_found", "There is no such monitor.");
    const series = await listMonitorSeries(ctx, monitorId);
    const latestMs = Math.max(...series.map((one) => one.windowUntil.getTime()));
    const newest = series.filter((one) => one.windowUntil.getTime() === latestMs);
    const countOf = (is: (result: (typeof newest)[number]["result"]) => boolean) =>
      newest.filter(({ result }) => is(result)).length;
    const counts = {
      firingCount: countOf((result) => result.kind === "value" && result.judged === "fire"),
      valueCount: countOf((result) => result.kind === "value"),
      failedCount: countOf((result) => result.kind === "failed"),
    };
    return {
      ...toMonitor(row),
      state: stateOf(row.monitor, newest.length === 0 ? undefined : counts),
      windowUntil: newest[0]?.windowUntil.toISOString() ?? null,
      series: series
        .toSorted(
          (a, b) =>
            b.windowUntil.getTime() - a.windowUntil.getTime() ||
            badness(b.result) - badness(a.result),
        )
        .slice(0, seriesShownMax)
        .map((one) => ({
          series: one.series,
          from: one.windowFrom.toISOString(),
          until: one.windowUntil.toISOString(),
          result: toResult(one.result),
        })),
    };
  },
});
