/** CBPE, confidence-based performance estimation: what the metrics should be by the scores alone, before labels come.
 *
 *  Definition. With p the calibrated probability of a row and d its decision, TP = sum p over d = 1, FP = sum (1-p) over d = 1,
 *  FN = sum p over d = 0, TN = sum (1-p) over d = 0, and the metrics are those of these expected counts. ROC AUC and average
 *  precision rank by the raw score and count p for a positive, 1 - p for a negative; average precision is summed row by row,
 *  so that k rows of one score after (T, j) add (p/P) sum_{i=1..k} (T + ip)/(j + i). As NannyML's CBPE, but what has an empty
 *  denominator is undefined, not 0.
 *  Assumes that the score means today what it meant on the reference.
 *  Degenerate input: no rows, or no row with a decision: undefined. */

import type { Confusion, ConfusionMetrics } from "#lib/stats/performance/confusion.ts";
import { computeConfusionMetrics, NO_CONFUSION } from "#lib/stats/performance/confusion.ts";
import type { ScoreCell } from "#lib/stats/performance/score-cells.ts";

export type ProbabilityOf = (score: number) => number;

const estimateConfusion = (
  cells: readonly ScoreCell[],
  probabilityOf: ProbabilityOf,
): Confusion => {
  const sum = { ...NO_CONFUSION } as { -readonly [key in keyof Confusion]: number };
  for (const { score, decision, count } of cells) {
    if (decision === null) continue;
    const p = probabilityOf(score);
    if (decision) {
      sum.truePositive += p * count;
      sum.falsePositive += (1 - p) * count;
    } else {
      sum.falseNegative += p * count;
      sum.trueNegative += (1 - p) * count;
    }
  }
  return sum;
};

type Expected = { readonly p: number; readonly count: number };

const descendingOf = (cells: readonly ScoreCell[], probabilityOf: ProbabilityOf): Expected[] => {
  const counts = new Map<number, number>();
  for (const { score, count } of cells) counts.set(score, (counts.get(score) ?? 0) + count);
  return [...counts.entries()]
    .sort(([a], [b]) => b - a)
    .map(([score, count]) => ({ p: probabilityOf(score), count }));
};

const estimateRocAuc = (descending: readonly Expected[]): number | null => {
  let positives = 0;
  let negatives = 0;
  let area = 0;
  for (const { p, count } of descending) {
    const gained = p * count;
    area += (1 - p) * count * (positives + gained / 2);
    positives += gained;
    negatives += (1 - p) * count;
  }
  return positives * negatives === 0 ? null : area / (positives * negatives);
};

/** H(j + k) - H(j): exactly for short runs, by Euler and Maclaurin for long ones. */
const harmonicDifference = (j: number, k: number): number => {
  let sum = 0;
  const summed = Math.min(k, Math.max(0, 1_000 - j));
  for (let i = 1; i <= summed; i += 1) sum += 1 / (j + i);
  if (summed === k) return sum;
  const [a, b] = [j + summed, j + k];
  return (
    sum + Math.log(b / a) + (1 / (2 * b) - 1 / (2 * a)) - (1 / (12 * b * b) - 1 / (12 * a * a))
  );
};

const estimateAveragePrecision = (descending: readonly Expected[]): number | null => {
  const positives = descending.reduce((sum, { p, count }) => sum + p * count, 0);
  if (positives === 0) return null;
  let truePositives = 0;
  let rows = 0;
  let sum = 0;
  for (const { p, count } of descending) {
    // (T + ip)/(j + i) = p + (T - pj)/(j + i).
    sum += p * (p * count + (truePositives - p * rows) * harmonicDifference(rows, count));
    truePositives += p * count;
    rows += count;
  }
  return sum / positives;
};

export type EstimatedMetrics = {
  readonly [name in keyof ConfusionMetrics | "roc_auc" | "average_precision"]: number | null;
};

export const estimateBinaryMetrics = (
  cells: readonly ScoreCell[],
  probabilityOf: ProbabilityOf,
): EstimatedMetrics => {
  const metrics = computeConfusionMetrics(estimateConfusion(cells, probabilityOf));
  const numberFor = (name: keyof ConfusionMetrics) => {
    const metric = metrics[name];
    return metric.kind === "value" ? metric.value : null;
  };
  const descending = descendingOf(cells, probabilityOf);
  return {
    accuracy: numberFor("accuracy"),
    precision: numberFor("precision"),
    recall: numberFor("recall"),
    specificity: numberFor("specificity"),
    false_positive_rate: numberFor("false_positive_rate"),
    f1: numberFor("f1"),
    balanced_accuracy: numberFor("balanced_accuracy"),
    matthews: numberFor("matthews"),
    roc_auc: estimateRocAuc(descending),
    average_precision: estimateAveragePrecision(descending),
  };
};
