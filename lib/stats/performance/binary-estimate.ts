/** Estimate of a binary model: CBPE (cbpe.ts) with a calibrator that was learned from a reference, and what its blocks say of it.
 *
 *  Each block is estimated with a calibrator of all the others.
 *  Degenerate input: no calibrator (one class, no labels): null. */

import { computeAveragePrecision } from "#lib/stats/performance/average-precision.ts";
import type { StoredCalibrator } from "#lib/stats/performance/calibrator.ts";
import { fitCalibrator, probabilityBy } from "#lib/stats/performance/calibrator.ts";
import { estimateBinaryMetrics } from "#lib/stats/performance/cbpe.ts";
import type { Confusion } from "#lib/stats/performance/confusion.ts";
import {
  addToConfusion,
  computeConfusionMetrics,
  NO_CONFUSION,
  totalOf,
} from "#lib/stats/performance/confusion.ts";
import type {
  LearnedTrials,
  MetricNumbers,
  MetricTraits,
} from "#lib/stats/performance/estimate.ts";
import { cutsOf, errorsOf } from "#lib/stats/performance/estimate.ts";
import { numberOf } from "#lib/stats/performance/metric-value.ts";
import type { OutsideCount } from "#lib/stats/performance/outside.ts";
import { computeRocAuc } from "#lib/stats/performance/roc-auc.ts";
import { computeSamplingErrors } from "#lib/stats/performance/sampling-error.ts";
import type { ScoreCell, ScoreGroup } from "#lib/stats/performance/score-cells.ts";
import { labelledGroups, mergeScoreCells } from "#lib/stats/performance/score-cells.ts";

const ESTIMATED_METRICS = [
  "accuracy",
  "precision",
  "recall",
  "specificity",
  "f1",
  "balanced_accuracy",
  "roc_auc",
  "average_precision",
] as const;
type EstimatedMetric = (typeof ESTIMATED_METRICS)[number];

const numbersOf = (pick: (name: EstimatedMetric) => number | null): MetricNumbers =>
  Object.fromEntries(ESTIMATED_METRICS.map((name) => [name, pick(name)]));

const confusionOf = (cells: readonly ScoreCell[]): Confusion => {
  let confusion = NO_CONFUSION;
  for (const { decision, label, count } of cells) {
    if (decision !== null && label !== null)
      confusion = addToConfusion(confusion, decision, label, count);
  }
  return confusion;
};

/** What the labelled rows of some cells say. */
export const realisedNumbers = (cells: readonly ScoreCell[]): MetricNumbers => {
  const groups = labelledGroups(cells);
  const metrics = computeConfusionMetrics(confusionOf(cells));
  return numbersOf((name) => {
    if (name === "roc_auc") return numberOf(computeRocAuc(groups));
    if (name === "average_precision") return numberOf(computeAveragePrecision(groups));
    return numberOf(metrics[name]);
  });
};

/** What all rows should be, by their scores alone. */
export const estimatedNumbers = (
  cells: readonly ScoreCell[],
  calibrator: StoredCalibrator,
): MetricNumbers => {
  const estimated = estimateBinaryMetrics(cells, probabilityBy(calibrator));
  return numbersOf((name) => estimated[name]);
};

/** How far a metric moves at most by a share of unknown rows: one over the share of rows that it is taken over. */
const reachesOf = (c: Confusion, positives: number, negatives: number) => {
  const per = (of: number) => (of === 0 ? 1 : Math.max(1, totalOf(c) / of));
  const { truePositive: tp, falsePositive: fp, falseNegative: fn, trueNegative: tn } = c;
  const n = positives + negatives;
  const [byPositive, byNegative] = [n / Math.max(1, positives), n / Math.max(1, negatives)];
  return {
    accuracy: 1,
    precision: per(tp + fp),
    recall: per(tp + fn),
    specificity: per(tn + fp),
    f1: per(tp + fp + fn),
    balanced_accuracy: (byPositive + byNegative) / 2,
    roc_auc: byPositive + byNegative,
    average_precision: byPositive,
  };
};

const traitsOf = (
  cells: readonly ScoreCell[],
  groups: readonly ScoreGroup[],
): Record<EstimatedMetric, MetricTraits> => {
  const confusion = confusionOf(cells);
  const errors = computeSamplingErrors(confusion, groups);
  const sum = (pick: (group: ScoreGroup) => number) =>
    groups.reduce((total, group) => total + pick(group), 0);
  const reaches = reachesOf(
    confusion,
    sum((g) => g.positives),
    sum((g) => g.negatives),
  );
  return Object.fromEntries(
    ESTIMATED_METRICS.map((name) => [
      name,
      {
        samplingError: errors[name],
        reach: reaches[name],
        minimum: 0,
        maximum: 1,
        isRelative: false,
      },
    ]),
  ) as Record<EstimatedMetric, MetricTraits>;
};

export type BinaryReference = {
  readonly calibrator: StoredCalibrator;
  readonly trials: LearnedTrials;
};

/** Learns from a reference whose labelled rows are cut into blocks, in order of time. `isCalibrationNeeded` states what
 *  else is found by a split. */
export const learnBinary = (
  blocks: readonly (readonly ScoreCell[])[],
  options: { isCalibrationNeeded?: boolean | undefined } = {},
): BinaryReference | null => {
  const all = mergeScoreCells(blocks.flat());
  const groups = labelledGroups(all);
  const calibrator = fitCalibrator(groups, { isNeeded: options.isCalibrationNeeded });
  if (calibrator === null) return null;
  const cuts = cutsOf(blocks).map((cut) => {
    const whole = cut.map((parts) => mergeScoreCells(parts.flat()));
    const tried = whole.flatMap((block, held) => {
      const others = labelledGroups(whole.flatMap((other, i) => (i === held ? [] : other)));
      const fit = fitCalibrator(others, { isNeeded: calibrator.isCalibrated });
      if (fit === null) return [];
      return [{ estimated: estimatedNumbers(block, fit), realised: realisedNumbers(block) }];
    });
    return { blockCount: cut.length, errors: errorsOf(ESTIMATED_METRICS, tried) };
  });
  const rowCount = groups.reduce((sum, group) => sum + group.count, 0);
  return { calibrator, trials: { rowCount, traits: traitsOf(all, groups), cuts } };
};

/** Scores beyond all that the calibrator saw. */
export const countScoresOutside = (
  cells: readonly ScoreCell[],
  { calibrator: { scoreMin, scoreMax }, trials }: BinaryReference,
): OutsideCount => {
  let outsideCount = 0;
  let valueCount = 0;
  for (const { score, count } of cells) {
    valueCount += count;
    if (score < scoreMin || score > scoreMax) outsideCount += count;
  }
  const referenceCount = trials.rowCount;
  return { feature: "score", outsideCount, valueCount, referenceCount, singleCount: null };
};
