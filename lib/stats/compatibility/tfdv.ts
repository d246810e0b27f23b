/** Jensen-Shannon divergence as TensorFlow Data Validation 1.22 gives it for two bucket histograms.
 *
 *  Definition. In bits. Both histograms are cut at the union of their edges, the mass of a bucket spread evenly over it.
 *  A bucket with low = high is a point, and matches only the same point of the other side. NaN, and buckets with an
 *  infinite edge, match nothing, not even each other.
 *  Degenerate input: a side without any mass has no answer (null). */

import type { Cells } from "#lib/stats/cells.ts";
import { computeJsDivergenceBit } from "#lib/stats/jensen-shannon.ts";

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
