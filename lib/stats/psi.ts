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

export type Psi = {
  readonly value: number;
  readonly nullExpectation: number;
  readonly cellCount: number;
  readonly smoothing: Smoothing;
};

export const computePsi = (cells: Cells): Psi | null => {
  const { baseline, window } = occupiedCells(cells);
  const baselineCount = sumOf(baseline);
  const windowCount = sumOf(window);
  if (baselineCount === 0 || windowCount === 0) return null;
  const isSmoothed = baseline.includes(0) || window.includes(0);
  const pseudoCount = isSmoothed ? 0.5 : 0;
  return {
    value: Math.max(0, psiOfShares(sharesOf(baseline, pseudoCount), sharesOf(window, pseudoCount))),
    nullExpectation: (baseline.length - 1) * noiseOf(baselineCount, windowCount),
    cellCount: baseline.length,
    smoothing: isSmoothed ? "add_half" : "none",
  };
};
