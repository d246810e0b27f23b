/** G-test that two samples have the same shares: the likelihood ratio beside Pearson's chi-squared.
 *
 *  Definition. G = 2 sum over the 2 x K table of O ln(O / E), K - 1 degrees of freedom; p is the upper tail of the
 *  chi-squared distribution. Its expectation with no drift is K - 1, and a little more where cells are sparse.
 *  Reference: Wilks (1938). Matches scipy.stats.chi2_contingency([a, b], lambda_="log-likelihood", correction=False).
 *  Degenerate input: fewer than two occupied cells: G = 0, p = 1; an empty side null. */

import type { Cells } from "#lib/stats/cells.ts";
import { occupiedCells, sumOf } from "#lib/stats/cells.ts";
import type { ChiSquared } from "#lib/stats/chi-squared.ts";
import { chiSquaredSurvival } from "#lib/stats/chi-squared.ts";

export const computeG = (cells: Cells): ChiSquared | null => {
  const { baseline, window } = occupiedCells(cells);
  const [n, m] = [sumOf(baseline), sumOf(window)];
  if (n === 0 || m === 0) return null;
  const term = (observed: number, expected: number) =>
    observed === 0 ? 0 : observed * Math.log(observed / expected);
  let sum = 0;
  for (let i = 0; i < baseline.length; i += 1) {
    const [a, b] = [baseline[i] ?? 0, window[i] ?? 0];
    sum += term(a, ((a + b) * n) / (n + m)) + term(b, ((a + b) * m) / (n + m));
  }
  const degreesOfFreedom = Math.max(0, baseline.length - 1);
  if (degreesOfFreedom === 0) return { statistic: 0, degreesOfFreedom, pValue: 1 };
  const statistic = Math.max(0, 2 * sum);
  return { statistic, degreesOfFreedom, pValue: chiSquaredSurvival(statistic, degreesOfFreedom) };
};
