/** Numeric histogram: how many values fall in each occupied bin of the float-bit grid (float-grid.ts).
 *
 *  `edges` are the left edges of the occupied bins in rising order, `counts` stand beside them. Merging takes the coarser
 *  resolution and the larger zero floor of the parts, adds counts, and coarsens further only where more than `binCountMax`
 *  bins would remain. The answer does not depend on the order of the parts; it does not depend on their grouping either,
 *  unless both their zero floors differ and a cap binds (then a grouping may end coarser, never wrong).
 *  Degenerate input: nothing at all gives no bins on the finest grid; parts without bins have no say in the grid. */

import {
  BinPages,
  binNumbersOf,
  leftEdgesOf,
  NUMBERED_RESOLUTION_MAX,
  PAGE_SIZE,
} from "#lib/stats/bin-pages.ts";
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

type Bins = { readonly edges: ArrayLike<number>; readonly counts: ArrayLike<number> };

/** The same with numbers in place of edges (bin-pages.ts has them). */
type NumberedBins = { readonly numbers: Int32Array; readonly counts: Float64Array };

/** A histogram as it is stored or sent, to be added to others. */
export type HistogramPart = Grid & (Bins | NumberedBins);

/** The first `size` of both lists are bins, in rising order; behind them there is room. */
type Run = { edges: Float64Array; counts: Float64Array; size: number };

const toRun = ({ edges, counts }: Bins, edgeOf: (x: number) => number): Run => {
  const run = { edges: new Float64Array(edges.length), counts: new Float64Array(edges.length) };
  let size = 0;
  for (let i = 0; i < edges.length; i += 1) {
    const edge = edgeOf(edges[i] ?? 0);
    const count = counts[i] ?? 0;
    if (size > 0 && run.edges[size - 1] === edge) {
      run.counts[size - 1] = (run.counts[size - 1] ?? 0) + count;
    } else {
      run.edges[size] = edge;
      run.counts[size] = count;
      size += 1;
    }
  }
  return { ...run, size };
};

const binsOf = ({ edges, counts, size }: Run): Bins => ({
  edges: edges.subarray(0, size),
  counts: counts.subarray(0, size),
});

const toHistogram = ({ resolution, zeroFloor }: Grid, run: Run): NumericHistogram => {
  const edges = new Array<number>(run.size);
  const counts = new Array<number>(run.size);
  for (let i = 0; i < run.size; i += 1) {
    edges[i] = run.edges[i] ?? 0;
    counts[i] = run.counts[i] ?? 0;
  }
  return { resolution, zeroFloor, edges, counts };
};

/** The histogram of finite values, on the given grid or on the one that their own profile row would choose. */
export const histogramOf = (
  finiteValues: ArrayLike<number>,
  grid: Grid = chooseGrid(finiteValues),
): NumericHistogram => {
  const sorted = Float64Array.from(finiteValues).sort();
  const ones = new Array<number>(sorted.length).fill(1);
  return toHistogram(grid, toRun({ edges: sorted, counts: ones }, leftEdgeOn(grid)));
};

/** What falls in bins of a grid that is no finer than the one that they are on. */
export const histogramOfBins = (bins: Bins, grid: Grid): NumericHistogram =>
  toHistogram(grid, toRun(bins, leftEdgeOn(grid)));

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
  return histogramOfBins(histogram, { resolution, zeroFloor });
};

const limitBins = (histogram: NumericHistogram, binCountMax: number): NumericHistogram => {
  if (histogram.edges.length <= binCountMax) return histogram;
  return coarsenHistogram(histogram, {
    resolution: finestResolution(histogram.edges, histogram.resolution, binCountMax),
    zeroFloor: histogram.zeroFloor,
  });
};

const withRoom = (list: Float64Array, used: number, size: number): Float64Array => {
  if (list.length >= size) return list;
  const longer = new Float64Array(Math.ceil(1.5 * size));
  longer.set(list.subarray(0, used));
  return longer;
};

/** Adds bins to a run, where they lie: most bins of a day are bins of the days before. */
const addToRun = (run: Run, { edges, counts }: Bins): void => {
  const missed = addWhatIsThere(run, edges, counts);
  if (missed === 0) return;
  const size = run.size + missed;
  run.edges = withRoom(run.edges, run.size, size);
  run.counts = withRoom(run.counts, run.size, size);
  const { edges: ownEdges, counts: ownCounts } = run;
  // From the end, so that nothing is overwritten before it has moved; once all are in, what is left stays.
  let i = run.size - 1;
  let j = edges.length - 1;
  for (let at = size - 1; at > i; at -= 1) {
    const own = i < 0 ? Number.NEGATIVE_INFINITY : (ownEdges[i] ?? 0);
    const added = edges[j] ?? 0;
    if (own < added) {
      ownEdges[at] = added;
      ownCounts[at] = counts[j] ?? 0;
    } else {
      ownEdges[at] = own;
      ownCounts[at] = ownCounts[i] ?? 0;
      i -= 1;
    }
    if (own <= added) j -= 1;
  }
  run.size = size;
};

/** Answers how many bins the run does not have. */
const addWhatIsThere = (
  { edges: own, counts: ownCounts, size }: Run,
  edges: ArrayLike<number>,
  counts: ArrayLike<number>,
): number => {
  const added = edges.length;
  let i = 0;
  let missed = 0;
  for (let j = 0; j < added; j += 1) {
    const edge = edges[j] ?? 0;
    while (i < size && (own[i] ?? 0) < edge) i += 1;
    if (i < size && own[i] === edge) {
      ownCounts[i] = (ownCounts[i] ?? 0) + (counts[j] ?? 0);
      i += 1;
    } else {
      missed += 1;
    }
  }
  return missed;
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

/** Bins that are held while parts come in. Where more would be, they are held on a coarser grid. */
const HELD_BIN_COUNT_MAX = 2 * MERGED_BIN_COUNT_MAX;

/** Where bins are so far apart that they need more, they are held as runs. */
const PAGE_COUNT_MAX = HELD_BIN_COUNT_MAX / PAGE_SIZE;

/** A merge of parts that come one by one and are not kept. */
export class HistogramSum {
  #resolution = RESOLUTION_MAX;
  #edgeOf = leftEdgeOn({ resolution: RESOLUTION_MAX, zeroFloor: 0 });
  /** Waits until the end: on which grid bins are held must not depend on which part came first. */
  #zeroFloor = 0;
  /** Each less than half as long as the one before: the cost stays n log n even if no two parts share a bin. */
  #runs: Run[] = [];
  /** Bins that are held beside the runs, on the same grid; null where they can't be. */
  #pages: BinPages | null = null;
  #isSparse = false;

  add(part: HistogramPart): void {
    if (part.counts.length === 0) return;
    this.#zeroFloor = Math.max(this.#zeroFloor, part.zeroFloor);
    if (part.resolution < this.#resolution) this.#coarsen(part.resolution);
    if (this.#pages === null) this.#addToRuns(part);
    else this.#addToPages(part, this.#pages);
  }

  #addToPages(part: HistogramPart, pages: BinPages): void {
    if ("numbers" in part) {
      pages.add(part.numbers, part.counts, part.resolution - this.#resolution);
    } else {
      pages.add(binNumbersOf(part.edges, this.#resolution), Float64Array.from(part.counts));
    }
    if (pages.pageCount <= PAGE_COUNT_MAX) return;
    this.#isSparse = true;
    this.#emptyPages();
    this.#limit();
  }

  #addToRuns(part: HistogramPart): void {
    const { counts } = part;
    const all =
      "numbers" in part ? { edges: leftEdgesOf(part.numbers, part.resolution), counts } : part;
    const isOnGrid = part.resolution === this.#resolution;
    const bins = isOnGrid ? all : binsOf(toRun(all, this.#edgeOf));
    const last = this.#runs.at(-1);
    if (last === undefined || last.size > 2 * bins.edges.length) {
      this.#runs.push({
        edges: Float64Array.from(bins.edges),
        counts: Float64Array.from(bins.counts),
        size: bins.edges.length,
      });
    } else {
      addToRun(last, bins);
      this.#join(2);
    }
    this.#limit();
  }

  /** All that was added. */
  result(binCountMax: number = MERGED_BIN_COUNT_MAX): NumericHistogram {
    this.#emptyPages();
    this.#join(Number.POSITIVE_INFINITY);
    this.#limit();
    const [all] = this.#runs;
    if (all === undefined) return NO_HISTOGRAM;
    const grid = { resolution: this.#resolution, zeroFloor: this.#zeroFloor };
    const floored = grid.zeroFloor === 0 ? all : toRun(binsOf(all), leftEdgeOn(grid));
    return limitBins(toHistogram(grid, floored), binCountMax);
  }

  /** Puts the last runs together until each is so many times longer than the next. */
  #join(ratio: number): void {
    for (;;) {
      const [first, second] = [this.#runs.at(-2), this.#runs.at(-1)];
      if (first === undefined || second === undefined || first.size > ratio * second.size) return;
      addToRun(first, binsOf(second));
      this.#runs.pop();
    }
  }

  #limit(): void {
    const [longest] = this.#runs;
    if (longest === undefined || longest.size <= HELD_BIN_COUNT_MAX) return;
    // On the finest grid that can hold them they are seldom neighbours.
    this.#isSparse = true;
    const { edges } = binsOf(longest);
    this.#coarsen(finestResolution(edges, this.#resolution, HELD_BIN_COUNT_MAX));
  }

  /** Moves what the pages hold to the runs. */
  #emptyPages(): void {
    const held = this.#pages?.toBins();
    const canBePaged = !this.#isSparse && this.#resolution <= NUMBERED_RESOLUTION_MAX;
    this.#pages = canBePaged ? new BinPages() : null;
    if (held === undefined || held.counts.length === 0) return;
    const edges = leftEdgesOf(held.numbers, this.#resolution);
    this.#runs.push({ edges, counts: held.counts, size: edges.length });
    this.#join(2);
  }

  #coarsen(resolution: number): void {
    this.#emptyPages();
    this.#resolution = resolution;
    this.#edgeOf = leftEdgeOn({ resolution, zeroFloor: 0 });
    this.#runs = this.#runs.map((run) => toRun(binsOf(run), this.#edgeOf));
    this.#emptyPages();
  }
}

export const mergeHistograms = (
  parts: Iterable<HistogramPart>,
  binCountMax: number = MERGED_BIN_COUNT_MAX,
): NumericHistogram => {
  const sum = new HistogramSum();
  for (const part of parts) sum.add(part);
  return sum.result(binCountMax);
};

export const totalCountOf = (bins: Pick<NumericHistogram, "edges" | "counts">): number => {
  const { counts } = bins;
  let total = 0;
  for (let i = 0; i < counts.length; i += 1) total += counts[i] ?? 0;
  return total;
};

/** True when every bin holds one distinct value, so that nothing computed from it is approximate. */
export const isExactHistogram = ({ resolution, zeroFloor }: Grid): boolean =>
  resolution === RESOLUTION_MAX && zeroFloor === 0;
