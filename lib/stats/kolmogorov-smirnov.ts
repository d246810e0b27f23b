/** Two-sample Kolmogorov-Smirnov statistic: the largest distance between two empirical distribution functions.
 *
 *  Definition. D = max over x of |F(x) - G(x)|, 0 to 1. With no drift E[D] is about 0.8687 sqrt(1/n + 1/m).
 *  From raw samples it is exact, and p is exact up to 10,000 rows on the larger side, then that of one sample of
 *  round(n m / (n + m)) rows. Matches scipy.stats.ks_2samp(x, y, method="auto").
 *  From two histograms on one grid D lies between `value` and `upperBound`: inside bin b, F is within p_b above its
 *  value at the left edge, and G within q_b, so D exceeds the value at the edges by at most max over b of max(p_b, q_b).
 *  `value` never exceeds D, so a p-value or a lower bound taken from it errs on the side of no difference.
 *  Reference: Smirnov (1939); Hodges (1958). Only finite values belong here.
 *  Degenerate input: an empty side null; both constant: 0 if equal, else 1. Ties make p conservative. */

import { noiseOf } from "#lib/stats/cells.ts";
import type { Interval } from "#lib/stats/interval.ts";
import { kolmogorovSurvival, twoSampleSurvival } from "#lib/stats/kolmogorov-distribution.ts";
import type { NumericHistogram } from "#lib/stats/numeric-histogram.ts";
import type { TwoSample } from "#lib/stats/two-sample.ts";
import { twoSampleOfHistograms } from "#lib/stats/two-sample.ts";

const EXACT_ROWS_MAX = 10_000;

/** Half of D's two-sided 95 % band, in roots of 1/n + 1/m. */
const KS_CRITICAL_95 = 1.3581;

/** The lower end of that band. */
export const ksLowerBound = (d: number, n: number, m: number): number =>
  Math.max(0, d - KS_CRITICAL_95 * Math.sqrt(noiseOf(n, m)));

/** P(D >= d) by the limiting law, 2 sum over j of (-1)^(j-1) exp(-2 j^2 l^2), l = d sqrt(n m / (n + m)): a hundred terms at any
 *  size, where the exact tail takes as many as there are rows. Matches scipy.special.kolmogorov(l). */
export const ksPValueLimit = (d: number, n: number, m: number): number => {
  const square = (d * d) / noiseOf(n, m);
  // Below it the tail is 1 to more digits than a double has.
  if (square < 0.03) return 1;
  let sum = 0;
  for (let j = 1; j <= 100; j += 1) {
    const term = Math.exp(-2 * j * j * square);
    sum += j % 2 === 1 ? term : -term;
    if (term < 1e-18 * sum) break;
  }
  return Math.min(1, Math.max(0, 2 * sum));
};

/** 95 % band of the true distance around what is between `value` and `upperBound`. */
export const ksInterval = (
  { value, upperBound }: Pick<KsOfHistograms, "value" | "upperBound">,
  n: number,
  m: number,
): Interval => ({
  low: ksLowerBound(value, n, m),
  high: Math.min(1, upperBound + KS_CRITICAL_95 * Math.sqrt(noiseOf(n, m))),
});

export const ksNullExpectation = (n: number, m: number): number =>
  Math.min(1, 0.8687 * Math.sqrt(noiseOf(n, m)));

/** As numpy rounds; a half goes to the even neighbour. */
const roundHalfToEven = (x: number): number => {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
};

/** At least one row: for a single row a side, where scipy answers NaN, this is the law of one row. */
export const ksPValueAsymptotic = (d: number, n: number, m: number): number =>
  kolmogorovSurvival(Math.max(1, roundHalfToEven((n * m) / (n + m))), d);

export const ksPValue = (d: number, n: number, m: number): number =>
  Math.max(n, m) <= EXACT_ROWS_MAX ? twoSampleSurvival(n, m, d) : ksPValueAsymptotic(d, n, m);

/** D of two raw samples, in any order. */
export const computeKs = (
  baseline: ArrayLike<number>,
  window: ArrayLike<number>,
): number | null => {
  const n = baseline.length;
  const m = window.length;
  if (n === 0 || m === 0) return null;
  const x = Float64Array.from(baseline).sort();
  const y = Float64Array.from(window).sort();
  let i = 0;
  let j = 0;
  let largest = 0;
  while (i < n && j < m) {
    const value = Math.min(x[i] ?? 0, y[j] ?? 0);
    while (i < n && (x[i] ?? 0) <= value) i += 1;
    while (j < m && (y[j] ?? 0) <= value) j += 1;
    largest = Math.max(largest, Math.abs(i * m - j * n));
  }
  return largest / (n * m);
};

export type KsOfHistograms = {
  readonly value: number;
  readonly upperBound: number;
  readonly isExact: boolean;
};

/** D of two histograms, brought to the coarser grid of the two. */
export const computeKsOfHistograms = (
  baselineHistogram: NumericHistogram,
  windowHistogram: NumericHistogram,
): KsOfHistograms | null => {
  const two = twoSampleOfHistograms(baselineHistogram, windowHistogram);
  return two === null ? null : computeKsOfTwoSample(two);
};

/** The same where both are walked along the line already. */
export const computeKsOfTwoSample = ({
  baseline,
  window,
  baselineCount: n,
  windowCount: m,
  isExact,
}: TwoSample): KsOfHistograms => {
  // Counts are set against each other before dividing: integers, so that no rounding adds up along the bins.
  let below = 0;
  let belowWindow = 0;
  let value = 0;
  let upperBound = 0;
  for (let k = 0; k < baseline.length; k += 1) {
    const inBin = baseline[k] ?? 0;
    const inWindowBin = window[k] ?? 0;
    upperBound = Math.max(
      upperBound,
      (below + inBin) * m - belowWindow * n,
      (belowWindow + inWindowBin) * n - below * m,
    );
    below += inBin;
    belowWindow += inWindowBin;
    value = Math.max(value, Math.abs(below * m - belowWindow * n));
  }
  const bounded = Math.min(1, value / (n * m));
  return {
    value: bounded,
    upperBound: isExact ? bounded : Math.min(1, Math.max(bounded, upperBound / (n * m))),
    isExact,
  };
};
