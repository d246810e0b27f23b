/** Wasserstein distance W1: how far, on average, the values of one sample must be moved to give the other, in the unit of
 *  the column; and the same in standard deviations of the baseline.
 *
 *  Definition. W1 = integral of |D|, D = F - G. From points it is exact. From bins the values are taken as spread evenly
 *  inside each, and as W1 = |mean change| + 2 min(integral of D+, integral of D-), the exact means replace most of what the
 *  bins lose. `low` and `high` hold whatever the values inside the bins are: in a bin of width w, D stays within
 *  [D0 - q_b, D0 + p_b], so that the error is at most half of E_p[w] + E_q[w].
 *  Standard error: Var_p(psi) / n + Var_q(psi) / m, psi(x) = integral of sign(D) up to x; with no drift its expectation is
 *  sqrt(2 e / pi) times the integral of sqrt(F (1 - F)), e = 1/n + 1/m.
 *  Normed: divided by the baseline's true population standard deviation; no floor, so that tiny scales count as any other.
 *  Reference: Vallender (1974); del Barrio, Gine and Matran (1999) for the error.
 *  Matches scipy.stats.wasserstein_distance(x, y), and the same over numpy.std(x).
 *  Degenerate input: an empty side null; equal samples 0; a constant baseline has no normed distance (null); beyond about
 *  1e308 the distance overflows (null). */

import { noiseOf } from "#lib/stats/cells.ts";
import type { Interval } from "#lib/stats/interval.ts";
import { NORMAL_QUANTILE_975 } from "#lib/stats/interval.ts";
import type { TwoSample } from "#lib/stats/two-sample.ts";

export type Wasserstein = {
  readonly value: number;
  /** Between which the distance of the very rows lies; both are `value` when it is exact. */
  readonly low: number;
  readonly high: number;
  readonly standardError: number;
  readonly nullExpectation: number;
  readonly isExact: boolean;
};

type Area = { value: number; low: number; high: number };

/** The integral of max(0, D) along a line from `from` to `until`. */
const positiveArea = (from: number, until: number, width: number): number => {
  if (from <= 0 && until <= 0) return 0;
  if (from >= 0 && until >= 0) return (width * (from + until)) / 2;
  const top = Math.max(from, until);
  return (width * top * top) / (2 * Math.abs(until - from));
};

/** D runs from `from` to `until`, and whatever the values inside do it stays between `lowest` and `highest`. */
const addBin = (
  area: Area,
  from: number,
  until: number,
  lowest: number,
  highest: number,
  width: number,
) => {
  area.value += positiveArea(from, until, width);
  if (lowest > 0) area.low += width * lowest;
  if (highest > 0) area.high += width * highest;
};

/** Mean and variance of psi over one side, and of its uniform spread inside the bins. */
const varianceOf = (
  counts: Float64Array,
  total: number,
  psi: Float64Array,
  two: TwoSample,
): number => {
  let mean = 0;
  for (let k = 0; k < counts.length; k += 1) mean += ((counts[k] ?? 0) / total) * (psi[k] ?? 0);
  let variance = 0;
  for (let k = 0; k < counts.length; k += 1) {
    const width = (two.right[k] ?? 0) - (two.left[k] ?? 0);
    const spread = ((psi[k] ?? 0) - mean) ** 2 + (width * width) / 12;
    variance += ((counts[k] ?? 0) / total) * spread;
  }
  return variance;
};

/** `meanChange`, the window's exact mean less the baseline's, sharpens what bins give. */
export const computeWasserstein = (
  two: TwoSample,
  meanChange: number | null = null,
): Wasserstein | null => {
  const { left, right, baseline, window, baselineCount: n, windowCount: m, isExact } = two;
  const size = left.length;
  const above: Area = { value: 0, low: 0, high: 0 };
  const below: Area = { value: 0, low: 0, high: 0 };
  const psi = new Float64Array(size);
  let atLeft = 0;
  let spread = 0;
  let [a, b] = [0, 0];
  for (let k = 0; k < size; k += 1) {
    const width = (right[k] ?? 0) - (left[k] ?? 0);
    const inBaseline = baseline[k] ?? 0;
    const inWindow = window[k] ?? 0;
    const from = (a * m - b * n) / (n * m);
    const share = (a + inBaseline / 2) / n;
    a += inBaseline;
    b += inWindow;
    const until = (a * m - b * n) / (n * m);
    const half = (Math.sign(from) + Math.sign(until)) / 2;
    psi[k] = atLeft + (half * width) / 2;
    if (width > 0) {
      const lowest = from - inWindow / m;
      const highest = from + inBaseline / n;
      addBin(above, from, until, lowest, highest, width);
      addBin(below, -from, -until, -highest, -lowest, width);
      spread += width * Math.sqrt(Math.max(0, share * (1 - share)));
    }
    const gap = k + 1 < size ? (left[k + 1] ?? 0) - (right[k] ?? 0) : 0;
    if (gap > 0) {
      addBin(above, until, until, until, until, gap);
      addBin(below, -until, -until, -until, -until, gap);
      spread += gap * Math.sqrt(Math.max(0, (a / n) * (1 - a / n)));
    }
    atLeft += half * width + Math.sign(until) * gap;
  }
  const error = varianceOf(baseline, n, psi, two) / n + varianceOf(window, m, psi, two) / m;
  // Means are only as exact as a double of their size.
  const rounding =
    8 * Number.EPSILON * Math.max(Math.abs(left[0] ?? 0), Math.abs(right[size - 1] ?? 0));
  const bounds = boundsOf(above, below, isExact ? null : meanChange, rounding);
  const result = {
    ...bounds,
    standardError: Math.sqrt(error),
    nullExpectation: Math.sqrt((2 * noiseOf(n, m)) / Math.PI) * spread,
    isExact,
  };
  const numbers = [result.value, result.low, result.high, error, spread];
  return numbers.every(Number.isFinite) ? result : null;
};

const boundsOf = (above: Area, below: Area, meanChange: number | null, rounding: number) => {
  const plain = {
    value: above.value + below.value,
    low: above.low + below.low,
    high: above.high + below.high,
  };
  if (meanChange === null || !Number.isFinite(meanChange)) return plain;
  const shift = Math.abs(meanChange);
  const low = Math.max(plain.low, shift - rounding + 2 * Math.min(above.low, below.low));
  const high = Math.max(
    low,
    Math.min(plain.high, shift + rounding + 2 * Math.min(above.high, below.high)),
  );
  const value = shift + 2 * Math.min(above.value, below.value);
  return { value: Math.min(high, Math.max(low, value)), low, high };
};

export const wassersteinInterval = (
  { low, high, standardError }: Wasserstein,
  quantile = NORMAL_QUANTILE_975,
): Interval => ({
  low: Math.max(0, low - quantile * standardError),
  high: high + quantile * standardError,
});

/** The same in standard deviations of the baseline; null when it has none. */
export const normWasserstein = (
  { value, low, high, standardError, nullExpectation, isExact }: Wasserstein,
  deviation: number | null,
): Wasserstein | null => {
  if (deviation === null || !(deviation > 0)) return null;
  const normed = {
    value: value / deviation,
    low: low / deviation,
    high: high / deviation,
    standardError: standardError / deviation,
    nullExpectation: nullExpectation / deviation,
    isExact,
  };
  return Number.isFinite(normed.high) && Number.isFinite(normed.standardError) ? normed : null;
};
