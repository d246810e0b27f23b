/** The figures that TensorFlow Data Validation 1.22 gives for two histograms, of buckets or of values.
 *
 *  Definition. Values: L-infinity is the largest difference of shares (0 for two empty sides), the normalised absolute
 *  difference that of counts over all rows, which sees volume too. Buckets: Jensen-Shannon divergence in bits. Both histograms are cut at the union of their edges, the mass of a bucket spread evenly over it.
 *  A bucket with low = high is a point, and matches only the same point of the other side. NaN, and buckets with an
 *  infinite edge, match nothing, not even each other.
 *  Degenerate input: a side without any mass has no answer (null). */

import type { Cells } from "#lib/stats/cells.ts";
import { sumOf } from "#lib/stats/cells.ts";
import { countBetweenEdges, equalWidthEdges } from "#lib/stats/compatibility/numpy-bins.ts";
import { computeJsDivergenceBit } from "#lib/stats/jensen-shannon.ts";
import { computeLInfinity } from "#lib/stats/l-infinity.ts";
import { momentsOf } from "#lib/stats/moments.ts";

export type Bucket = { readonly low: number; readonly high: number; readonly count: number };
export type BucketHistogram = { readonly buckets: readonly Bucket[]; readonly nanCount: number };

const isFinitePair = ({ low, high }: Bucket): boolean =>
  Number.isFinite(low) && Number.isFinite(high);
const isPoint = (bucket: Bucket): boolean => isFinitePair(bucket) && bucket.low === bucket.high;
const isRange = (bucket: Bucket): boolean => isFinitePair(bucket) && bucket.low < bucket.high;

const sumWhere = (buckets: readonly Bucket[], share: (bucket: Bucket) => number): number =>
  buckets.reduce((sum, bucket) => sum + bucket.count * share(bucket), 0);

const unmatchedOf = ({ buckets, nanCount }: BucketHistogram): number =>
  nanCount + sumWhere(buckets, (bucket) => (isFinitePair(bucket) ? 0 : 1));

export const tfdvCells = (baseline: BucketHistogram, window: BucketHistogram): Cells => {
  const all = [...baseline.buckets, ...window.buckets];
  const points = [...new Set(all.filter(isPoint).map((bucket) => bucket.low))];
  const edges = [...new Set(all.filter(isRange).flatMap(({ low, high }) => [low, high]))];
  edges.sort((a, b) => a - b);
  const side = ({ buckets }: BucketHistogram): number[] => [
    ...points.map((x) => sumWhere(buckets.filter(isPoint), ({ low }) => (low === x ? 1 : 0))),
    ...edges.slice(1).map((right, i) => {
      const left = edges[i] ?? right;
      return sumWhere(buckets.filter(isRange), ({ low, high }) =>
        low <= left && right <= high ? (right - left) / (high - low) : 0,
      );
    }),
  ];
  return {
    baseline: [...side(baseline), unmatchedOf(baseline), 0],
    window: [...side(window), 0, unmatchedOf(window)],
  };
};

export const tfdvJsDivergence = computeJsDivergenceBit;

export const tfdvLInfinity = (cells: Cells): number | null =>
  sumOf(cells.baseline) === 0 && sumOf(cells.window) === 0
    ? 0
    : (computeLInfinity(cells)?.value ?? null);

export const tfdvNormalizedAbsDifference = ({ baseline, window }: Cells): number | null => {
  const total = sumOf(baseline) + sumOf(window);
  if (total === 0) return null;
  return baseline.reduce(
    (largest, count, i) => Math.max(largest, Math.abs(count - (window[i] ?? 0)) / total),
    0,
  );
};

const BUCKETS = 10;

/** Its own standard histogram of raw numbers: ten equal-width buckets over their range, NaN apart. */
export const tfdvHistogram = (values: readonly number[]): BucketHistogram => {
  const finite = values.filter(Number.isFinite);
  const { minimum, maximum } = momentsOf(finite);
  const nanCount = values.filter(Number.isNaN).length;
  if (minimum === null || maximum === null) return { buckets: [], nanCount };
  if (minimum === maximum)
    return { buckets: [{ low: minimum, high: maximum, count: finite.length }], nanCount };
  const edges = equalWidthEdges(minimum, maximum, BUCKETS);
  const { counts } = countBetweenEdges(finite, edges);
  return {
    buckets: counts.map((count, i) => ({ low: edges[i] ?? 0, high: edges[i + 1] ?? 0, count })),
    nanCount,
  };
};
