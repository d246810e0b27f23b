/** Population stability index (PSI), in nats: the symmetrised Kullback-Leibler divergence of two binned samples.
 *
 *  Definition. PSI = sum over bins of (p - q) ln(p / q), p and q the shares of the baseline and of the window. A bin that
 *  is empty on one side makes it infinite, so a smoothing belongs to the number and is named with it:
 *    "none"     shares are count / n;
 *    "add_half"  shares are (count + 1/2) / (n + K/2) in every one of the K occupied bins, on both sides.
 *  `computePsi` smooths only where some bin is empty on one side, and says what it did.
 *  With no drift its expectation is (K - 1)(1/n + 1/m), its standard deviation sqrt(2 (K - 1)) (1/n + 1/m).
 *  Reference: Kullback and Leibler (1951); Yurdakul (2018) for the null distribution.
 *  Matches scipy.stats.entropy(p, q) + scipy.stats.entropy(q, p).
 *  Degenerate input: equal shares 0; one occupied bin 0; an empty side null (nothing to compare). */

import type { Cells } from "#lib/stats/cells.ts";
import { noiseOf, occupiedCells, sumOf } from "#lib/stats/cells.ts";
import type { Interval } from "#lib/stats/interval.ts";
import { divergenceInterval } from "#lib/stats/interval.ts";

export type Smoothing = "none" | "add_half";

/** Divergence of shares that are already made; Infinity where only one side has an empty cell. */
export const psiOfShares = (p: readonly number[], q: readonly number[]): number => {
  let sum = 0;
  for (let i = 0; i < p.length; i += 1) {
    const a = p[i] ?? 0;
    const b = q[i] ?? 0;
    if (a !== b) sum += (a - b) * Math.log(a / b);
  }
  return sum;
};

const sharesOf = (counts: readonly number[], pseudoCount: number): number[] => {
  const total = sumOf(counts) + pseudoCount * counts.length;
  return counts.map((count) => (count + pseudoCount) / total);
};

export type SmoothedShares = {
  readonly p: readonly number[];
  readonly q: readonly number[];
  readonly smoothing: Smoothing;
};

/** The shares of occupied cells, smoothed only where a side has an empty one. Null for an empty side. */
export const smoothShares = ({ baseline, window }: Cells): SmoothedShares | null => {
  if (sumOf(baseline) === 0 || sumOf(window) === 0) return null;
  const isSmoothed = baseline.includes(0) || window.includes(0);
  const pseudoCount = isSmoothed ? 0.5 : 0;
  return {
    p: sharesOf(baseline, pseudoCount),
    q: sharesOf(window, pseudoCount),
    smoothing: isSmoothed ? "add_half" : "none",
  };
};

export type Psi = {
  readonly value: number;
  readonly nullExpectation: number;
  readonly interval: Interval;
  readonly cellCount: number;
  readonly smoothing: Smoothing;
};

export const computePsi = (allCells: Cells): Psi | null => {
  const cells = occupiedCells(allCells);
  const shares = smoothShares(cells);
  if (shares === null) return null;
  const { p, q, smoothing } = shares;
  const noise = noiseOf(sumOf(cells.baseline), sumOf(cells.window));
  const freedom = p.length - 1;
  const value = Math.max(0, psiOfShares(p, q));
  const nullExpectation = freedom * noise;
  const slope = (a: number, b: number) => Math.log(a / b) - b / a;
  const interval = divergenceInterval({
    value,
    nullExpectation,
    nullVariance: 2 * freedom * noise * noise,
    cells,
    slopes: {
      baseline: p.map((a, i) => slope(a, q[i] ?? 1)),
      window: q.map((b, i) => slope(b, p[i] ?? 1)),
    },
  });
  return { value, nullExpectation, interval, cellCount: p.length, smoothing };
};
