import { findModelTask } from "#db/postgres/queries/performance-work.ts";
import { nameMetric } from "#lib/charts/name-metric.ts";
import type { Task } from "#lib/domain/model.ts";
import type { ClassPair } from "#lib/stats/performance/binary-view.ts";
import { judgeProfile } from "#lib/stats/performance/judge.ts";
import type { PerformanceProfile } from "#lib/stats/performance/profile.ts";
import { createClassFinder } from "../performance/find-classes.ts";
import { lackOfRows } from "./read-drift.ts";
import { readPerformanceWindows } from "./read-performance-windows.ts";
import type { KindReader, Reading, SeriesReading } from "./watch.ts";
import { seriesOf, unknownOf } from "./watch.ts";

/** One metric of each window, by the labels that have come for its predictions. */
export const readPerformance: KindReader = async (ctx, watch, windows) => {
  const found: SeriesReading[][] = windows.map(() => []);
  const task = await findModelTask(ctx.pg, watch.modelId);
  const findClasses = createClassFinder(ctx, watch.modelId);
  for (const side of watch.sides) {
    const profiles = await readPerformanceWindows(ctx, watch, side, windows, task);
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
