/** Numeric histogram: how many values fall in each occupied bin of the float-bit grid (float-grid.ts).
 *
 *  `edges` are the left edges of the occupied bins in rising order, `counts` stand beside them. Merging takes the coarser
 *  resolution and the larger zero floor of the parts, adds counts, and coarsens further only where more than `binCountMax`
 *  bins would remain. The answer does not depend on the order of the parts; it does not depend on their grouping either,
 *  unless both their zero floors differ and the cap binds (then a grouping may end coarser, never wrong).
 *  Degenerate input: nothing at all gives no bins on the finest grid; parts without bins have no say in the grid. */

import type { Grid } from "#lib/stats/float-grid.ts";
import { chooseGrid, finestResolution, leftEdgeOn, RESOLUTION_MAX } from "#lib/stats/float-grid.ts";

export type NumericHistogram = Grid & {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
};

/** Larger than a stored row's cap, so that a window of integers beyond 1,024 stays exact; bounds memory and time. */
const MERGED_BIN_COUNT_MAX = 4096;

export const NO_HISTOGRAM: NumericHistogram = {
  resolution: RESOLUTION_MAX,
  zeroFloor: 0,
  edges: [],
  counts: [],
};

type Bins = { readonly edges: readonly number[]; readonly counts: readonly number[] };

const toEdges = (bins: Bins, edgeOf: (x: number) => number): Bins => {
  const edges: number[] = [];
  const counts: number[] = [];
  let last = -1;
  for (let i = 0; i < bins.edges.length; i += 1) {
    const edge = edgeOf(bins.edges[i] ?? 0);
    const count = bins.counts[i] ?? 0;
    if (last >= 0 && edges[last] === edge) {
      counts[last] = (counts[last] ?? 0) + count;
    } else {
      edges.push(edge);
      counts.push(count);
      last += 1;
    }
  }
  return { edges, counts };
};

/** The histogram of finite values, on the given grid or on the one that their own profile row would choose. */
export const histogramOf = (
  finiteValues: ArrayLike<number>,
  grid: Grid = chooseGrid(finiteValues),
): NumericHistogram => {
  const sorted = Float64Array.from(finiteValues).sort();
  const ones = new Array<number>(sorted.length).fill(1);
  return { ...grid, ...toEdges({ edges: Array.from(sorted), counts: ones }, leftEdgeOn(grid)) };
};

/** The same counts on a coarser grid. A finer grid is refused: what was merged cannot be told apart again. */
export const coarsenHistogram = (
  histogram: NumericHistogram,
  { resolution, zeroFloor }: Grid,
): NumericHistogram => {
  if (histogram.edges.length === 0) return { ...histogram, resolution, zeroFloor };
  if (resolution > histogram.resolution || zeroFloor < histogram.zeroFloor) {
    throw new RangeError("a histogram can be coarsened, never refined");
  }
  if (resolution === histogram.resolution && zeroFloor === histogram.zeroFloor) return histogram;
  return { resolution, zeroFloor, ...toEdges(histogram, leftEdgeOn({ resolution, zeroFloor })) };
};

const limitBins = (histogram: NumericHistogram, binCountMax: number): NumericHistogram => {
  if (histogram.edges.length <= binCountMax) return histogram;
  return coarsenHistogram(histogram, {
    resolution: finestResolution(histogram.edges, histogram.resolution, binCountMax),
    zeroFloor: histogram.zeroFloor,
  });
};

const addBins = (a: Bins, b: Bins): Bins => {
  const edges: number[] = [];
  const counts: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.edges.length || j < b.edges.length) {
    const left = i < a.edges.length ? (a.edges[i] ?? 0) : Number.POSITIVE_INFINITY;
    const right = j < b.edges.length ? (b.edges[j] ?? 0) : Number.POSITIVE_INFINITY;
    let count = 0;
    if (left <= right) {
      count += a.counts[i] ?? 0;
      i += 1;
    }
    if (right <= left) {
      count += b.counts[j] ?? 0;
      j += 1;
    }
    edges.push(Math.min(left, right));
    counts.push(count);
  }
  return { edges, counts };
};

const addHistograms = (
  a: NumericHistogram,
  b: NumericHistogram,
  binCountMax: number,
): NumericHistogram => {
  const grid = { resolution: Math.min(a.resolution, b.resolution), zeroFloor: a.zeroFloor };
  const sum = addBins(coarsenHistogram(a, grid), coarsenHistogram(b, grid));
  return limitBins({ ...grid, ...sum }, binCountMax);
};

/** The coarsest grid of the parts: the one on which all of them can be compared. */
export const commonGridOf = (parts: readonly NumericHistogram[]): Grid => {
  let resolution = RESOLUTION_MAX;
  let zeroFloor = 0;
  for (const part of parts) {
    if (part.edges.length === 0) continue;
    resolution = Math.min(resolution, part.resolution);
    zeroFloor = Math.max(zeroFloor, part.zeroFloor);
  }
  return { resolution, zeroFloor };
};

export const mergeHistograms = (
  parts: readonly NumericHistogram[],
  binCountMax: number = MERGED_BIN_COUNT_MAX,
): NumericHistogram => {
  const grid = commonGridOf(parts);
  // Pairs of about equal size, round by round: the cost stays n log n even if no two parts share a bin.
  let round = parts
    .filter((part) => part.edges.length > 0)
    .map(({ resolution, zeroFloor, edges, counts }) =>
      limitBins(coarsenHistogram({ resolution, zeroFloor, edges, counts }, grid), binCountMax),
    );
  while (round.length > 1) {
    const next: NumericHistogram[] = [];
    for (let i = 0; i < round.length; i += 2) {
      const first = round[i] ?? NO_HISTOGRAM;
      const second = round[i + 1];
      next.push(second === undefined ? first : addHistograms(first, second, binCountMax));
    }
    round = next;
  }
  return round[0] ?? NO_HISTOGRAM;
};

export const totalCountOf = (bins: Bins): number => {
  let total = 0;
  for (const count of bins.counts) total += count;
  return total;
};

/** True when every bin holds one distinct value, so that nothing computed from it is approximate. */
export const isExactHistogram = ({ resolution, zeroFloor }: Grid): boolean =>
  resolution === RESOLUTION_MAX && zeroFloor === 0;
