/** Jensen-Shannon divergence, and distance, its square root. The unit is in the name: nat (ln) or bit (log2).
 *
 *  Definition. JSD = KL(p || m) / 2 + KL(q || m) / 2 with m = (p + q) / 2, after both sides are normalised. Always
 *  finite, so it needs no smoothing: 0 for equal shares, ln 2 nats = 1 bit for disjoint ones. The distance is a metric,
 *  0 to 0.83255 (nat) or 1 (bit). With no drift E[JSD] is about (K - 1)(1/n + 1/m) / 8 nats.
 *  Reference: Lin (1991); Endres and Schindelin (2003).
 *  Matches scipy.spatial.distance.jensenshannon(p, q) (nat) and jensenshannon(p, q, base=2) (bit).
 *  Degenerate input: one occupied cell 0; an empty side null. Rounding leaves about 1e-8 in a distance of 0. */

import type { Cells } from "#lib/stats/cells.ts";
import { noiseOf, occupiedCells, sumOf } from "#lib/stats/cells.ts";
import type { Interval } from "#lib/stats/interval.ts";
import { divergenceInterval, rootInterval } from "#lib/stats/interval.ts";

const halfTerm = (share: number, middle: number): number =>
  share === 0 ? 0 : 0.5 * share * Math.log(share / middle);

/** Weights need not be normalised. Null when either side has no mass. */
const computeJsDivergenceNat = ({ baseline, window }: Cells): number | null => {
  const baselineSum = sumOf(baseline);
  const windowSum = sumOf(window);
  if (!(baselineSum > 0 && windowSum > 0)) return null;
  let sum = 0;
  for (let i = 0; i < baseline.length; i += 1) {
    const p = (baseline[i] ?? 0) / baselineSum;
    const q = (window[i] ?? 0) / windowSum;
    const middle = (p + q) / 2;
    sum += halfTerm(p, middle) + halfTerm(q, middle);
  }
  return Math.min(Math.LN2, Math.max(0, sum));
};

export const computeJsDivergenceBit = (cells: Cells): number | null => {
  const nats = computeJsDivergenceNat(cells);
  return nats === null ? null : nats / Math.LN2;
};

export const computeJsDistanceNat = (cells: Cells): number | null => {
  const nats = computeJsDivergenceNat(cells);
  return nats === null ? null : Math.sqrt(nats);
};

export const computeJsDistanceBit = (cells: Cells): number | null => {
  const bits = computeJsDivergenceBit(cells);
  return bits === null ? null : Math.sqrt(bits);
};

/** About what the distance in bits is with no drift: the root of the divergence's expectation. */
export const jsDistanceBitNullExpectation = (cells: Cells): number => {
  const { baseline, window } = occupiedCells(cells);
  const noise = noiseOf(sumOf(baseline), sumOf(window));
  return Math.sqrt(((baseline.length - 1) * noise) / (8 * Math.LN2));
};

/** The 95 % interval of the true distance in bits, from that of the divergence; null when a side is empty. */
export const jsDistanceBitInterval = (allCells: Cells): Interval | null => {
  const cells = occupiedCells(allCells);
  const nats = computeJsDivergenceNat(cells);
  if (nats === null) return null;
  const [n, m] = [sumOf(cells.baseline), sumOf(cells.window)];
  const noise = noiseOf(n, m);
  const freedom = cells.baseline.length - 1;
  const slope = (a: number, b: number) => (a > 0 ? Math.log((2 * a) / (a + b)) / 2 : 0);
  const shares = cells.baseline.map((a, i) => [a / n, (cells.window[i] ?? 0) / m] as const);
  const { low, high } = divergenceInterval({
    value: nats,
    nullExpectation: (freedom * noise) / 8,
    nullVariance: (freedom * noise * noise) / 32,
    cells,
    slopes: {
      baseline: shares.map(([p, q]) => slope(p, q)),
      window: shares.map(([p, q]) => slope(q, p)),
    },
  });
  return rootInterval({ low: low / Math.LN2, high: high / Math.LN2 }, 1);
};
