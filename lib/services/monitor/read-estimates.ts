import { setImmediate } from "node:timers/promises";
import { findActiveBaseline } from "#db/postgres/queries/baseline.ts";
import type { WindowTimes } from "#db/postgres/queries/evaluated-window.ts";
import { findModelTask } from "#db/postgres/queries/performance-work.ts";
import { nameMetric } from "#lib/charts/name-metric.ts";
import type { Task } from "#lib/domain/model.ts";
import type { Estimate } from "#lib/stats/performance/estimate-band.ts";
import { judgeProfile } from "#lib/stats/performance/judge.ts";
import { computeLabelDelay } from "#lib/stats/performance/label-delay.ts";
import { describeDistrust } from "../performance/describe-distrust.ts";
import type { Estimator } from "../performance/estimate-buckets.ts";
import { chooseEstimator, estimateBuckets } from "../performance/estimate-buckets.ts";
import { readReference } from "../performance/stored-reference.ts";
import { coverHours } from "../profile/cover-hours.ts";
import { lackOfRows } from "./read-drift.ts";
import { readPerformanceWindows } from "./read-performance-windows.ts";
import type {
  KindReader,
  ReadContext,
  Reading,
  SeriesReading,
  Watch,
  WatchedSide,
} from "./watch.ts";
import { seriesOf, unknownOf } from "./watch.ts";

/** Windows before each whose labels say how far off its estimate may be. The same for every window, so that one comes out alike live
 *  and in a replay. */
const triedWindows = 20;

/** What a metric should be by the rows alone, before their labels come; an estimate that cannot be trusted is no value. */
export const readEstimates: KindReader = async (ctx, watch, windows) => {
  const found: SeriesReading[][] = windows.map(() => []);
  const task = await findModelTask(ctx.pg, watch.modelId);
  for (const side of watch.sides) {
    const method = await findMethod(ctx, watch, side, task);
    if (typeof method === "string") {
      for (const [i, window] of windows.entries())
        if (side.isExpected(window)) found[i]?.push(unknownOf(watch, side, method));
      continue;
    }
    // Windows that lie on one grid are read together, each bucket once.
    const phases = Map.groupBy(
      windows.map((window, index) => ({ ...window, index })),
      ({ fromTime, untilTime }) => untilTime.getTime() % (untilTime.getTime() - fromTime.getTime()),
    );
    for (const own of phases.values()) {
      const read = await readPhase(ctx, watch, side, own, { task, ...method });
      for (const [i, { index, ...window }] of own.entries()) {
        const cell = read[i];
        if (cell === undefined) continue;
        if (cell.rowCount > 0)
          found[index]?.push({ series: seriesOf(side), reading: toReading(watch, cell) });
        else if (side.isExpected(window))
          found[index]?.push(unknownOf(watch, side, "no predictions were made"));
      }
    }
  }
  return found;
};

interface Method {
  baselineId: string;
  estimator: Estimator;
}

/** A string says why there is none. */
async function findMethod(
  ctx: ReadContext,
  { modelId }: Watch,
  { version }: WatchedSide,
  task: Task | null,
): Promise<Method | string> {
  if (task === null) return "the model's task is not known yet";
  if (task === "ranking") return "performance of a ranking model is not estimated";
  const baseline = await findActiveBaseline(ctx, modelId, version);
  if (baseline === null) return "there is no baseline to learn the estimate from";
  const learned = await readReference(ctx, baseline.id, task);
  if (learned === null) return "the estimate is still being learned from the baseline";
  const estimator = chooseEstimator(learned.reference, "auto");
  return estimator === null
    ? "the baseline teaches no estimate: it lacks labels, or scores"
    : { baselineId: baseline.id, estimator };
}

interface EstimatedCell {
  rowCount: number;
  estimates: Readonly<Record<string, Estimate>>;
}

/** The estimates of windows that do not overlap, each with the windows before it. */
async function readPhase(
  ctx: ReadContext,
  watch: Watch,
  side: WatchedSide,
  windows: readonly WindowTimes[],
  { task, baselineId, estimator }: Method & { task: Task | null },
): Promise<EstimatedCell[]> {
  const [first] = windows;
  if (first === undefined) return [];
  const lengthMs = first.untilTime.getTime() - first.fromTime.getTime();
  const found: EstimatedCell[] = [];
  for (const run of cutIntoRuns(windows, lengthMs)) {
    const { profiles, cells } = await readRun(ctx, watch, side, run, lengthMs, task);
    const judged = profiles.map((profile) => judgeProfile(profile, task, estimator.classes));
    for (let at = triedWindows; at < cells.length; at += 1) {
      const from = at - triedWindows;
      const own = { buckets: cells.slice(from, at + 1), profiles: profiles.slice(from, at + 1) };
      const [start, end] = [own.buckets[0], own.buckets.at(-1)];
      if (start === undefined || end === undefined) continue;
      const delay = computeLabelDelay(
        own.profiles.map(({ delays }, i) => ({ delays, untilMs: own.buckets[i]?.untilMs ?? 0 })),
        watch.now.getTime(),
      );
      const { environment, version } = side;
      const { estimates } = await estimateBuckets(
        ctx,
        {
          key: { modelId: watch.modelId, environment, version, segmentKey: "", segmentValue: "" },
          baselineId,
          pieces: coverHours(new Date(start.fromMs), new Date(end.untilMs), watch.now).pieces,
          now: watch.now,
          ...own,
          judged: judged.slice(from, at + 1),
          delay,
        },
        estimator,
      );
      const rowCount = own.profiles.at(-1)?.rowCount ?? 0;
      found.push({ rowCount, estimates: estimates.at(-1) ?? {} });
      await setImmediate();
    }
  }
  return found;
}

/** Windows that follow one another without a gap. */
function cutIntoRuns(windows: readonly WindowTimes[], lengthMs: number): WindowTimes[][] {
  const runs: WindowTimes[][] = [];
  for (const window of windows) {
    const last = runs.at(-1)?.at(-1);
    const follows =
      last !== undefined && window.untilTime.getTime() - last.untilTime.getTime() === lengthMs;
    if (follows) runs.at(-1)?.push(window);
    else runs.push([window]);
  }
  return runs;
}

/** A run with the windows before it. */
async function readRun(
  ctx: ReadContext,
  watch: Watch,
  side: WatchedSide,
  run: readonly WindowTimes[],
  lengthMs: number,
  task: Task | null,
) {
  const startMs = (run[0]?.fromTime.getTime() ?? 0) - triedWindows * lengthMs;
  const times = Array.from({ length: run.length + triedWindows }, (_, i) => ({
    fromTime: new Date(startMs + i * lengthMs),
    untilTime: new Date(startMs + (i + 1) * lengthMs),
  }));
  const profiles = await readPerformanceWindows(ctx, watch, side, times, task);
  const cells = times.map(({ fromTime, untilTime }) => ({
    fromMs: fromTime.getTime(),
    untilMs: untilTime.getTime(),
  }));
  return { profiles, cells };
}

function toReading(watch: Watch, { rowCount, estimates }: EstimatedCell): Reading {
  const { statistic, sampleMin } = watch.question.definition;
  if (rowCount < sampleMin) return { kind: "no_data", reason: lackOfRows(rowCount, sampleMin) };
  const estimate = estimates[statistic];
  if (estimate === undefined)
    return {
      kind: "no_data",
      reason: `${nameMetric(statistic)} is not estimated of these rows: they lack scores, are not estimated yet, or the model has no such metric`,
    };
  const distrust = describeDistrust(estimate.distrust);
  if (distrust !== null)
    return { kind: "no_data", reason: `the estimate can't be trusted: ${distrust}` };
  const { value, lower, upper } = estimate;
  return {
    kind: "value",
    value,
    lower,
    upper,
    sampleCount: rowCount,
    words: "estimated from scores",
  };
}
