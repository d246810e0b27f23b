/** Distribution of paired differences: how far apart two models' answers to the same requests are.
 *
 *  Definition. d = second - first. Quantiles are those of numpy.quantile(d, q, method="inverted_cdf"); the mean with its 95 %
 *  interval and paired t-test is that of paired-mean.ts. Bins are of equal width from -m to m, m being the largest |d| that 99 % do
 *  not exceed; what lies beyond is counted apart. Pairs that are exactly the same are counted too.
 *  Degenerate input: values that are not finite are left out; no pairs: null; all the same: no bins. */

import type { PairedMean } from "#lib/stats/paired/paired-mean.ts";
import { computePairedMean } from "#lib/stats/paired/paired-mean.ts";

export type DifferenceSummary = {
  readonly count: number;
  readonly sameCount: number;
  /** Null below two pairs. */
  readonly mean: Pick<PairedMean, "difference" | "interval" | "pValue"> | null;
  /** At 5, 25, 50, 75 and 95 %. */
  readonly quantiles: readonly number[];
  readonly bins: readonly {
    readonly from: number;
    readonly until: number;
    readonly count: number;
  }[];
  readonly belowCount: number;
  readonly aboveCount: number;
};

const SHARES = [0.05, 0.25, 0.5, 0.75, 0.95] as const;
const BINS = 41;
const KEPT_SHARE = 0.99;

const quantileOf = (ascending: readonly number[], share: number): number =>
  ascending[Math.max(0, Math.ceil(share * ascending.length - 1e-9) - 1)] ?? Number.NaN;

export const summarizeDifferences = (
  pairs: readonly { readonly first: number; readonly second: number }[],
): DifferenceSummary | null => {
  const finite = pairs.filter(({ first, second }) => Number.isFinite(second - first));
  if (finite.length === 0) return null;
  const differences = finite.map(({ first, second }) => second - first).sort((a, b) => a - b);
  const sizes = differences.map(Math.abs).sort((a, b) => a - b);
  const largest = quantileOf(sizes, KEPT_SHARE) || (sizes.at(-1) ?? 0);
  const width = (2 * largest) / BINS;
  const counts = new Array<number>(BINS).fill(0);
  let belowCount = 0;
  let aboveCount = 0;
  for (const difference of differences) {
    if (difference < -largest) belowCount += 1;
    else if (difference > largest) aboveCount += 1;
    else if (width > 0) {
      const bin = Math.min(BINS - 1, Math.floor((difference + largest) / width));
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
  }
  return {
    count: differences.length,
    sameCount: differences.filter((difference) => difference === 0).length,
    mean: computePairedMean(
      finite.map(({ first }) => first),
      finite.map(({ second }) => second),
    ),
    quantiles: SHARES.map((share) => quantileOf(differences, share)),
    bins:
      width > 0
        ? counts.map((count, i) => ({
            from: -largest + i * width,
            until: -largest + (i + 1) * width,
            count,
          }))
        : [],
    belowCount,
    aboveCount,
  };
};
