/** The figures that NannyML 0.13 gives for the same two samples.
 *
 *  Definition. Jensen-Shannon is the distance in bits, numeric samples in Doane's bins of the baseline with what lies
 *  outside its range in one more bin, categories as the baseline's values with all unseen ones in one more. KS is the exact
 *  statistic below 10,000 baseline rows; from there on cumulative shares are compared at the ends of 10,000 equal-width
 *  bins of the baseline, window values below its range included.
 *  Degenerate input: an empty window has no answer (null); an empty baseline is an error. */

import type { Cells } from "#lib/stats/cells.ts";
import {
  countBetweenEdges,
  doaneEdges,
  equalWidthEdges,
} from "#lib/stats/compatibility/numpy-bins.ts";
import { valueCountsOf } from "#lib/stats/compatibility/value-counts.ts";
import { computeJsDistanceBit } from "#lib/stats/jensen-shannon.ts";
import { computeKs } from "#lib/stats/kolmogorov-smirnov.ts";
import { momentsOf } from "#lib/stats/moments.ts";

const BINNED_FROM_ROWS = 10_000;
const KS_BIN_COUNT = 10_000;

export const nannymlNumericCells = (
  baseline: readonly number[],
  window: readonly number[],
): Cells => {
  const edges = doaneEdges(baseline);
  const inWindow = countBetweenEdges(window, edges);
  return {
    baseline: [...countBetweenEdges(baseline, edges).counts, 0],
    window: [...inWindow.counts, inWindow.belowCount + inWindow.aboveCount],
  };
};

export const nannymlCategoricalCells = (
  baseline: readonly string[],
  window: readonly string[],
): Cells => {
  const known = new Set(baseline);
  const leftover = Symbol("leftover");
  return valueCountsOf<string | symbol>(
    baseline,
    window.map((value) => (known.has(value) ? value : leftover)),
  );
};

export const nannymlJsDistance = computeJsDistanceBit;

export const nannymlKs = (
  baseline: readonly number[],
  window: readonly number[],
): number | null => {
  if (window.length === 0 || baseline.length < BINNED_FROM_ROWS) return computeKs(baseline, window);
  const { minimum, maximum } = momentsOf(baseline);
  const edges = equalWidthEdges(minimum ?? 0, maximum ?? 0, KS_BIN_COUNT);
  const ours = countBetweenEdges(baseline, edges);
  const theirs = countBetweenEdges(window, edges);
  let below = 0;
  let belowWindow = theirs.belowCount;
  let largest = 0;
  ours.counts.forEach((count, i) => {
    below += count;
    belowWindow += theirs.counts[i] ?? 0;
    largest = Math.max(largest, Math.abs(below / baseline.length - belowWindow / window.length));
  });
  return largest;
};
