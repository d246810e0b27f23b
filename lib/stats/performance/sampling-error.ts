/** Sampling error: how far a metric of m rows strays by chance alone, learned from the reference.
 *
 *  Definition. SE(m) = s / sqrt(m f), s a population standard deviation over the reference and f the share of its rows that
 *  it is taken over (NannyML's components): accuracy, precision, recall and specificity: of the 0/1 hit among the rows of
 *  the denominator; F1: of the indicator of TP among L = TP+FP+FN rows, times L/(TP+(FP+FN)/2); ROC AUC: over the positives, of
 *  the share of negatives ranked below (ties half), the classes swapped when positives are more than half.
 *  Balanced accuracy: half the root of the sum of the squares of recall's and specificity's. Average precision: the delta method's
 *  standard error over the reference times the root of its rows, where NannyML bootstraps without a seed.
 *  Degenerate input: no row of the denominator, or one class: null. */

import { averagePrecisionOf } from "#lib/stats/performance/average-precision.ts";
import type { Confusion } from "#lib/stats/performance/confusion.ts";
import { totalOf } from "#lib/stats/performance/confusion.ts";
import type { ScoreGroup } from "#lib/stats/performance/score-cells.ts";

export type SamplingError = { readonly deviation: number; readonly share: number };

export const standardErrorOf = (error: SamplingError | null, rowCount: number): number | null =>
  error === null || rowCount * error.share <= 0
    ? null
    : error.deviation / Math.sqrt(rowCount * error.share);

const hitError = (hits: number, of: number, total: number): SamplingError | null => {
  if (of <= 0) return null;
  const p = hits / of;
  return { deviation: Math.sqrt(Math.max(0, p * (1 - p))), share: of / total };
};

const rocAucError = (ascending: readonly ScoreGroup[]): SamplingError | null => {
  const sum = (pick: (group: ScoreGroup) => number) =>
    ascending.reduce((total, group) => total + pick(group), 0);
  const [positives, negatives] = [sum((g) => g.positives), sum((g) => g.negatives)];
  if (positives === 0 || negatives === 0) return null;
  const isSwapped = positives > negatives;
  // Mirrored and swapped, the share of negatives below a positive is the share of positives above a negative.
  const [rare, common] = isSwapped ? [negatives, positives] : [positives, negatives];
  let below = 0;
  let mean = 0;
  let squares = 0;
  for (const group of isSwapped ? ascending.toReversed() : ascending) {
    const own = isSwapped ? group.negatives : group.positives;
    const other = isSwapped ? group.positives : group.negatives;
    const share = (below + other / 2) / common;
    mean += own * share;
    squares += own * share * share;
    below += other;
  }
  mean /= rare;
  return {
    deviation: Math.sqrt(Math.max(0, squares / rare - mean * mean)),
    share: rare / (positives + negatives),
  };
};

const balancedError = (
  recall: SamplingError | null,
  specificity: SamplingError | null,
): SamplingError | null => {
  const [a, b] = [standardErrorOf(recall, 1), standardErrorOf(specificity, 1)];
  return a === null || b === null ? null : { deviation: Math.sqrt(a * a + b * b) / 2, share: 1 };
};

const averagePrecisionError = (ascending: readonly ScoreGroup[]): SamplingError | null => {
  const found = averagePrecisionOf(ascending);
  if (found.kind === "undefined" || !Number.isFinite(found.standardError)) return null;
  return { deviation: found.standardError * Math.sqrt(found.rows), share: 1 };
};

export type SamplingErrors = {
  readonly [name in
    | "accuracy"
    | "precision"
    | "recall"
    | "specificity"
    | "f1"
    | "balanced_accuracy"
    | "roc_auc"
    | "average_precision"]: SamplingError | null;
};

export const computeSamplingErrors = (
  c: Confusion,
  ascending: readonly ScoreGroup[],
): SamplingErrors => {
  const { truePositive: tp, falsePositive: fp, falseNegative: fn, trueNegative: tn } = c;
  const n = totalOf(c);
  const involved = tp + fp + fn;
  const indicator = hitError(tp, involved, n);
  const recall = hitError(tp, tp + fn, n);
  const specificity = hitError(tn, tn + fp, n);
  return {
    accuracy: hitError(tp + tn, n, n),
    precision: hitError(tp, tp + fp, n),
    recall,
    specificity,
    f1:
      indicator === null
        ? null
        : { ...indicator, deviation: (indicator.deviation * involved) / (tp + (fp + fn) / 2) },
    balanced_accuracy: balancedError(recall, specificity),
    roc_auc: rocAucError(ascending),
    average_precision: averagePrecisionError(ascending),
  };
};
