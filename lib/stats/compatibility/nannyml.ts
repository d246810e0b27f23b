/** The figures that NannyML 0.13 gives for the same two samples.
 *
 *  Definition. Jensen-Shannon is the distance in bits, numeric samples in Doane's bins of the baseline with what lies
 *  outside its range in one more bin, categories as the baseline's values with all unseen ones in one more; Hellinger over the
 *  same cells. KS and Wasserstein are exact below 10,000 baseline rows; from there on cumulative shares are compared at the ends
 *  of 10,000 equal-width bins of the baseline, window values below its range included; Wasserstein adds the areas beyond the
 *  range, and begins with one value more below it than there are. L-infinity gives each unseen value a cell of its own.
 *  Chi-squared is of the 2 x K table, with Yates' correction at K = 2. A threshold is the mean over the reference's chunks
 *  plus three population standard deviations; drift is above it.
 *  Degenerate input: an empty window has no answer (null); an empty baseline is an error. */

import type { Cells } from "#lib/stats/cells.ts";
import { chiSquaredSurvival, computeChiSquared } from "#lib/stats/chi-squared.ts";
import type { EdgeCounts } from "#lib/stats/compatibility/numpy-bins.ts";
import {
  countBetweenEdges,
  doaneEdges,
  equalWidthEdges,
} from "#lib/stats/compatibility/numpy-bins.ts";
import { valueCountsOf } from "#lib/stats/compatibility/value-counts.ts";
import { computeHellingerEffect } from "#lib/stats/hellinger.ts";
import { computeJsDistanceBit } from "#lib/stats/jensen-shannon.ts";
import { computeKs } from "#lib/stats/kolmogorov-smirnov.ts";
import { computeLInfinity } from "#lib/stats/l-infinity.ts";
import { momentsOf, standardDeviationOf } from "#lib/stats/moments.ts";
import { twoSampleOf } from "#lib/stats/two-sample.ts";
import { computeWasserstein } from "#lib/stats/wasserstein.ts";

const BINNED_FROM_ROWS = 10_000;
const LINE_BIN_COUNT = 10_000;

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

type OfRows = (baseline: readonly number[], window: readonly number[]) => number | null;

export const nannymlHellinger = (cells: Cells): number | null =>
  computeHellingerEffect(cells)?.distance ?? null;

export const nannymlLInfinity = (
  baseline: readonly string[],
  window: readonly string[],
): number | null => computeLInfinity(valueCountsOf(baseline, window))?.value ?? null;

export const nannymlChiSquared = (
  baseline: readonly string[],
  window: readonly string[],
): { readonly statistic: number; readonly pValue: number } | null => {
  const cells = valueCountsOf(baseline, window);
  const plain = computeChiSquared(cells);
  if (plain === null || cells.baseline.length !== 2) return plain;
  const [a = 0, b = 0] = cells.baseline;
  const [c = 0, d = 0] = cells.window;
  const total = a + b + c + d;
  const margins = (a + b) * (c + d) * (a + c) * (b + d);
  // Yates moves every count half a row, never past what is expected.
  const gap = Math.abs(a * d - b * c);
  const statistic = (total * Math.max(0, gap - total / 2) ** 2) / margins;
  return { statistic, pValue: chiSquaredSurvival(statistic, 1) };
};

/** Upper threshold of a statistic from its values over the reference's chunks; those that are undefined are left out. */
export const nannymlThreshold = (values: readonly (number | null)[]): number | null => {
  const moments = momentsOf(values.filter((value) => value !== null));
  const deviation = standardDeviationOf(moments);
  return deviation === null ? null : moments.mean + 3 * deviation;
};

type Binned = {
  readonly edges: readonly number[];
  readonly baseline: readonly number[];
  readonly window: EdgeCounts;
};

/** Null below the number of rows from which it bins. */
const binned = (baseline: readonly number[], window: readonly number[]): Binned | null => {
  if (window.length === 0 || baseline.length < BINNED_FROM_ROWS) return null;
  const { minimum, maximum } = momentsOf(baseline);
  const edges = equalWidthEdges(minimum ?? 0, maximum ?? 0, LINE_BIN_COUNT);
  const counts = countBetweenEdges(baseline, edges).counts;
  return { edges, baseline: counts, window: countBetweenEdges(window, edges) };
};

/** The difference of the cumulative shares at the end of each bin, the window's beginning with `startCount` values. */
const gapsOf = (bins: Binned, startCount: number, n: number, m: number): number[] => {
  let below = 0;
  let belowWindow = startCount;
  return bins.baseline.map((count, i) => {
    below += count;
    belowWindow += bins.window.counts[i] ?? 0;
    return Math.abs(below / n - belowWindow / m);
  });
};

export const nannymlKs: OfRows = (baseline, window) => {
  const bins = binned(baseline, window);
  if (bins === null) return computeKs(baseline, window);
  const gaps = gapsOf(bins, bins.window.belowCount, baseline.length, window.length);
  return gaps.reduce((largest, gap) => Math.max(largest, gap), 0);
};

export const nannymlWasserstein: OfRows = (baseline, window) => {
  const bins = binned(baseline, window);
  if (bins === null) {
    const two = twoSampleOf(baseline, window);
    return two === null ? null : (computeWasserstein(two)?.value ?? null);
  }
  const [n, m] = [baseline.length, window.length];
  const { edges } = bins;
  const [first, last] = [edges[0] ?? 0, edges[edges.length - 1] ?? 0];
  const sorted = Float64Array.from(window).sort();
  const below = Array.from(sorted.filter((x) => x < first));
  const above = Array.from(sorted.filter((x) => x > last));
  const left = below.reduce((sum, x, i) => sum + ((i + 1) / m) * ((below[i + 1] ?? first) - x), 0);
  const right = above.reduce(
    (sum, x, i) => sum + ((above.length - i) / m) * (x - (above[i - 1] ?? last)),
    0,
  );
  const startCount = below.length === 0 ? 0 : below.length + 1;
  const inside = gapsOf(bins, startCount, n, m).reduce(
    (sum, gap, i) => sum + gap * ((edges[i + 1] ?? 0) - (edges[i] ?? 0)),
    0,
  );
  return left + inside + right;
};
