import type { WindowTimes } from "#db/postgres/queries/evaluated-window.ts";
import { findModelTask } from "#db/postgres/queries/performance-work.ts";
import { nameMetric } from "#lib/charts/name-metric.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { Task } from "#lib/domain/model.ts";
import type { ClassPair } from "#lib/stats/performance/binary-view.ts";
import { judgeProfile } from "#lib/stats/performance/judge.ts";
import type { PerformanceProfile } from "#lib/stats/performance/profile.ts";
import { mergePerformance } from "#lib/stats/performance/profile.ts";
import { createClassFinder } from "../performance/find-classes.ts";
import { readBuckets } from "../performance/read-buckets.ts";
import { segmentParamsOf } from "../segment/resolve-segment.ts";
import { lackOfRows } from "./read-drift.ts";
import type {
  KindReader,
  ReadContext,
  Reading,
  SeriesReading,
  Watch,
  WatchedSide,
} from "./watch.ts";
import { seriesOf, unknownOf } from "./watch.ts";

/** One metric of each window, by the labels that have come for its predictions. */
export const readPerformance: KindReader = async (ctx, watch, windows) => {
  const found: SeriesReading[][] = windows.map(() => []);
  const task = await findModelTask(ctx.pg, watch.modelId);
  const findClasses = createClassFinder(ctx, watch.modelId);
  for (const side of watch.sides) {
    const profiles = await readWindows(ctx, watch, side, windows, task);
    for (const [i, window] of windows.entries()) {
      const profile = profiles[i];
      if (profile === undefined || profile.rowCount === 0) {
        if (side.isExpected(window))
          found[i]?.push(unknownOf(watch, side, "no predictions were made"));
        continue;
      }
      const classes = task === "binary" ? await findClasses(side, window) : null;
      found[i]?.push({
        series: seriesOf(side),
        reading: toReading(profile, { task, classes }, watch.question.definition),
      });
    }
  }
  return found;
};

const dayMs = grainMs["1d"];
/** One question reads so many buckets at once. */
const bucketsMax = 1_000;

/** Every bucket is read once, and merged into each window that it lies in. */
async function readWindows(
  ctx: ReadContext,
  { modelId }: Watch,
  side: WatchedSide,
  windows: readonly WindowTimes[],
  task: Task | null,
): Promise<PerformanceProfile[]> {
  const isDays = windows.every(
    ({ fromTime, untilTime }) =>
      fromTime.getTime() % dayMs === 0 && untilTime.getTime() % dayMs === 0,
  );
  const grain = isDays ? "1d" : "1h";
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

function toReading(
  profile: PerformanceProfile,
  { task, classes }: { task: Task | null; classes: ClassPair | null },
  { statistic, sampleMin }: { statistic: string; sampleMin: number },
): Reading {
  const { rowCount, labelledCount } = profile;
  if (task === null) return { kind: "no_data", reason: "the model's task is not known yet" };
  if (labelledCount === 0)
    return { kind: "no_data", reason: `none of ${rowCount} predictions has a label yet` };
  if (labelledCount < sampleMin)
    return {
      kind: "no_data",
      reason: `${lackOfRows(labelledCount, sampleMin, "labels")}, of ${rowCount} predictions`,
    };
  const metric = judgeProfile(profile, task, classes).metrics[statistic];
  if (metric === undefined)
    return { kind: "no_data", reason: `${nameMetric(statistic)} is no metric of a ${task} model` };
  if (metric.kind === "undefined")
    return { kind: "no_data", reason: `undefined: ${metric.reason.replaceAll("_", " ")}` };
  const { value, lower, upper, sampleCount } = metric;
  const words = `labels of ${labelledCount} of ${rowCount} predictions`;
  return { kind: "value", value, lower, upper, sampleCount, words };
}
