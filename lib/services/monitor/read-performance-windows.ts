import type { WindowTimes } from "#db/postgres/queries/evaluated-window.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { Task } from "#lib/domain/model.ts";
import type { PerformanceProfile } from "#lib/stats/performance/profile.ts";
import { mergePerformance } from "#lib/stats/performance/profile.ts";
import { readBuckets } from "../performance/read-buckets.ts";
import { builtUntilMs } from "../profile/cover-window.ts";
import { segmentParamsOf } from "../segment/resolve-segment.ts";
import type { ReadContext, Watch, WatchedSide } from "./watch.ts";

const dayMs = grainMs["1d"];
/** One question reads so many buckets at once. */
const bucketsMax = 1_000;

/** The coarsest buckets that some windows are made of, of what is kept by the hour: days that have been built. */
export const hourlyGrainOf = (windows: readonly WindowTimes[], now: Date): "1h" | "1d" =>
  windows.every(
    ({ fromTime, untilTime }) =>
      fromTime.getTime() % dayMs === 0 &&
      untilTime.getTime() % dayMs === 0 &&
      untilTime.getTime() <= builtUntilMs("1d", now),
  )
    ? "1d"
    : "1h";

/** Every bucket is read once, and merged into each window that it lies in. */
export async function readPerformanceWindows(
  ctx: ReadContext,
  { modelId, now }: Pick<Watch, "modelId" | "now">,
  side: WatchedSide,
  windows: readonly WindowTimes[],
  task: Task | null,
): Promise<PerformanceProfile[]> {
  const grain = hourlyGrainOf(windows, now);
  const widthMs = grainMs[grain];
  const fromMs = Math.min(...windows.map(({ fromTime }) => fromTime.getTime()));
  const untilMs = Math.max(...windows.map(({ untilTime }) => untilTime.getTime()));
  const { environment, version } = side;
  const key = { modelId, environment, version, ...segmentParamsOf(side) };
  const buckets: PerformanceProfile[] = [];
  for (let at = fromMs; at < untilMs; at += bucketsMax * widthMs) {
    const end = Math.min(untilMs, at + bucketsMax * widthMs);
    const piece = { grain, fromTime: new Date(at), untilTime: new Date(end) } as const;
    const cuts = Array.from({ length: (end - at) / widthMs }, (_, i) => ({
      fromMs: at + i * widthMs,
      untilMs: at + (i + 1) * widthMs,
    }));
    buckets.push(...(await readBuckets(ctx, key, [piece], cuts, task)));
  }
  const placeOf = (time: Date) => Math.round((time.getTime() - fromMs) / widthMs);
  return windows.map(({ fromTime, untilTime }) =>
    mergePerformance(buckets.slice(placeOf(fromTime), placeOf(untilTime))),
  );
}
