/** Change of the mean between two samples, with its 95 % interval and Welch's test that there is none.
 *
 *  Definition. Difference = mean of the window less that of the baseline; t = difference / sqrt(s^2/n + t^2/m) with the
 *  sample variances, degrees of freedom by Welch and Satterthwaite. From counts, means and M2 alone, so exact on profiles.
 *  Reference: Welch (1947). Matches scipy.stats.ttest_ind(y, x, equal_var=False) and its confidence_interval().
 *  Degenerate input: fewer than two values on a side, or M2 overflowed: null; no variance on either side: p = 1 if the means are
 *  equal, else 0. */

import type { Interval } from "#lib/stats/interval.ts";
import type { Moments } from "#lib/stats/moments.ts";
import { studentQuantile975, studentTwoSided } from "#lib/stats/student-distribution.ts";

type SideMoments = Pick<Moments, "count" | "mean" | "m2">;

export type MeanChange = {
  readonly difference: number;
  readonly interval: Interval;
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  readonly pValue: number;
};

export const computeMeanChange = (
  baseline: SideMoments,
  window: SideMoments,
): MeanChange | null => {
  if (baseline.count < 2 || window.count < 2) return null;
  const error = (side: SideMoments) => Math.max(0, side.m2) / (side.count - 1) / side.count;
  const [ofBaseline, ofWindow] = [error(baseline), error(window)];
  const variance = ofBaseline + ofWindow;
  const difference = window.mean - baseline.mean;
  if (!Number.isFinite(variance) || !Number.isFinite(difference)) return null;
  if (variance === 0) {
    const isEqual = difference === 0;
    return {
      difference,
      interval: { low: difference, high: difference },
      statistic: 0,
      degreesOfFreedom: baseline.count + window.count - 2,
      pValue: isEqual ? 1 : 0,
    };
  }
  // As shares of the variance, or the squares underflow at tiny scales.
  const [x, y] = [ofBaseline / variance, ofWindow / variance];
  const degreesOfFreedom = 1 / ((x * x) / (baseline.count - 1) + (y * y) / (window.count - 1));
  const statistic = difference / Math.sqrt(variance);
  const half = studentQuantile975(degreesOfFreedom) * Math.sqrt(variance);
  return {
    difference,
    interval: { low: difference - half, high: difference + half },
    statistic,
    degreesOfFreedom,
    pValue: studentTwoSided(statistic, degreesOfFreedom),
  };
};
