/** Two numeric samples as one walk along the line: the places where either has values, in rising order, and how many.
 *
 *  A place is a point (`left` = `right`) where its values are known, as in raw rows and in exact histograms; else it is a bin
 *  of the coarser of the two grids, and where inside it the values lie is not known. Statistics of the difference D = F - G
 *  of the distribution functions are sums over these places and the gaps between them, with bounds where places are bins.
 *  Reference: the grid is float-grid.ts. Only finite values belong here.
 *  Degenerate input: an empty side: null (nothing to compare). */

import { rightEdgeOn } from "#lib/stats/float-grid.ts";
import type { NumericHistogram } from "#lib/stats/numeric-histogram.ts";
import {
  coarsenHistogram,
  commonGridOf,
  isExactHistogram,
  totalCountOf,
} from "#lib/stats/numeric-histogram.ts";

export type TwoSample = {
  readonly left: Float64Array;
  readonly right: Float64Array;
  readonly baseline: Float64Array;
  readonly window: Float64Array;
  readonly baselineCount: number;
  readonly windowCount: number;
  /** Every place is a point. */
  readonly isExact: boolean;
};

/** A histogram, and, where they are known, the smallest and the largest value in it: they trim the outer bins. */
export type RangedHistogram = NumericHistogram & {
  readonly minimum?: number | null;
  readonly maximum?: number | null;
};

export const twoSampleOf = (
  baseline: ArrayLike<number>,
  window: ArrayLike<number>,
): TwoSample | null => {
  const [n, m] = [baseline.length, window.length];
  if (n === 0 || m === 0) return null;
  const x = Float64Array.from(baseline).sort();
  const y = Float64Array.from(window).sort();
  const points = new Float64Array(n + m);
  const a = new Float64Array(n + m);
  const b = new Float64Array(n + m);
  let [i, j, k] = [0, 0, 0];
  while (i < n || j < m) {
    const value = Math.min(
      i < n ? (x[i] ?? 0) : Number.POSITIVE_INFINITY,
      j < m ? (y[j] ?? 0) : Number.POSITIVE_INFINITY,
    );
    const [fromX, fromY] = [i, j];
    while (i < n && x[i] === value) i += 1;
    while (j < m && y[j] === value) j += 1;
    if (i === fromX && j === fromY) throw new RangeError("only finite values can be compared");
    points[k] = value;
    a[k] = i - fromX;
    b[k] = j - fromY;
    k += 1;
  }
  const left = points.subarray(0, k);
  return {
    left,
    right: left,
    baseline: a.subarray(0, k),
    window: b.subarray(0, k),
    baselineCount: n,
    windowCount: m,
    isExact: true,
  };
};

const least = (x: number | null | undefined, y: number | null | undefined): number =>
  Math.min(x ?? Number.NEGATIVE_INFINITY, y ?? Number.NEGATIVE_INFINITY);
const greatest = (x: number | null | undefined, y: number | null | undefined): number =>
  Math.max(x ?? Number.POSITIVE_INFINITY, y ?? Number.POSITIVE_INFINITY);

export const twoSampleOfHistograms = (
  baselineHistogram: RangedHistogram,
  windowHistogram: RangedHistogram,
): TwoSample | null => {
  const n = totalCountOf(baselineHistogram);
  const m = totalCountOf(windowHistogram);
  if (n === 0 || m === 0) return null;
  const grid = commonGridOf([baselineHistogram, windowHistogram]);
  const isExact = isExactHistogram(grid);
  const a = coarsenHistogram(baselineHistogram, grid);
  const b = coarsenHistogram(windowHistogram, grid);
  const sizeMax = a.edges.length + b.edges.length;
  const lefts = new Float64Array(sizeMax);
  const rights = isExact ? lefts : new Float64Array(sizeMax);
  const baselines = new Float64Array(sizeMax);
  const windows = new Float64Array(sizeMax);
  const rightEdge = rightEdgeOn(grid);
  let [i, j, size] = [0, 0, 0];
  while (i < a.edges.length || j < b.edges.length) {
    const atA = i < a.edges.length ? (a.edges[i] ?? 0) : Number.POSITIVE_INFINITY;
    const atB = j < b.edges.length ? (b.edges[j] ?? 0) : Number.POSITIVE_INFINITY;
    const edge = Math.min(atA, atB);
    lefts[size] = edge === 0 && grid.zeroFloor > 0 ? -grid.zeroFloor : edge;
    if (!isExact) rights[size] = rightEdge(edge);
    if (atA === edge) {
      baselines[size] = a.counts[i] ?? 0;
      i += 1;
    }
    if (atB === edge) {
      windows[size] = b.counts[j] ?? 0;
      j += 1;
    }
    size += 1;
  }
  const left = lefts.subarray(0, size);
  const right = isExact ? left : rights.subarray(0, size);
  const baseline = baselines.subarray(0, size);
  const window = windows.subarray(0, size);
  if (!isExact) {
    // No value lies beyond the smallest and the largest one.
    const minimum = least(baselineHistogram.minimum, windowHistogram.minimum);
    const maximum = greatest(baselineHistogram.maximum, windowHistogram.maximum);
    left[0] = Math.max(left[0] ?? 0, minimum);
    right[size - 1] = Math.min(right[size - 1] ?? 0, maximum);
  }
  return { left, right, baseline, window, baselineCount: n, windowCount: m, isExact };
};
