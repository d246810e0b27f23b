import type { StoredPerformance } from "#db/clickhouse/queries/performance-rows.ts";
import { performanceRows } from "#db/clickhouse/queries/performance-rows.ts";
import { listDirtyStretches } from "#db/postgres/queries/dirty-buckets.ts";
import { findModelTask } from "#db/postgres/queries/performance-work.ts";
import type { SloRow } from "#db/postgres/queries/slo.ts";
import type { MeasuredSlice } from "#db/postgres/queries/slo-slice.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { Task } from "#lib/domain/model.ts";
import type { SloIndicator } from "#lib/domain/slo.ts";
import { judgeProfile } from "#lib/stats/performance/judge.ts";
import type { LabelDelay } from "#lib/stats/performance/label-delay.ts";
import { computeLabelDelay, isMature } from "#lib/stats/performance/label-delay.ts";
import type { PerformanceProfile } from "#lib/stats/performance/profile.ts";
import {
  fromStoredPerformance,
  mergePerformance,
  readAsTask,
} from "#lib/stats/performance/profile.ts";
import { createClassFinder } from "../performance/find-classes.ts";
import type { MeasureContext, MeasureSpan } from "./measure-slices.ts";
import { idleSlice, settleMs, timeSlice } from "./time-slice.ts";

type Indicator = Extract<SloIndicator, { kind: "performance" }>;

const sliceMs = grainMs["1h"];
/** How long labels take is learned from so many days at least. */
const delayDays = 7;

/** A metric of each hour's predictions. An hour is settled once its labels have had the time to come, provisional while they come, and
 *  unmeasured without them; a label that comes after that judges its hour anew. */
export async function measurePerformanceSlices(
  ctx: MeasureContext,
  slo: SloRow,
  indicator: Indicator,
  { fromTime, now }: MeasureSpan,
): Promise<MeasuredSlice[]> {
  const { modelId, environment, version } = slo;
  const untilMs = Math.floor((now.getTime() - settleMs) / sliceMs) * sliceMs;
  const learnFromMs = untilMs - delayDays * grainMs["1d"];
  const fromMs = Math.min(fromTime.getTime(), learnFromMs);
  const span = { fromTime: new Date(fromMs), untilTime: new Date(untilMs) };
  const task = await findModelTask(ctx.pg, modelId);
  const [rows, dirty] = await Promise.all([
    ctx.ch.query(
      performanceRows,
      {
        modelId,
        environment,
        version,
        segmentKey: "",
        segmentValue: "",
        grains: ["1h"],
        fromSeconds: [fromMs / 1000],
        untilSeconds: [untilMs / 1000],
      },
      ctx.signal,
    ),
    listDirtyStretches(ctx, { modelId, aspect: "performance", ...span, widthMs: sliceMs }),
  ]);
  const waiting = new Set(dirty.map((one) => one.startMs));
  const hours = toHours(rows, task);
  const delay = computeLabelDelay(
    [...hours].map(([startMs, { delays }]) => ({ delays, untilMs: startMs + sliceMs })),
    now.getTime(),
  );
  const newest = rows.at(-1);
  const classes =
    task === "binary" && newest !== undefined
      ? await createClassFinder(ctx, modelId)(newest, span)
      : null;
  const slices: MeasuredSlice[] = [];
  for (let start = fromTime.getTime(); start < untilMs; start += sliceMs) {
    const profile = hours.get(start);
    if (profile === undefined) {
      slices.push(
        waiting.has(start)
          ? timeSlice(start, sliceMs, { isGood: null, reason: "not computed yet" })
          : idleSlice(start, sliceMs, "no predictions"),
      );
      continue;
    }
    const metric = judgeProfile(profile, task, classes).metrics[indicator.metric];
    const isSettled = isMature(start + sliceMs, delay, now.getTime()) && !waiting.has(start);
    slices.push(toSlice(start, { profile, metric, isSettled, delay }, indicator));
  }
  return slices;
}

type Metric = ReturnType<typeof judgeProfile>["metrics"][string];

function toHours(
  rows: readonly StoredPerformance[],
  task: Task | null,
): Map<number, PerformanceProfile> {
  const byHour = Map.groupBy(rows, ({ bucketSeconds }) => bucketSeconds * 1000);
  return new Map(
    [...byHour].map(([startMs, parts]) => [
      startMs,
      mergePerformance(
        parts.map((row) => readAsTask(fromStoredPerformance(row), row.task, task ?? "")),
      ),
    ]),
  );
}

function toSlice(
  startMs: number,
  found: {
    profile: PerformanceProfile;
    metric: Metric | undefined;
    isSettled: boolean;
    delay: LabelDelay | null;
  },
  { metric: name, operator, threshold }: Indicator,
): MeasuredSlice {
  const { metric, isSettled } = found;
  const { rowCount, labelledCount } = found.profile;
  const labels = `${labelledCount} of ${rowCount} labels in`;
  if (metric === undefined || metric.kind === "undefined") {
    const why =
      metric === undefined ? `the model has no ${name}` : metric.reason.replaceAll("_", " ");
    return timeSlice(startMs, sliceMs, { isGood: null, reason: `${why}; ${labels}` });
  }
  const isGood = operator === "at_least" ? metric.value >= threshold : metric.value <= threshold;
  return timeSlice(startMs, sliceMs, {
    isGood,
    state: isSettled ? "settled" : "provisional",
    value: metric.value,
    reason: labels,
  });
}
