/** Quantiles of a histogram: for each share, the left edge of the first bin up to which at least that share of the values
 *  lies, not below the smallest value. Matches numpy.quantile(x, q, method="inverted_cdf") within one bin, and exactly
 *  where bins hold one value each. Degenerate input: no values: null. */

import type { NumericHistogram } from "#lib/stats/numeric-histogram.ts";
import { totalCountOf } from "#lib/stats/numeric-histogram.ts";

export const quantilesOfHistogram = (
  { edges, counts }: Pick<NumericHistogram, "edges" | "counts">,
  minimum: number | null,
  shares: readonly number[],
): number[] | null => {
  const total = totalCountOf({ edges, counts });
  if (total === 0 || minimum === null) return null;
  return shares.map((share) => {
    let below = 0;
    for (let i = 0; i < edges.length; i += 1) {
      below += counts[i] ?? 0;
      if (below >= share * total) return Math.max(minimum, edges[i] ?? minimum);
    }
    return edges.at(-1) ?? minimum;
  });
};
