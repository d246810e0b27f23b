import { columnRowCounts } from "#db/clickhouse/queries/row-counts.ts";
import type { WindowTimes } from "#db/postgres/queries/evaluated-window.ts";
import type { Grain } from "#lib/domain/grain.ts";
import { grainMs } from "#lib/domain/grain.ts";
import { isKept } from "../profile/cover-window.ts";
import { segmentParamsOf } from "../segment/resolve-segment.ts";
import type { KindReader, ReadContext, SeriesReading, Watch, WatchedSide } from "./watch.ts";
import { seriesOf } from "./watch.ts";

/** How many rows came in each window. No rows is a value, once the model has been seen. */
export const readVolume: KindReader = async (ctx, watch, windows) => {
  const found: SeriesReading[][] = windows.map(() => []);
  for (const side of watch.sides) {
    const countOf = await readCounts(ctx, watch, side, windows);
    for (const [i, window] of windows.entries()) {
      const { count, hasBefore } = countOf(window);
      if (!hasBefore && !side.isExpected(window)) continue;
      found[i]?.push({
        series: seriesOf(side),
        reading: isKept(window, watch.now)
          ? { kind: "value", value: count, lower: null, upper: null, sampleCount: count }
          : { kind: "no_data", reason: "rows are not counted in so short windows that long ago" },
      });
    }
  }
  return found;
};

async function readCounts(
  ctx: ReadContext,
  { modelId, question }: Watch,
  side: WatchedSide,
  windows: readonly WindowTimes[],
): Promise<(window: WindowTimes) => { count: number; hasBefore: boolean }> {
  const grain: Grain = question.definition.cadence === "5m" ? "5m" : "1h";
  const widthMs = grainMs[grain];
  const fromMs = Math.min(...windows.map(({ fromTime }) => fromTime.getTime()));
  const untilMs = Math.max(...windows.map(({ untilTime }) => untilTime.getTime()));
  const rows = await ctx.ch.query(
    columnRowCounts,
    {
      modelIds: [modelId],
      ...segmentParamsOf(side),
      grain,
      fromTime: new Date(fromMs),
      untilTime: new Date(untilMs),
      columnSeconds: widthMs / 1000,
    },
    ctx.signal,
  );
  // Running sums, so that a window is one subtraction however many buckets it holds.
  const sums = new Float64Array(Math.ceil((untilMs - fromMs) / widthMs) + 1);
  for (const row of rows) {
    if (row.environment !== side.environment) continue;
    if (side.version !== "" && row.version !== side.version) continue;
    sums[row.columnIndex + 1] = (sums[row.columnIndex + 1] ?? 0) + row.rowCount;
  }
  for (let i = 1; i < sums.length; i += 1) sums[i] = (sums[i] ?? 0) + (sums[i - 1] ?? 0);
  const before = (time: Date) => sums[Math.round((time.getTime() - fromMs) / widthMs)] ?? 0;
  // What was sent of the past is first seen when it comes: rows say as well that a model was there.
  return ({ fromTime, untilTime }) => ({
    count: before(untilTime) - before(fromTime),
    hasBefore: before(untilTime) > 0,
  });
}
