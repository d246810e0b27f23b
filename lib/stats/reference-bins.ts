/** Reference bins: at most 20 merged bins of about equal baseline mass, cut where the grid has an edge.
 *
 *  Definition. The i-th of K - 1 cuts is the grid edge whose share of the baseline below it is closest to i/K (the lower
 *  one on a tie), never the outermost. Bins run from cut to cut, closed on the left, the outer two without end, so that
 *  values beyond the baseline's range belong to them. A baseline with at most K occupied grid bins is cut on both sides
 *  of each: its few values are then compared as categories, and what falls between or beyond them is a cell of its own.
 *  The cuts depend on the baseline, K and the grid alone. The windows' own shape moves none of them; only a window whose
 *  grid is coarser than the baseline's makes them snap to its edges. K is 20, 10, 5 or 2: the cuts of a smaller K are
 *  among those of a larger one. Missing, NaN and infinite values are in no bin: they are counted and compared apart.
 *  Reference: Yurdakul (2018) for equal-mass bins. Matches numpy.histogram(x, [-inf, *cuts, inf]).
 *  Degenerate input: no baseline: no cuts, one bin; a constant baseline: three cells, of which empty ones say nothing. */

import type { Grid } from "#lib/stats/float-grid.ts";
import { rightEdgeOf } from "#lib/stats/float-grid.ts";
import type { NumericHistogram } from "#lib/stats/numeric-histogram.ts";
import { coarsenHistogram, totalCountOf } from "#lib/stats/numeric-histogram.ts";

const BIN_COUNTS = [20, 10, 5, 2];

export type ReferenceBins = { readonly grid: Grid; readonly cuts: readonly number[] };

/** The largest K with enough rows in an average bin on both sides; null when not even two bins have. */
export const chooseBinCount = (
  rowCount: number,
  rowsPerBinMin: number,
  binCountMax: number,
): number | null =>
  BIN_COUNTS.find((count) => count <= binCountMax && rowCount >= count * rowsPerBinMin) ?? null;

const cutsAroundEach = (edges: readonly number[], grid: Grid): number[] => {
  const cuts = new Set<number>();
  for (const edge of edges) {
    cuts.add(edge);
    cuts.add(rightEdgeOf(edge, grid));
  }
  return [...cuts].filter(Number.isFinite).sort((a, b) => a - b);
};

const cutsOfEqualMass = (reference: NumericHistogram, binCount: number): number[] => {
  const total = totalCountOf(reference);
  const cuts: number[] = [];
  let i = 1;
  let below = reference.counts[0] ?? 0;
  for (let k = 1; k < binCount; k += 1) {
    const target = (total * k) / binCount;
    // Advance while the next inner edge is strictly closer to the target than this one.
    while (i + 1 < reference.edges.length) {
      const next = below + (reference.counts[i] ?? 0);
      if (Math.abs(next - target) >= Math.abs(below - target)) break;
      below = next;
      i += 1;
    }
    const cut = reference.edges[i] ?? 0;
    if (cuts[cuts.length - 1] !== cut) cuts.push(cut);
  }
  return cuts;
};

export const referenceBinsOf = (reference: NumericHistogram, binCount: number): ReferenceBins => {
  const grid = { resolution: reference.resolution, zeroFloor: reference.zeroFloor };
  const isFew = reference.edges.length <= binCount;
  const cuts = isFew ? cutsAroundEach(reference.edges, grid) : cutsOfEqualMass(reference, binCount);
  return { grid, cuts };
};

/** How many values fall in each bin; the histogram may be finer than the bins' grid, never coarser. */
export const countInBins = (
  histogram: NumericHistogram,
  { grid, cuts }: ReferenceBins,
): number[] => {
  const { edges, counts } = coarsenHistogram(histogram, grid);
  const inBins = new Array<number>(cuts.length + 1).fill(0);
  let bin = 0;
  for (let i = 0; i < edges.length; i += 1) {
    while (bin < cuts.length && (edges[i] ?? 0) >= (cuts[bin] ?? 0)) bin += 1;
    inBins[bin] = (inBins[bin] ?? 0) + (counts[i] ?? 0);
  }
  return inBins;
};
