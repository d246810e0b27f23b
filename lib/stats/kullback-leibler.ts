/** Kullback-Leibler divergence of the baseline from the window, in nats. Not symmetric: KL(baseline || window).
 *
 *  Definition. KL = sum over cells of p ln(p / q), p and q the shares of the baseline and of the window. A cell that only the
 *  baseline has makes it infinite, so where a side has an empty cell both are smoothed as for PSI, (count + 1/2) / (n + K/2),
 *  and the smoothing is named. With no drift its expectation is (K - 1) e / 2, its standard deviation
 *  sqrt(2 (K - 1)) e / 2, e = 1/n + 1/m. Reference: Kullback and Leibler (1951).
 *  Matches scipy.stats.entropy(p, q).
 *  Degenerate input: equal shares 0; one occupied cell 0; an empty side null. */

import type { Cells } from "#lib/stats/cells.ts";
import { noiseOf, occupiedCells, sumOf } from "#lib/stats/cells.ts";
import type { Interval } from "#lib/stats/interval.ts";
import { divergenceInterval } from "#lib/stats/interval.ts";
import type { Smoothing } from "#lib/stats/psi.ts";
import { smoothShares } from "#lib/stats/psi.ts";

/** Divergence of weights, normalised first; Infinity where only the baseline has any. Null when a side has none. */
export const klOfWeights = (p: readonly number[], q: readonly number[]): number | null => {
  const [sumP, sumQ] = [sumOf(p), sumOf(q)];
  if (!(sumP > 0 && sumQ > 0)) return null;
  let sum = 0;
  for (let i = 0; i < p.length; i += 1) {
    const [a, b] = [(p[i] ?? 0) / sumP, (q[i] ?? 0) / sumQ];
    if (a > 0) sum += a * Math.log(a / b);
  }
  return sum;
};

export type KullbackLeibler = {
  readonly value: number;
  readonly nullExpectation: number;
  readonly interval: Interval;
  readonly smoothing: Smoothing;
};

export const computeKl = (allCells: Cells): KullbackLeibler | null => {
  const cells = occupiedCells(allCells);
  const shares = smoothShares(cells);
  if (shares === null) return null;
  const { p, q, smoothing } = shares;
  const value = Math.max(0, klOfWeights(p, q) ?? 0);
  const noise = noiseOf(sumOf(cells.baseline), sumOf(cells.window));
  const freedom = p.length - 1;
  const nullExpectation = (freedom * noise) / 2;
  const interval = divergenceInterval({
    value,
    nullExpectation,
    nullVariance: (freedom * noise * noise) / 2,
    cells,
    slopes: {
      baseline: p.map((a, i) => Math.log(a / (q[i] ?? 1))),
      window: q.map((b, i) => -(p[i] ?? 0) / b),
    },
  });
  return { value, nullExpectation, interval, smoothing };
};
