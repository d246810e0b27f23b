import type { WindowTimes } from "#db/postgres/queries/evaluated-window.ts";
import { isKept } from "../profile/cover-window.ts";
import { piecesOf } from "../profile/find-waiting-pieces.ts";
import { readProfiledRows } from "../profile/rows-by-bucket.ts";
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

/** Every bucket is read once, however many windows it lies in. */
async function readCounts(
  ctx: ReadContext,
  { modelId, now }: Watch,
  { environment, version, segment }: WatchedSide,
  windows: readonly WindowTimes[],
): Promise<(window: WindowTimes) => { count: number; hasBefore: boolean }> {
  const pieces = windows.flatMap((window) => piecesOf("profile", window, now));
  const rows = await readProfiledRows(ctx, { modelId, environment, segment }, "profile", pieces);
  const firstMs = rows.firstMs(version);
  // What was sent of the past is first seen when it comes: rows say as well that a model was there.
  return (window) => ({
    count: rows.sumOf(piecesOf("profile", window, now), version),
    hasBefore: firstMs < window.untilTime.getTime(),
  });
}
