/** Drift of one feature in many windows against one baseline, one statistic and the test of the values: the cells of a heat map.
 *
 *  Of numbers a window is known only by its counts between cuts. The cuts are those of the baseline's 20 reference bins; where the window is too small for 20, neighbours are joined
 *  until 10, 5 or 2 are left, whose cuts are among them. PSI and Jensen-Shannon are exact for those bins. Of
 *  Kolmogorov-Smirnov the largest gap at a cut is given, which is at most D.
 *  Degenerate input: fewer than 100 values on a side, or than 50 for each of two bins: cannot say. */

import type { CategoricalProfile } from "#lib/stats/categorical-profile.ts";
import { categoricalCountOf } from "#lib/stats/categorical-profile.ts";
import { categoryCellsOf, mergeCategories, toCells } from "#lib/stats/category-cells.ts";
import type { Cells } from "#lib/stats/cells.ts";
import { sumOf } from "#lib/stats/cells.ts";
import { binsFor, DRIFT_LIMITS } from "#lib/stats/drift-limits.ts";
import type { CannotSay, DriftTest } from "#lib/stats/drift-test.ts";
import { testCells } from "#lib/stats/drift-test.ts";
import { computeJsDistanceBit, jsDistanceBitNullExpectation } from "#lib/stats/jensen-shannon.ts";
import { ksNullExpectation } from "#lib/stats/kolmogorov-smirnov.ts";
import type { NumericHistogram } from "#lib/stats/numeric-histogram.ts";
import { totalCountOf } from "#lib/stats/numeric-histogram.ts";
import { computePsi } from "#lib/stats/psi.ts";
import { countInBins, referenceBinsOf } from "#lib/stats/reference-bins.ts";

const { rowCountMin } = DRIFT_LIMITS;

export type BinnedStatistic = "psi" | "jensen_shannon" | "kolmogorov_smirnov";

export type BinnedDrift =
  | (CannotSay & { readonly test: DriftTest })
  | {
      readonly kind: "value";
      readonly value: number;
      readonly nullExpectation: number;
      readonly test: DriftTest;
    };

/** The bins of a baseline that every one of its cells is held against, by how many there are. */
const binsByCount = (baseline: NumericHistogram) => {
  const known = new Map<number, { cuts: readonly number[]; counts: number[] }>();
  return (binCount: number) => {
    const found = known.get(binCount);
    if (found !== undefined) return found;
    const bins = referenceBinsOf(baseline, binCount);
    const made = { cuts: bins.cuts, counts: countInBins(baseline, bins) };
    known.set(binCount, made);
    return made;
  };
};

/** Of the counts of a window between the cuts, one more than there are: the baseline is on the grid that the cuts lie on. What depends on the
 *  baseline alone is found once, however many windows there are. */
export const binnedDriftAgainst = (
  baseline: NumericHistogram,
  cuts: readonly number[],
  statistic: BinnedStatistic,
): ((windowCounts: readonly number[]) => BinnedDrift) => {
  const baselineCount = totalCountOf(baseline);
  const binsOf = binsByCount(baseline);
  return (windowCounts) => {
    const sampleSizes = { baseline: baselineCount, window: sumOf(windowCounts) };
    const binCount = binsFor(sampleSizes, DRIFT_LIMITS);
    if (typeof binCount !== "number")
      return { ...binCount, test: { name: "values", sampleSizes, rate: null, ...binCount } };
    const bins = binsOf(binCount);
    const cells = { baseline: bins.counts, window: joinBins(cuts, windowCounts, bins.cuts) };
    return { ...distanceOf(cells, statistic), test: testCells("values", cells, rowCountMin) };
  };
};

/** The same of a feature of categories: what `driftOfCategorical` says of the one statistic and of the values, without all else.
 *  Categories have no order, so no Kolmogorov-Smirnov: PSI stands in. */
export const categoricalDriftAgainst =
  (baseline: CategoricalProfile, statistic: BinnedStatistic) =>
  (window: CategoricalProfile): BinnedDrift => {
    const categories = categoryCellsOf(baseline, window);
    const test = testCells("values", toCells(categories), rowCountMin);
    const sampleSizes = {
      baseline: categoricalCountOf(baseline),
      window: categoricalCountOf(window),
    };
    const cellCount = binsFor(sampleSizes, DRIFT_LIMITS);
    if (typeof cellCount !== "number") return { ...cellCount, test };
    const { cells } = mergeCategories(categories, cellCount);
    return { ...distanceOf(cells, statistic === "kolmogorov_smirnov" ? "psi" : statistic), test };
  };

const joinBins = (
  cuts: readonly number[],
  counts: readonly number[],
  fewerCuts: readonly number[],
): number[] => {
  const joined = new Array<number>(fewerCuts.length + 1).fill(0);
  let target = 0;
  for (let i = 0; i < counts.length; i += 1) {
    const left = cuts[i - 1] ?? Number.NEGATIVE_INFINITY;
    while (target < fewerCuts.length && left >= (fewerCuts[target] ?? 0)) target += 1;
    joined[target] = (joined[target] ?? 0) + (counts[i] ?? 0);
  }
  return joined;
};

const distanceOf = (
  cells: Cells,
  statistic: BinnedStatistic,
): { kind: "value"; value: number; nullExpectation: number } => {
  const n = sumOf(cells.baseline);
  const m = sumOf(cells.window);
  switch (statistic) {
    case "psi": {
      const psi = computePsi(cells);
      return { kind: "value", value: psi?.value ?? 0, nullExpectation: psi?.nullExpectation ?? 0 };
    }
    case "jensen_shannon":
      return {
        kind: "value",
        value: computeJsDistanceBit(cells) ?? 0,
        nullExpectation: jsDistanceBitNullExpectation(cells),
      };
    case "kolmogorov_smirnov":
      return {
        kind: "value",
        value: gapAtCuts(cells, n, m),
        nullExpectation: ksNullExpectation(n, m),
      };
  }
};

const gapAtCuts = ({ baseline, window }: Cells, n: number, m: number): number => {
  let below = 0;
  let belowWindow = 0;
  let gap = 0;
  for (let i = 0; i < baseline.length; i += 1) {
    below += baseline[i] ?? 0;
    belowWindow += window[i] ?? 0;
    gap = Math.max(gap, Math.abs(below * m - belowWindow * n) / (n * m));
  }
  return gap;
};
