/** Difference of the root mean squared errors of two models on the same rows, with its 95 % interval and a test that it is zero.
 *
 *  Definition. r = sqrt(mean of squared errors), difference = r2 - r1. By the delta method its variance is that of the mean of
 *  e2^2 / (2 r2) - e1^2 / (2 r1), which holds their covariance. The interval is the normal one; the test asks the mean of
 *  e2^2 - e1^2, which is zero exactly where the difference is, by the paired t-test.
 *  Matches numpy by the same definition, and a bootstrap over rows within its own noise.
 *  Degenerate input: fewer than two rows, or errors that are not finite: null; a model without any error: no interval. */

import type { Interval } from "#lib/stats/interval.ts";
import { NORMAL_QUANTILE_975 } from "#lib/stats/interval.ts";
import { computePairedMean } from "#lib/stats/paired/paired-mean.ts";

export type PairedRmse = {
  readonly first: number;
  readonly second: number;
  readonly difference: number;
  readonly interval: Interval | null;
  readonly pValue: number;
  readonly count: number;
};

/** Of squared errors, row by row. */
export const computePairedRmse = (
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): PairedRmse | null => {
  const squared = computePairedMean(first, second);
  if (squared === null) return null;
  const n = squared.count;
  const [r1, r2] = [Math.sqrt(squared.first), Math.sqrt(squared.second)];
  const figures = {
    first: r1,
    second: r2,
    difference: r2 - r1,
    pValue: squared.pValue,
    count: n,
  };
  if (r1 === 0 || r2 === 0) return { ...figures, interval: null };
  let sum = 0;
  // Around its mean, which is (r2 - r1) / 2.
  for (let i = 0; i < n; i += 1) {
    const slope = (second[i] ?? 0) / (2 * r2) - (first[i] ?? 0) / (2 * r1);
    sum += (slope - (r2 - r1) / 2) ** 2;
  }
  const half = NORMAL_QUANTILE_975 * Math.sqrt(sum / (n - 1) / n);
  return {
    ...figures,
    interval: { low: r2 - r1 - half, high: r2 - r1 + half },
  };
};
