/** Total variation: the share of rows that would have to change their cell for the two sides to be equal.
 *
 *  Definition. TV = 1/2 sum |p - q|, 0 to 1. With no drift its expectation is sqrt(e / (2 pi)) sum sqrt(p (1 - p)),
 *  e = 1/n + 1/m, p the pooled shares; it grows with the number of cells, so that no floor can stand on it. Interval by the
 *  delta method, its lower end moreover less that expectation. Reference: Levin and Peres (2017), chapter 4.
 *  Matches numpy.abs(p - q).sum() / 2.
 *  Degenerate input: one occupied cell 0; disjoint sides 1; an empty side null. */

import type { Cells } from "#lib/stats/cells.ts";
import { noiseOf, occupiedCells, sumOf } from "#lib/stats/cells.ts";
import type { Interval } from "#lib/stats/interval.ts";
import { NORMAL_QUANTILE_975 } from "#lib/stats/interval.ts";

export type TotalVariation = {
  readonly value: number;
  readonly nullExpectation: number;
  readonly interval: Interval;
};

export const computeTotalVariation = (allCells: Cells): TotalVariation | null => {
  const { baseline, window } = occupiedCells(allCells);
  const [n, m] = [sumOf(baseline), sumOf(window)];
  if (!(n > 0 && m > 0)) return null;
  let [sum, spread, above, aboveWindow] = [0, 0, 0, 0];
  for (let i = 0; i < baseline.length; i += 1) {
    const [p, q] = [(baseline[i] ?? 0) / n, (window[i] ?? 0) / m];
    const pooled = ((baseline[i] ?? 0) + (window[i] ?? 0)) / (n + m);
    sum += Math.abs(p - q);
    spread += Math.sqrt(pooled * (1 - pooled));
    if (p > q) {
      above += p;
      aboveWindow += q;
    }
  }
  const value = Math.min(1, sum / 2);
  const nullExpectation = Math.min(1, Math.sqrt(noiseOf(n, m) / (2 * Math.PI)) * spread);
  // TV is the difference of the shares of those cells that the baseline has more of.
  const variance = (above * (1 - above)) / n + (aboveWindow * (1 - aboveWindow)) / m;
  const half = NORMAL_QUANTILE_975 * Math.sqrt(Math.max(0, variance));
  return {
    value,
    nullExpectation,
    interval: {
      low: Math.max(0, value - nullExpectation - half),
      high: Math.min(1, value + half),
    },
  };
};
