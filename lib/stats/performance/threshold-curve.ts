/** Threshold curve: what a binary model's labelled rows would give, had every score of at least a threshold been decided positive.
 *
 *  Definitions. One step for each distinct score, descending, and one for "nothing is positive" in front. ROC: (false-positive rate,
 *  recall); precision-recall: (recall, precision), precision undefined while nothing is positive. Value: the mean over the
 *  rows of what their outcome is worth; its standard error is that of a mean.
 *  Best threshold: that of the greatest mean value, the highest one of several. Thresholds t whose mean value is not less than it
 *  beyond chance make its interval: only rows with scores between the two fare differently, so that the difference and its
 *  variance follow from their counts, sum(c d^2)/n - (sum(c d)/n)^2 over n, and it is at most 1.96 standard errors. It says
 *  nothing of how the best one was found to be it: of many thresholds alike the winner's own value is too high.
 *  Matches sklearn.metrics.roc_curve and precision_recall_curve, step by step.
 *  Degenerate input: no labelled row: no steps. */

import { NORMAL_QUANTILE_975 } from "#lib/stats/interval.ts";
import type { Confusion, ValueMatrix } from "#lib/stats/performance/confusion.ts";
import { computeBusinessValue } from "#lib/stats/performance/confusion.ts";

export type LabelledScores = {
  /** Ascending; the counts of each stand beside it. */
  readonly scores: readonly number[];
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
};

export type ThresholdStep = {
  /** Scores of at least this are positive; null: none is. */
  readonly threshold: number | null;
  readonly confusion: Confusion;
};

const sumOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** Descending by threshold, nothing positive first. */
export const thresholdSteps = ({
  scores,
  positives,
  negatives,
}: LabelledScores): ThresholdStep[] => {
  const [allPositive, allNegative] = [sumOf(positives), sumOf(negatives)];
  if (allPositive + allNegative === 0) return [];
  const confusionOf = (truePositive: number, falsePositive: number): Confusion => ({
    truePositive,
    falsePositive,
    falseNegative: allPositive - truePositive,
    trueNegative: allNegative - falsePositive,
  });
  const steps: ThresholdStep[] = [{ threshold: null, confusion: confusionOf(0, 0) }];
  let [tp, fp] = [0, 0];
  for (let i = scores.length - 1; i >= 0; i -= 1) {
    tp += positives[i] ?? 0;
    fp += negatives[i] ?? 0;
    steps.push({ threshold: scores[i] ?? 0, confusion: confusionOf(tp, fp) });
  }
  return steps;
};

/** The step that a threshold, whatever number it is, comes to. */
export const stepAt = (
  steps: readonly ThresholdStep[],
  threshold: number,
): ThresholdStep | undefined => {
  let [low, high] = [0, steps.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((steps[middle]?.threshold ?? 0) >= threshold) low = middle;
    else high = middle - 1;
  }
  return steps[low];
};

export type ValueStep = {
  readonly threshold: number | null;
  /** Per row. */
  readonly value: number;
  readonly standardError: number | null;
};

export type ValueCurve = {
  readonly steps: readonly ValueStep[];
  readonly best: ValueStep;
  /** The thresholds that are not worse beyond chance; null: nothing positive is among them. */
  readonly from: number | null;
  readonly until: number | null;
  readonly rowCount: number;
};

const countOf = (c: Confusion): number =>
  c.truePositive + c.falsePositive + c.falseNegative + c.trueNegative;

const valueStepOf = (step: ThresholdStep, worth: ValueMatrix): ValueStep => {
  const { threshold, confusion } = step;
  const n = countOf(confusion);
  const value = computeBusinessValue(confusion, worth) / n;
  if (n < 2) return { threshold, value, standardError: null };
  const names = ["truePositive", "falsePositive", "falseNegative", "trueNegative"] as const;
  const squares = names.reduce(
    (sum, name) => sum + confusion[name] * (worth[name] - value) ** 2,
    0,
  );
  return { threshold, value, standardError: Math.sqrt(squares / (n - 1) / n) };
};

/** Whether a step's mean value is less than the best one's beyond chance, row by row. */
const isWorse = (step: Confusion, best: Confusion, worth: ValueMatrix): boolean => {
  const n = countOf(best);
  const byPositive = worth.truePositive - worth.falseNegative;
  const byNegative = worth.falsePositive - worth.trueNegative;
  const positives = best.truePositive - step.truePositive;
  const negatives = best.falsePositive - step.falsePositive;
  const mean = (positives * byPositive + negatives * byNegative) / n;
  const square =
    (Math.abs(positives) * byPositive ** 2 + Math.abs(negatives) * byNegative ** 2) / n;
  return mean > NORMAL_QUANTILE_975 * Math.sqrt(Math.max(0, square - mean * mean) / n);
};

export const computeValueCurve = (
  steps: readonly ThresholdStep[],
  worth: ValueMatrix,
): ValueCurve | null => {
  const [first] = steps;
  if (first === undefined) return null;
  const values = steps.map((step) => valueStepOf(step, worth));
  const at = values.reduce(
    (best, { value }, i) => (value > (values[best]?.value ?? value) ? i : best),
    0,
  );
  const best = steps[at] ?? first;
  const alike = steps.flatMap((step, i) =>
    isWorse(step.confusion, best.confusion, worth) ? [] : i,
  );
  return {
    steps: values,
    best: values[at] ?? valueStepOf(first, worth),
    from: steps[alike.at(-1) ?? at]?.threshold ?? null,
    until: steps[alike[0] ?? at]?.threshold ?? null,
    rowCount: countOf(first.confusion),
  };
};
