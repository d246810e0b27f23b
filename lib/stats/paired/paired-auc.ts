/** Difference of the ROC AUCs of two scores of the same rows, with its 95 % interval and the test that it is zero.
 *
 *  Definition. Each positive row has the share of negatives that score below it, ties half (V10), each negative the share of
 *  positives above it (V01); AUC is the mean of either. DeLong, DeLong and Clarke-Pearson (1988): the variance of the
 *  difference is s^2(V10 second - V10 first) / N+ + s^2(V01 second - V01 first) / N-, s^2 being sample variances.
 *  Matches sklearn.metrics.roc_auc_score, and numpy over every pair of a positive and a negative.
 *  Degenerate input: a class with fewer than two rows: null; two scores that rank alike: difference 0, p = 1. */

import type { Interval } from "#lib/stats/interval.ts";
import { NORMAL_QUANTILE_975 } from "#lib/stats/interval.ts";
import { normalTwoSided } from "#lib/stats/normal-distribution.ts";

export type PairedAuc = {
  readonly first: number;
  readonly second: number;
  readonly difference: number;
  readonly interval: Interval;
  readonly pValue: number;
  readonly count: number;
};

/** V10 of positives and V01 of negatives, each in the place of its row. */
const placementsOf = (
  scores: ArrayLike<number>,
  labels: ArrayLike<boolean>,
  counts: { positives: number; negatives: number },
): Float64Array => {
  const n = labels.length;
  const order = Array.from({ length: n }, (_, i) => i).sort(
    (a, b) => (scores[a] ?? 0) - (scores[b] ?? 0),
  );
  const placements = new Float64Array(n);
  let positivesBelow = 0;
  let negativesBelow = 0;
  for (let from = 0; from < n; ) {
    const score = scores[order[from] ?? 0];
    let until = from;
    let positives = 0;
    while (until < n && scores[order[until] ?? 0] === score) {
      if (labels[order[until] ?? 0] === true) positives += 1;
      until += 1;
    }
    const negatives = until - from - positives;
    const below = (negativesBelow + negatives / 2) / counts.negatives;
    const above = (counts.positives - positivesBelow - positives / 2) / counts.positives;
    for (let i = from; i < until; i += 1) {
      const row = order[i] ?? 0;
      placements[row] = labels[row] === true ? below : above;
    }
    positivesBelow += positives;
    negativesBelow += negatives;
    from = until;
  }
  return placements;
};

export const computePairedAuc = (
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  labels: ArrayLike<boolean>,
): PairedAuc | null => {
  const n = labels.length;
  let positives = 0;
  for (let i = 0; i < n; i += 1) if (labels[i] === true) positives += 1;
  const negatives = n - positives;
  if (positives < 2 || negatives < 2) return null;
  const ofFirst = placementsOf(first, labels, { positives, negatives });
  const ofSecond = placementsOf(second, labels, { positives, negatives });
  const sums = { first: 0, second: 0, positive: 0, negative: 0 };
  for (let i = 0; i < n; i += 1) {
    const [a, b] = [ofFirst[i] ?? 0, ofSecond[i] ?? 0];
    if (labels[i] === true) {
      sums.first += a;
      sums.second += b;
      sums.positive += b - a;
    } else sums.negative += b - a;
  }
  const means = { positive: sums.positive / positives, negative: sums.negative / negatives };
  let squaresPositive = 0;
  let squaresNegative = 0;
  for (let i = 0; i < n; i += 1) {
    const step = (ofSecond[i] ?? 0) - (ofFirst[i] ?? 0);
    if (labels[i] === true) squaresPositive += (step - means.positive) ** 2;
    else squaresNegative += (step - means.negative) ** 2;
  }
  const variance =
    squaresPositive / (positives - 1) / positives + squaresNegative / (negatives - 1) / negatives;
  const difference = means.positive;
  const half = NORMAL_QUANTILE_975 * Math.sqrt(variance);
  const pOf = () => (difference === 0 ? 1 : 0);
  return {
    first: sums.first / positives,
    second: sums.second / positives,
    difference,
    interval: { low: Math.max(-1, difference - half), high: Math.min(1, difference + half) },
    pValue: variance > 0 ? normalTwoSided(difference / Math.sqrt(variance)) : pOf(),
    count: n,
  };
};
