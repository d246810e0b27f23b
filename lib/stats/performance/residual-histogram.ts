/** Residual histogram: how the errors (prediction less label) of a regression are spread, in bins of equal width.
 *
 *  They are counted on a grid of 8 bins to the octave (profile.ts). Bins of equal width reach from the 0.5 % to the 99.5 % quantile;
 *  a counted bin gives each of them the part of its rows that it overlaps, as if they lay evenly in it; what is beyond joins the
 *  outermost. Quantiles are the far edge of the first counted bin that reaches them.
 *  Degenerate input: no errors: no bins; errors of one bin: one bin. */

import type { EdgeCounts } from "#lib/stats/performance/profile.ts";

export type ResidualBin = {
  readonly from: number;
  readonly until: number;
  /** Of all rows. */
  readonly share: number;
};

const BINS_PER_OCTAVE = 8;
const TAIL = 0.005;

/** The right edge of the bin with this left edge; bins below 0 are mirrored. */
export const rightEdgeOf = (edge: number): number => {
  if (edge === 0) return 0;
  const size = Math.abs(edge);
  const octave = 2 ** Math.floor(Math.log2(size));
  if (edge > 0) return edge + octave / BINS_PER_OCTAVE;
  // The bin that ends an octave below 0 belongs to the octave before.
  return size === octave
    ? -(size - octave / 2 / BINS_PER_OCTAVE)
    : -(size - octave / BINS_PER_OCTAVE);
};

export const residualHistogram = (residuals: EdgeCounts, binCount = 25): ResidualBin[] => {
  const counted = [...residuals]
    .filter(([edge, count]) => Number.isFinite(edge) && count > 0)
    .sort(([a], [b]) => a - b)
    .map(([from, count]) => ({ from, until: rightEdgeOf(from), count }));
  const total = counted.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return [];
  const reach = (share: number) => {
    let running = 0;
    return counted.find(({ count }) => {
      running += count;
      return running >= share * total;
    });
  };
  const low = reach(TAIL)?.from ?? 0;
  const high = reach(1 - TAIL)?.until ?? 0;
  if (!(high > low)) return [{ from: low, until: high, share: 1 }];
  const width = (high - low) / binCount;
  const shares = new Array<number>(binCount).fill(0);
  const placeOf = (value: number) =>
    Math.min(binCount - 1, Math.max(0, Math.floor((value - low) / width)));
  for (const { from, until, count } of counted) {
    const [first, last] = [placeOf(from), placeOf(until)];
    if (first === last || until <= from) {
      shares[first] = (shares[first] ?? 0) + count / total;
      continue;
    }
    for (let bin = first; bin <= last; bin += 1) {
      const left = bin === first ? from : low + bin * width;
      const right = bin === last ? until : low + (bin + 1) * width;
      const part = Math.max(0, right - left) / (until - from);
      shares[bin] = (shares[bin] ?? 0) + (part * count) / total;
    }
  }
  return shares.map((share, bin) => ({
    from: low + bin * width,
    until: low + (bin + 1) * width,
    share,
  }));
};
