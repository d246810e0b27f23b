/** L-infinity distance: the largest change of any one cell's share, and which cell it is.
 *
 *  Definition. max |p - q|, 0 to 1; the first such cell on a tie. With no drift its expectation is at least that of the
 *  noisiest cell alone, sqrt(2 p (1 - p) e / pi), e = 1/n + 1/m, p pooled, which is what is given; there is no closed form.
 *  Interval: that of the difference of two shares for the cell found (rate-change.ts), without regard to the search for it.
 *  Matches numpy.abs(p - q).max().
 *  Degenerate input: one occupied cell 0; disjoint sides at most 1; an empty side null. */

import type { Cells } from "#lib/stats/cells.ts";
import { noiseOf, sumOf } from "#lib/stats/cells.ts";
import type { Interval } from "#lib/stats/interval.ts";
import { newcombeInterval } from "#lib/stats/rate-change.ts";

export type LInfinity = {
  readonly value: number;
  readonly nullExpectation: number;
  readonly interval: Interval;
  readonly cell: number;
};

export const computeLInfinity = ({ baseline, window }: Cells): LInfinity | null => {
  const [n, m] = [sumOf(baseline), sumOf(window)];
  if (!(n > 0 && m > 0)) return null;
  let [value, cell, spread] = [-1, 0, 0];
  for (let i = 0; i < baseline.length; i += 1) {
    const [a, b] = [baseline[i] ?? 0, window[i] ?? 0];
    const gap = Math.abs(a / n - b / m);
    const pooled = (a + b) / (n + m);
    spread = Math.max(spread, pooled * (1 - pooled));
    if (gap > value) [value, cell] = [gap, i];
  }
  const { low, high } = newcombeInterval(
    { count: baseline[cell] ?? 0, total: n },
    { count: window[cell] ?? 0, total: m },
  );
  const isSure = low > 0 || high < 0;
  return {
    value,
    nullExpectation: Math.sqrt((2 * spread * noiseOf(n, m)) / Math.PI),
    interval: {
      low: isSure ? Math.min(Math.abs(low), Math.abs(high)) : 0,
      high: Math.max(Math.abs(low), Math.abs(high)),
    },
    cell,
  };
};
