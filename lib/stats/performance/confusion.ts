/** Confusion: what a binary model decided against what turned out, and every metric that needs those four counts alone.
 *
 *  Definitions. accuracy (TP+TN)/n; precision TP/(TP+FP); recall TP/(TP+FN); specificity TN/(TN+FP); false-positive rate
 *  FP/(TN+FP); F1 2TP/(2TP+FP+FN); balanced accuracy (recall+specificity)/2; Matthews correlation
 *  (TP TN - FP FN)/sqrt((TP+FP)(TP+FN)(TN+FP)(TN+FN)).
 *  Matches sklearn.metrics.{accuracy,precision,recall,f1,balanced_accuracy}_score and matthews_corrcoef, but where scikit-learn answers 0 for an
 *  empty denominator the answer here is "undefined".
 *  Counts may be fractions: an estimate has expected counts. */

import {
  normalMetric,
  shareMetric,
  UNIT,
  varianceOfCounts,
} from "#lib/stats/performance/intervals.ts";
import type { MetricValue } from "#lib/stats/performance/metric-value.ts";
import { undefinedBecause } from "#lib/stats/performance/metric-value.ts";

export type Confusion = {
  readonly truePositive: number;
  readonly falsePositive: number;
  readonly falseNegative: number;
  readonly trueNegative: number;
};

export const NO_CONFUSION: Confusion = {
  truePositive: 0,
  falsePositive: 0,
  falseNegative: 0,
  trueNegative: 0,
};

export const totalOf = (c: Confusion): number =>
  c.truePositive + c.falsePositive + c.falseNegative + c.trueNegative;

export const addToConfusion = (
  into: Confusion,
  decision: boolean,
  label: boolean,
  count: number,
): Confusion => ({
  truePositive: into.truePositive + (decision && label ? count : 0),
  falsePositive: into.falsePositive + (decision && !label ? count : 0),
  falseNegative: into.falseNegative + (!decision && label ? count : 0),
  trueNegative: into.trueNegative + (!decision && !label ? count : 0),
});

const countsOf = (c: Confusion) => [
  c.truePositive,
  c.falsePositive,
  c.falseNegative,
  c.trueNegative,
];

const f1Of = (c: Confusion): MetricValue => {
  const { truePositive: tp, falsePositive: fp, falseNegative: fn } = c;
  const denominator = 2 * tp + fp + fn;
  if (denominator === 0) return undefinedBecause("no_positive_anywhere");
  const byHit = (2 * (fp + fn)) / denominator ** 2;
  const byMiss = (-2 * tp) / denominator ** 2;
  const variance = varianceOfCounts(countsOf(c), [byHit, byMiss, byMiss, 0]);
  return normalMetric((2 * tp) / denominator, Math.sqrt(variance), tp + fp + fn, UNIT);
};

const balancedAccuracyOf = (c: Confusion): MetricValue => {
  const positives = c.truePositive + c.falseNegative;
  const negatives = c.trueNegative + c.falsePositive;
  if (positives === 0 || negatives === 0) return undefinedBecause("one_class");
  const recall = c.truePositive / positives;
  const specificity = c.trueNegative / negatives;
  const variance =
    (recall * (1 - recall)) / positives + (specificity * (1 - specificity)) / negatives;
  return normalMetric(
    (recall + specificity) / 2,
    Math.sqrt(variance) / 2,
    positives + negatives,
    UNIT,
  );
};

const matthewsOf = (c: Confusion): MetricValue => {
  const { truePositive: tp, falsePositive: fp, falseNegative: fn, trueNegative: tn } = c;
  const factors = [tp + fp, tp + fn, tn + fp, tn + fn] as const;
  if (factors.some((factor) => factor === 0)) return undefinedBecause("zero_denominator");
  const [a, b, d, e] = factors;
  const root = Math.sqrt(a) * Math.sqrt(b) * Math.sqrt(d) * Math.sqrt(e);
  const value = (tp * tn - fp * fn) / root;
  const half = value / 2;
  const derivative = [
    tn / root - half * (1 / a + 1 / b),
    -fn / root - half * (1 / a + 1 / d),
    -fp / root - half * (1 / b + 1 / e),
    tp / root - half * (1 / d + 1 / e),
  ];
  const variance = varianceOfCounts(countsOf(c), derivative);
  return normalMetric(value, Math.sqrt(variance), totalOf(c), { minimum: -1, maximum: 1 });
};

export type ConfusionMetrics = {
  readonly accuracy: MetricValue;
  readonly precision: MetricValue;
  readonly recall: MetricValue;
  readonly specificity: MetricValue;
  readonly false_positive_rate: MetricValue;
  readonly f1: MetricValue;
  readonly balanced_accuracy: MetricValue;
  readonly matthews: MetricValue;
};

/** Every metric of the four counts. No counts: each undefined for want of labelled decisions. */
export const computeConfusionMetrics = (c: Confusion): ConfusionMetrics => {
  const { truePositive: tp, falsePositive: fp, falseNegative: fn, trueNegative: tn } = c;
  return {
    accuracy: shareMetric(tp + tn, totalOf(c), "no_labels"),
    precision: shareMetric(tp, tp + fp, "no_predicted_positive"),
    recall: shareMetric(tp, tp + fn, "no_positive"),
    specificity: shareMetric(tn, tn + fp, "no_negative"),
    false_positive_rate: shareMetric(fp, tn + fp, "no_negative"),
    f1: f1Of(c),
    balanced_accuracy: balancedAccuracyOf(c),
    matthews: matthewsOf(c),
  };
};

/** What each outcome is worth, per row. */
export type ValueMatrix = Confusion;

/** The sum over the rows; `perPrediction` first divides each count by how many rows were decided the same way, an empty
 *  column counting as 0 (NannyML's `normalize_business_value="per_prediction"`). */
export const computeBusinessValue = (
  c: Confusion,
  worth: ValueMatrix,
  options: { perPrediction?: boolean } = {},
): number => {
  const share = (count: number, column: number) => {
    if (options.perPrediction !== true) return count;
    return column === 0 ? 0 : count / column;
  };
  const positive = c.truePositive + c.falsePositive;
  const negative = c.trueNegative + c.falseNegative;
  return (
    share(c.truePositive, positive) * worth.truePositive +
    share(c.falsePositive, positive) * worth.falsePositive +
    share(c.falseNegative, negative) * worth.falseNegative +
    share(c.trueNegative, negative) * worth.trueNegative
  );
};
