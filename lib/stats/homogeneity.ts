/** Homogeneity test: do two samples have the same shares, with cells that may be too sparse for chi-squared?
 *
 *  Definition. Cells that expect fewer than 5 rows on either side are pooled into one. If the pool expects 5 or more it
 *  joins the others in Pearson's chi-squared test. If not, the dense cells are tested among themselves by chi-squared, the
 *  pool against all the rest by the exact hypergeometric test, and p is twice the smaller of the two, at most 1
 *  (Bonferroni). So a sparse cell can neither fake a finding, nor hide one. Reference: Cochran (1954) for the 5.
 *  Matches chi2_contingency(correction=False) of scipy.stats where no cell is sparse.
 *  Degenerate input: fewer than two occupied cells: p = 1; an empty side null. */

import type { Cells } from "#lib/stats/cells.ts";
import { occupiedCells, sumOf } from "#lib/stats/cells.ts";
import { computeChiSquared } from "#lib/stats/chi-squared.ts";
import { computeHypergeometricPValue } from "#lib/stats/hypergeometric.ts";

const EXPECTED_MIN = 5;

export type Homogeneity = {
  readonly pValue: number;
  /** What was tested: the dense cells and, last, the pool if there is one. */
  readonly cells: Cells;
  readonly pooledCellCount: number;
};

export const testHomogeneity = (allCells: Cells): Homogeneity | null => {
  const occupied = occupiedCells(allCells);
  const baselineTotal = sumOf(occupied.baseline);
  const windowTotal = sumOf(occupied.window);
  if (baselineTotal === 0 || windowTotal === 0) return null;
  const smallerShare = Math.min(baselineTotal, windowTotal) / (baselineTotal + windowTotal);

  const baseline: number[] = [];
  const window: number[] = [];
  let baselinePool = 0;
  let windowPool = 0;
  occupied.baseline.forEach((a, i) => {
    const b = occupied.window[i] ?? 0;
    if ((a + b) * smallerShare >= EXPECTED_MIN) {
      baseline.push(a);
      window.push(b);
    } else {
      baselinePool += a;
      windowPool += b;
    }
  });
  const pooledCellCount = occupied.baseline.length - baseline.length;
  const poolTotal = baselinePool + windowPool;
  const cells =
    poolTotal === 0
      ? { baseline, window }
      : { baseline: [...baseline, baselinePool], window: [...window, windowPool] };

  if (poolTotal === 0 || poolTotal * smallerShare >= EXPECTED_MIN) {
    return { pValue: computeChiSquared(cells)?.pValue ?? 1, cells, pooledCellCount };
  }
  const poolPValue = computeHypergeometricPValue({
    baselineCount: baselinePool,
    windowCount: windowPool,
    baselineTotal,
    windowTotal,
  });
  const densePValue = computeChiSquared({ baseline, window })?.pValue ?? 1;
  const pValue = baseline.length < 2 ? poolPValue : 2 * Math.min(poolPValue, densePValue);
  return { pValue: Math.min(1, pValue), cells, pooledCellCount };
};
