/** Intervals at 95 %: of a quadratic divergence by the delta method, with what sampling noise adds to it taken away.
 *
 *  Definition. A divergence d of shares p (n rows) and q (m rows) whose expectation with no drift is E0 has about the
 *  variance Var_p(dd/dp) / n + Var_q(dd/dq) / m, the first-order part, which vanishes with the drift, plus V0, its variance
 *  with no drift. The interval of the true divergence is max(0, d - E0) +- 1.96 sqrt(variance), not below 0.
 *  Reference: delta method; d - E0 is right to first order under drift too.
 *  Degenerate input: cells that are empty on a side have no slope there, and add nothing. */

import type { Cells } from "#lib/stats/cells.ts";
import { sumOf } from "#lib/stats/cells.ts";

export type Interval = { readonly low: number; readonly high: number };

export const NORMAL_QUANTILE_975 = 1.959963984540054;

/** Var(slope) / n over the shares of one side. */
const firstOrderVariance = (counts: readonly number[], slopes: readonly number[]): number => {
  const n = sumOf(counts);
  let mean = 0;
  let square = 0;
  for (let i = 0; i < counts.length; i += 1) {
    const share = (counts[i] ?? 0) / n;
    if (share === 0) continue;
    mean += share * (slopes[i] ?? 0);
    square += share * (slopes[i] ?? 0) ** 2;
  }
  return Math.max(0, square - mean * mean) / n;
};

export type Divergence = {
  readonly value: number;
  readonly nullExpectation: number;
  readonly nullVariance: number;
  readonly cells: Cells;
  /** Derivatives of the divergence by each cell's share, the baseline's and the window's. */
  readonly slopes: Cells;
};

export const divergenceInterval = (divergence: Divergence): Interval => {
  const { value, nullExpectation, nullVariance, cells, slopes } = divergence;
  const variance =
    firstOrderVariance(cells.baseline, slopes.baseline) +
    firstOrderVariance(cells.window, slopes.window) +
    nullVariance;
  const center = Math.max(0, value - nullExpectation);
  const half = NORMAL_QUANTILE_975 * Math.sqrt(variance);
  return { low: Math.max(0, center - half), high: center + half };
};

/** The interval of a distance from that of its square. */
export const rootInterval = (
  { low, high }: Interval,
  largest = Number.POSITIVE_INFINITY,
): Interval => ({
  low: Math.sqrt(low),
  high: Math.min(largest, Math.sqrt(high)),
});
