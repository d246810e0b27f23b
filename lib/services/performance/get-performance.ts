import { findActiveBaseline } from "#db/postgres/queries/baseline.ts";
import { findBusinessValue } from "#db/postgres/queries/business-value.ts";
import { listDirtyStretches } from "#db/postgres/queries/dirty-buckets.ts";
import { findModelTask } from "#db/postgres/queries/performance-work.ts";
import { performanceInput, performanceOutput } from "#lib/api/performance.ts";
import { AppError } from "#lib/domain/errors.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { LabelMaturity } from "#lib/domain/performance.ts";
import { finestResolution, leftEdgeOn, RESOLUTION_MAX } from "#lib/stats/float-grid.ts";
import { findClassPair } from "#lib/stats/performance/binary-view.ts";
import { computeCalibration } from "#lib/stats/performance/calibration.ts";
import { computeConfusionMetrics } from "#lib/stats/performance/confusion.ts";
import type { JudgedMetric, Judgement } from "#lib/stats/performance/judge.ts";
import { judgeProfile } from "#lib/stats/performance/judge.ts";
import type { LabelDelay } from "#lib/stats/performance/label-delay.ts";
import { computeLabelDelay, isMature } from "#lib/stats/performance/label-delay.ts";
import { countClipped } from "#lib/stats/performance/probability-loss.ts";
import type { PerformanceProfile } from "#lib/stats/performance/profile.ts";
import { mergePerformance } from "#lib/stats/performance/profile.ts";
import { countZeroLabels } from "#lib/stats/performance/regression.ts";
import { residualHistogram } from "#lib/stats/performance/residual-histogram.ts";
import {
  confusionAt,
  labelledGroups,
  mergeScoreCells,
} from "#lib/stats/performance/score-cells.ts";
import { defineService } from "../define-service.ts";
import { resolveScope } from "../model/resolve-scope.ts";
import { coverHours } from "../profile/cover-hours.ts";
import { segmentParamsOf } from "../segment/resolve-segment.ts";
import type { CalendarBucket } from "./calendar-buckets.ts";
import { bucketsMax, chooseBucket, cutByCalendar } from "./calendar-buckets.ts";
import { describeDistrust } from "./describe-distrust.ts";
import { chooseEstimator, estimateBuckets } from "./estimate-buckets.ts";
import { readBuckets } from "./read-buckets.ts";
import { readReference } from "./stored-reference.ts";

const hourMs = grainMs["1h"];

/** How right a version was, by the labels that have come, and how right it should be where they have not. */
export const getPerformance = defineService({
  name: "getPerformance",
  role: "viewer",
  input: performanceInput,
  output: performanceOutput,
  writes: false,
  async run(ctx, input) {
    const scope = await resolveScope(ctx, input);
    const { modelId, environment, version } = scope;
    const key = { modelId, environment, version, ...segmentParamsOf(scope) };
    const task = await findModelTask(ctx.pg, modelId);
    const window = coverHours(scope.window.fromTime, scope.window.untilTime, ctx.now);
    const [fromMs, untilMs] = [window.fromTime.getTime(), window.untilTime.getTime()];
    const bucket = input.bucket ?? chooseBucket(fromMs, untilMs);
    const buckets = cutByCalendar(fromMs, untilMs, bucket);
    if (buckets.length > bucketsMax) {
      throw new AppError(
        "limit_exceeded",
        `The window has more than ${bucketsMax} ${bucket}s; ask for longer buckets or a shorter window.`,
      );
    }
    const [profiles, baseline, dirty] = await Promise.all([
      readBuckets(ctx, key, window.pieces, buckets, task),
      findActiveBaseline(ctx, modelId, version),
      listDirtyStretches(ctx, { modelId, aspect: "performance", ...window, widthMs: hourMs }),
    ]);
    const whole = mergePerformance(profiles);
    const delay = computeLabelDelay(
      profiles.map(({ delays }, i) => ({ delays, untilMs: buckets[i]?.untilMs ?? 0 })),
      ctx.now.getTime(),
    );
    const base =
      task !== null && baseline !== null ? await readReference(ctx, baseline.id, task) : null;
    const learned = chooseEstimator(base?.reference ?? null, input.calibration);
    // The baseline never changes: the classes that it names stay the same from window to window.
    const classes = learned?.classes ?? findClassPair(whole);
    const judged = profiles.map((profile) => judgeProfile(profile, task, classes));
    const summary = judgeProfile(whole, task, classes);
    const estimated =
      learned === null || baseline === null
        ? null
        : await estimateBuckets(
            ctx,
            {
              key,
              baselineId: baseline.id,
              pieces: window.pieces,
              now: ctx.now,
              buckets,
              profiles,
              judged,
              delay,
            },
            learned,
          );
    const estimates = estimated?.estimates ?? [];
    const waiting = dirty.map((one) => one.startMs);
    const toPoint = (
      { fromMs: from, untilMs: until }: CalendarBucket,
      profile: PerformanceProfile,
      judgement: Judgement,
      found: (typeof estimates)[number] | undefined,
    ) => ({
      from: new Date(from).toISOString(),
      until: new Date(until).toISOString(),
      rowCount: profile.rowCount,
      labelledCount: profile.labelledCount,
      coverage: profile.rowCount === 0 ? null : profile.labelledCount / profile.rowCount,
      maturity: maturityOf(profile, until, delay, ctx.now),
      isWaiting: waiting.some((startMs) => startMs < until && startMs + hourMs > from),
      metrics: toMetrics(judgement.metrics),
      estimates: Object.fromEntries(
        Object.entries(found ?? {}).map(([name, one]) => [
          name,
          { ...one, distrust: describeDistrust(one.distrust) },
        ]),
      ),
    });
    const { binary, multiclass } = summary;
    const hasScores = binary !== null && binary.cells.length > 0;
    const moments = whole.moments;
    return {
      model: scope.model,
      environment,
      version,
      segment: scope.segment ?? null,
      from: window.fromTime.toISOString(),
      until: window.untilTime.toISOString(),
      task,
      bucket,
      classes: task === "binary" ? classes : null,
      decisionSource: binary?.decisionSource ?? null,
      window: toPoint({ fromMs, untilMs }, whole, summary, undefined),
      buckets: buckets.map((one, i) =>
        toPoint(one, profiles[i] ?? whole, judged[i] ?? summary, estimates[i]),
      ),
      labelDelay: delay,
      calibration: hasScores ? toCalibration(binary.cells) : null,
      confusion: whole.pairs
        .filter(({ decision, label }) => decision !== "" && label !== "")
        .toSorted((a, b) => b.count - a.count)
        .slice(0, 400),
      atThreshold:
        hasScores && input.threshold !== undefined
          ? atThreshold(binary.cells, input.threshold)
          : null,
      scores: hasScores ? toScores(binary.cells) : null,
      businessValue: await findBusinessValue(ctx, modelId),
      residuals: residualHistogram(whole.residuals),
      byClass: (multiclass?.classes ?? []).slice(0, 100).map((one) => ({
        name: one.name,
        labelCount: one.labelCount,
        decisionCount: one.decisionCount,
        metrics: toMetrics({
          precision: one.precision,
          recall: one.recall,
          f1: one.f1,
          roc_auc: one.roc_auc,
          average_precision: one.average_precision,
        }),
      })),
      notes: {
        leftOutCount: binary?.leftOutCount ?? whole.pairOtherCount,
        clippedCount: binary === null ? 0 : countClipped(binary.cells),
        zeroLabelCount: task === "regression" ? countZeroLabels(moments) : 0,
        incompleteGroupCount: moments.incomplete_groups?.count ?? 0,
        groupsWithoutRelevantItemCount: moments.groups_without_relevant_item?.count ?? 0,
        absentClasses: [...(multiclass?.absentClasses ?? [])],
        isExact: whole.resolution === 52,
      },
      estimate: {
        state: stateOf(task, baseline !== null, base, hasScores, scope.segment !== null),
        baseline:
          baseline === null
            ? null
            : { id: baseline.id, name: baseline.name, rowCount: base?.labelledCount ?? 0 },
        isCalibrated: learned?.isCalibrated ?? null,
        trust: estimated?.meters ?? {},
      },
    };
  },
});

function maturityOf(
  { rowCount, labelledCount }: PerformanceProfile,
  untilMs: number,
  delay: LabelDelay | null,
  now: Date,
): LabelMaturity {
  if (rowCount === 0) return "no_predictions";
  if (isMature(untilMs, delay, now.getTime())) return "settled";
  return labelledCount === 0 ? "no_labels" : "provisional";
}

function stateOf(
  task: string | null,
  hasBaseline: boolean,
  base: { reference: unknown } | null,
  hasScores: boolean,
  isSegment: boolean,
) {
  if (task === null || task === "ranking") return "not_for_task" as const;
  if (!hasBaseline) return "no_baseline" as const;
  if (base === null) return "learning" as const;
  if (base.reference === null) return "no_labels_in_baseline" as const;
  if (task === "binary") return hasScores ? ("ready" as const) : ("no_scores" as const);
  return isSegment ? ("not_for_segment" as const) : ("ready" as const);
}

function toMetrics(metrics: Readonly<Record<string, JudgedMetric>>) {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, metric]) => [
      name,
      metric.kind === "value"
        ? {
            value: metric.value,
            undefinedReason: null,
            lower: metric.lower,
            upper: metric.upper,
            sampleCount: Math.round(metric.sampleCount),
          }
        : { value: null, undefinedReason: metric.reason, lower: null, upper: null, sampleCount: 0 },
    ]),
  );
}

function atThreshold(cells: Parameters<typeof confusionAt>[0], threshold: number) {
  const confusion = confusionAt(cells, threshold);
  return { threshold, ...confusion, metrics: toMetrics(computeConfusionMetrics(confusion)) };
}

function toCalibration(cells: Parameters<typeof computeCalibration>[0]) {
  const { bins, ...figures } = computeCalibration(cells);
  return { ...figures, bins: [...bins] };
}

/** Scores that leave the server: a curve is not smoother for more. */
const scoresMax = 1_000;

function toScores(cells: Parameters<typeof labelledGroups>[0]) {
  const every = labelledGroups(cells);
  const distinct = every.map(({ score }) => score);
  const isExact = distinct.length <= scoresMax;
  const groups = isExact
    ? every
    : labelledGroups(
        mergeScoreCells(
          cells,
          leftEdgeOn({
            resolution: finestResolution(distinct, RESOLUTION_MAX, scoresMax),
            zeroFloor: 0,
          }),
        ),
      );
  return {
    scores: groups.map(({ score }) => score),
    positives: groups.map(({ positives }) => positives),
    negatives: groups.map(({ negatives }) => negatives),
    isExact,
  };
}
