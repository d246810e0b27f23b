/** Mean of paired differences, with its 95 % interval and the paired t-test that it is zero.
 *
 *  Definition. d = second - first, row by row; t = mean(d) / (s_d / sqrt(n)) with the sample standard deviation and n - 1
 *  degrees of freedom. Matches scipy.stats.ttest_rel(second, first) and its confidence_interval().
 *  Degenerate input: fewer than two rows, or a difference that is not finite: null; all differences the same: p = 1 if that is
 *  zero, else 0. */

import type { Interval } from "#lib/stats/interval.ts";
import { studentQuantile975, studentTwoSided } from "#lib/stats/student-distribution.ts";

export type PairedMean = {
  readonly first: number;
  readonly second: number;
  readonly difference: number;
  readonly interval: Interval;
  readonly statistic: number;
  readonly pValue: number;
  readonly count: number;
};

export const computePairedMean = (
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): PairedMean | null => {
  const n = first.length;
  if (n < 2) return null;
  let mean = 0;
  let m2 = 0;
  let ofFirst = 0;
  let ofSecond = 0;
  for (let i = 0; i < n; i += 1) {
    const [a, b] = [first[i] ?? 0, second[i] ?? 0];
    const difference = b - a;
    const step = difference - mean;
    mean += step / (i + 1);
    m2 += step * (difference - mean);
    ofFirst += (a - ofFirst) / (i + 1);
    ofSecond += (b - ofSecond) / (i + 1);
  }
  if (!Number.isFinite(mean) || !Number.isFinite(m2)) return null;
  const means = { first: ofFirst, second: ofSecond, difference: mean, count: n };
  if (m2 <= 0) {
    return {
      ...means,
      interval: { low: mean, high: mean },
      statistic: 0,
      pValue: mean === 0 ? 1 : 0,
    };
  }
  const error = Math.sqrt(m2 / (n - 1) / n);
  const half = studentQuantile975(n - 1) * error;
  const statistic = mean / error;
  return {
    ...means,
    interval: { low: mean - half, high: mean + half },
    statistic,
    pValue: studentTwoSided(statistic, n - 1),
  };
};
