/** Energy distance: like Wasserstein's, but large gaps between the distribution functions count more; in the root of the
 *  column's unit.
 *
 *  Definition. sqrt(2 integral of D^2), D = F - G. From points it is exact; from bins the values are taken as spread evenly
 *  inside each, and `low` and `high` hold whatever they are. With no drift the expectation of the square is e E|X - X'| =
 *  2 e integral of F (1 - F), e = 1/n + 1/m; interval by the delta method on the square (interval.ts has the idea).
 *  Reference: Szekely and Rizzo (2013). Matches scipy.stats.energy_distance(x, y).
 *  Degenerate input: an empty side null; equal samples 0; null where it overflows. */

import { noiseOf } from "#lib/stats/cells.ts";
import type { Interval } from "#lib/stats/interval.ts";
import { NORMAL_QUANTILE_975 } from "#lib/stats/interval.ts";
import type { TwoSample } from "#lib/stats/two-sample.ts";

export type EnergyDistance = {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly interval: Interval;
  readonly nullExpectation: number;
  readonly isExact: boolean;
};

export const computeEnergyDistance = (two: TwoSample): EnergyDistance | null => {
  const { left, right, baseline, window, baselineCount: n, windowCount: m, isExact } = two;
  const size = left.length;
  // Half of the square, its bounds, and the integrals behind its expectation and variance with no drift.
  let half = 0;
  let lowHalf = 0;
  let highHalf = 0;
  let spread = 0;
  let inner = 0;
  let outer = 0;
  const slope = new Float64Array(size);
  let slopeNow = 0;
  let a = 0;
  let b = 0;
  // The variance is 16 e^2 times the double integral of (F(s) (1 - F(t)))^2 over s < t. Its sums are written out twice: in a
  // function that shares them each would be a number of its own on the heap, and that for every place.
  for (let k = 0; k < size; k += 1) {
    const width = (right[k] ?? 0) - (left[k] ?? 0);
    const p = (baseline[k] ?? 0) / n;
    const q = (window[k] ?? 0) / m;
    const from = (a * m - b * n) / (n * m);
    const middle = (a + (baseline[k] ?? 0) / 2) / n;
    a += baseline[k] ?? 0;
    b += window[k] ?? 0;
    const until = (a * m - b * n) / (n * m);
    if (width > 0) {
      half += (width * (from * from + from * until + until * until)) / 3;
      const lowest = from - q;
      const highest = from + p;
      highHalf += width * Math.max(lowest * lowest, highest * highest);
      lowHalf += lowest <= 0 && highest >= 0 ? 0 : width * Math.min(lowest ** 2, highest ** 2);
      spread += width * middle * (1 - middle);
      outer += width * (1 - middle) ** 2 * (inner + (width * middle * middle) / 2);
      inner += width * middle * middle;
    }
    slope[k] = slopeNow + (width * (from + until)) / 4;
    const gap = k + 1 < size ? (left[k + 1] ?? 0) - (right[k] ?? 0) : 0;
    if (gap > 0) {
      half += gap * until * until;
      lowHalf += gap * until * until;
      highHalf += gap * until * until;
      const share = a / n;
      spread += gap * share * (1 - share);
      outer += gap * (1 - share) ** 2 * (inner + (gap * share * share) / 2);
      inner += gap * share * share;
    }
    slopeNow += (width * (from + until)) / 2 + gap * until;
  }
  const noise = noiseOf(n, m);
  const variance =
    16 * (varianceOf(baseline, n, slope) / n + varianceOf(window, m, slope) / m) +
    16 * noise * noise * outer;
  const bias = 2 * noise * spread;
  const numbers = [half, highHalf, variance, bias];
  if (!numbers.every(Number.isFinite)) return null;
  const error = NORMAL_QUANTILE_975 * Math.sqrt(variance);
  const least = isExact ? half : lowHalf;
  const most = isExact ? half : highHalf;
  return {
    value: Math.sqrt(2 * half),
    low: Math.sqrt(2 * least),
    high: Math.sqrt(2 * most),
    interval: {
      low: Math.sqrt(Math.max(0, Math.max(0, 2 * least - bias) - error)),
      high: Math.sqrt(Math.max(0, 2 * most - bias) + error),
    },
    nullExpectation: Math.sqrt(bias),
    isExact,
  };
};

const varianceOf = (counts: Float64Array, total: number, slope: Float64Array): number => {
  let mean = 0;
  for (let k = 0; k < counts.length; k += 1) mean += ((counts[k] ?? 0) / total) * (slope[k] ?? 0);
  let variance = 0;
  for (let k = 0; k < counts.length; k += 1) {
    variance += ((counts[k] ?? 0) / total) * ((slope[k] ?? 0) - mean) ** 2;
  }
  return variance;
};
