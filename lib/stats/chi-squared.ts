/** Pearson's chi-squared test that two samples have the same shares, both of them noisy.
 *
 *  Definition. X^2 = sum over cells of (sqrt(m/n) a - sqrt(n/m) b)^2 / (a + b), K - 1 degrees of freedom; p is the upper
 *  tail of the chi-squared distribution. Reference: Pearson (1911), "On the probability that two independent
 *  distributions of frequency are really samples from the same population".
 *  Matches scipy.stats.chi2_contingency([a, b], correction=False) and scipy.stats.chi2.sf.
 *  Degenerate input: fewer than two occupied cells: X^2 = 0, 0 degrees of freedom, p = 1 (no difference can show); an
 *  empty side null. */

import type { Cells } from "#lib/stats/cells.ts";
import { occupiedCells, sumOf } from "#lib/stats/cells.ts";
import { upperRegularizedGamma } from "#lib/stats/regularized-gamma.ts";

/** P(X >= x) for the chi-squared distribution. Zero degrees of freedom: all mass at 0. */
export const chiSquaredSurvival = (x: number, degreesOfFreedom: number): number => {
  if (degreesOfFreedom === 0) return x > 0 ? 0 : 1;
  return upperRegularizedGamma(degreesOfFreedom / 2, x / 2);
};

export type ChiSquared = {
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  readonly pValue: number;
};

export const computeChiSquared = (cells: Cells): ChiSquared | null => {
  const { baseline, window } = occupiedCells(cells);
  const baselineCount = sumOf(baseline);
  const windowCount = sumOf(window);
  if (baselineCount === 0 || windowCount === 0) return null;
  const ratio = Math.sqrt(windowCount / baselineCount);
  let statistic = 0;
  for (let i = 0; i < baseline.length; i += 1) {
    const a = baseline[i] ?? 0;
    const b = window[i] ?? 0;
    statistic += (ratio * a - b / ratio) ** 2 / (a + b);
  }
  const degreesOfFreedom = Math.max(0, baseline.length - 1);
  if (degreesOfFreedom === 0) return { statistic: 0, degreesOfFreedom, pValue: 1 };
  return { statistic, degreesOfFreedom, pValue: chiSquaredSurvival(statistic, degreesOfFreedom) };
};
