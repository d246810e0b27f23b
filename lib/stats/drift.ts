/** Drift of one feature: a window's profile against the baseline's.
 *
 *  Gives the statistics for people (numeric-statistics.ts, categorical-statistics.ts), each with its sample sizes, its
 *  expectation with no drift, its interval and how exact it is; and the tests for the verdict (verdict.ts): of the values, and
 *  of each rate on its own (missing, NaN, infinite, of the wrong type, out of range, unseen).
 *  A distance needs `rowCountMin` values on both sides (100), a binned one also `rowsPerBinMin` rows per average bin (50)
 *  on at least two bins; where they lack, the answer is "cannot_say" with what there was and what is needed, never a 0.
 *  Degenerate input: empty, one row, all missing: cannotSay (the missing rate is still tested); constant on both sides
 *  with one value: 0; with two values: the maximum; unseen categories: a cell that the baseline leaves empty. */

import { categoricalCountOf } from "#lib/stats/categorical-profile.ts";
import { statisticsOfCategories } from "#lib/stats/categorical-statistics.ts";
import type { Category } from "#lib/stats/category-cells.ts";
import { categoryCellsOf, mergeCategories, toCells } from "#lib/stats/category-cells.ts";
import type { Cells } from "#lib/stats/cells.ts";
import { sumOf } from "#lib/stats/cells.ts";
import type { DriftLimits, DriftOptions } from "#lib/stats/drift-limits.ts";
import { binsFor, withDefaults } from "#lib/stats/drift-limits.ts";
import type { DriftStatistic } from "#lib/stats/drift-statistic.ts";
import { lacking } from "#lib/stats/drift-statistic.ts";
import type { CannotSay, DriftTest, RateName } from "#lib/stats/drift-test.ts";
import {
  findLack,
  testCells,
  testOutOfRange,
  testRate,
  testUnseen,
  withOrder,
} from "#lib/stats/drift-test.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import type { Grid } from "#lib/stats/float-grid.ts";
import { rightEdgeOf } from "#lib/stats/float-grid.ts";
import { coarsenHistogram, commonGridOf, totalCountOf } from "#lib/stats/numeric-histogram.ts";
import type { OrderComparison } from "#lib/stats/numeric-statistics.ts";
import {
  BINNED_STATISTICS,
  compareOrder,
  orderStatistics,
  statisticsOfBins,
} from "#lib/stats/numeric-statistics.ts";
import { missingCountOf, nonFiniteCountOf } from "#lib/stats/profile-counts.ts";
import type { ReferenceBins } from "#lib/stats/reference-bins.ts";
import { countInBins, referenceBinsOf } from "#lib/stats/reference-bins.ts";

/** Counts by bin on both sides, as the binned statistics used them; `counts` has one more entry than `cuts`. */
export type NumericComparison = ReferenceBins & { readonly counts: Cells };

/** Counts of the named values and then, last, of all other known values, and of values that the baseline lacks. */
export type CategoricalComparison = { readonly names: readonly string[]; readonly counts: Cells };

export type NumericDrift = {
  readonly kind: "numeric";
  readonly statistics: readonly DriftStatistic[];
  readonly tests: readonly DriftTest[];
  readonly comparison: NumericComparison | null;
};

export type CategoricalDrift = {
  readonly kind: "categorical";
  readonly statistics: readonly DriftStatistic[];
  readonly tests: readonly DriftTest[];
  readonly comparison: CategoricalComparison | null;
  /** Most frequent first; empty when a tail makes it unknowable (`isExact` false). */
  readonly newCategories: readonly Category[];
  readonly vanishedCategories: readonly Category[];
  readonly isExact: boolean;
};

export type FeatureDrift = NumericDrift | CategoricalDrift;

const LISTED_CATEGORIES_MAX = 50;

/** The tests of shares of all rows; none where neither side has such a row, since there is nothing to ask. */
const rateTests = (
  baseline: FeatureProfile,
  window: FeatureProfile,
  rates: readonly (readonly [RateName, (profile: FeatureProfile) => number])[],
  rowCountMin: number,
): DriftTest[] => {
  const rows = { baseline: baseline.rowCount, window: window.rowCount };
  return rates.flatMap(([name, countOf]) => {
    const counts = { baseline: countOf(baseline), window: countOf(window) };
    return counts.baseline + counts.window === 0
      ? []
      : [testRate(name, { counts, rows, rowCountMin })];
  });
};

/** At least so many values of the window lie outside the baseline's range: a bin that reaches across an end does not count,
 *  but for the one value that the window's own range proves. */
const outOfRangeCount = (baseline: FeatureProfile, window: FeatureProfile): number => {
  const { minimum, maximum } = baseline;
  if (minimum === null || maximum === null) return 0;
  let [below, above] = [0, 0];
  window.edges.forEach((edge, i) => {
    const left = edge === 0 ? -window.zeroFloor : edge;
    if (left > maximum) above += window.counts[i] ?? 0;
    else if (edge < minimum && rightEdgeOf(edge, window) <= minimum) below += window.counts[i] ?? 0;
  });
  const isBelow = window.minimum !== null && window.minimum < minimum;
  const isAbove = window.maximum !== null && window.maximum > maximum;
  return Math.max(below, isBelow ? 1 : 0) + Math.max(above, isAbove ? 1 : 0);
};

const onGrid = (profile: FeatureProfile, grid: Grid): FeatureProfile => ({
  ...profile,
  ...coarsenHistogram(profile, grid),
});

/** The bins of the values and what is asked of the feature: all that a verdict needs. */
const askNumeric = (
  baselineAsStored: FeatureProfile,
  windowAsStored: FeatureProfile,
  options: DriftOptions,
) => {
  const grid = commonGridOf([baselineAsStored, windowAsStored]);
  const [baseline, window] = [onGrid(baselineAsStored, grid), onGrid(windowAsStored, grid)];
  const limits = withDefaults(options);
  const { rowCountMin } = limits;
  const sampleSizes = { baseline: totalCountOf(baseline), window: totalCountOf(window) };
  const sidesLack = findLack(sampleSizes, rowCountMin);
  const rates = [
    ...rateTests(
      baseline,
      window,
      [
        ["missing", missingCountOf],
        ["nan", (profile) => profile.nanCount],
        ["infinite", (profile) => nonFiniteCountOf(profile) - profile.nanCount],
        ["type_violations", (profile) => profile.stringCount + profile.booleanCount],
      ],
      rowCountMin,
    ),
    ...(sidesLack === null
      ? [
          testOutOfRange(
            outOfRangeCount(baselineAsStored, windowAsStored),
            sampleSizes,
            rowCountMin,
          ),
        ]
      : []),
  ];
  const binCount = binsFor(sampleSizes, limits);
  const order = sidesLack ?? compareOrder(baseline, window);
  const shared = { baseline, window, sampleSizes, order };
  if (typeof binCount !== "number") {
    const values: DriftTest = { name: "values", sampleSizes, rate: null, ...binCount };
    return { ...shared, tests: [values, ...rates], comparison: null, lack: binCount };
  }
  const bins = referenceBinsOf(baseline, binCount);
  const counts = { baseline: countInBins(baseline, bins), window: countInBins(window, bins) };
  const tests = [testValues(counts, order, rowCountMin), ...rates];
  return { ...shared, tests, comparison: { ...bins, counts }, lack: null };
};

/** The tests alone, for a verdict that shows no statistics: several times faster. */
export const testsOfNumeric = (
  baseline: FeatureProfile,
  window: FeatureProfile,
  options: DriftOptions = {},
): readonly DriftTest[] => askNumeric(baseline, window, options).tests;

export const driftOfNumeric = (
  baseline: FeatureProfile,
  window: FeatureProfile,
  options: DriftOptions = {},
): NumericDrift => {
  const asked = askNumeric(baseline, window, options);
  const { sampleSizes, comparison, lack, order } = asked;
  const binned =
    comparison === null
      ? BINNED_STATISTICS.map((name) => lacking(name, sampleSizes, lack))
      : statisticsOfBins(comparison.counts, sampleSizes);
  return {
    kind: "numeric",
    statistics: [...binned, ...orderStatistics(asked.baseline, asked.window, sampleSizes, order)],
    tests: asked.tests,
    comparison,
  };
};

const testValues = (
  counts: Cells,
  order: OrderComparison | CannotSay,
  rowCountMin: number,
): DriftTest => {
  const byCells = testCells("values", counts, rowCountMin);
  if ("kind" in order || order.deviation === 0 || order.cramerVonMises === null) return byCells;
  return withOrder(byCells, order.cramerVonMises.pValue, order.normed);
};

const countsEqualTo = (counts: readonly number[], wanted: number): number =>
  counts.filter((count) => count === wanted).length;

/** The categories of both sides and what is asked of the feature: all that a verdict needs. */
const askCategories = (baseline: FeatureProfile, window: FeatureProfile, limits: DriftLimits) => {
  const sampleSizes = {
    baseline: categoricalCountOf(baseline),
    window: categoricalCountOf(window),
  };
  const categories = categoryCellsOf(baseline, window);
  const { isExact } = categories;
  const fresh = categories.categories.filter((one) => one.baseline === 0);
  const unseenCount = isExact ? sumOf(fresh.map((one) => one.window)) : 0;
  const rates = [
    ...rateTests(
      baseline,
      window,
      [
        ["missing", missingCountOf],
        ["type_violations", (profile) => profile.numericCount + nonFiniteCountOf(profile)],
      ],
      limits.rowCountMin,
    ),
    ...(unseenCount > 0
      ? [
          testUnseen(
            {
              unseenCount,
              onceCount: countsEqualTo(baseline.valueCounts, 1),
              twiceCount: countsEqualTo(baseline.valueCounts, 2),
            },
            sampleSizes,
            limits.rowCountMin,
          ),
        ]
      : []),
  ];
  const tests = [testCells("values", toCells(categories), limits.rowCountMin), ...rates];
  return { sampleSizes, categories, fresh, tests };
};

/** As `testsOfNumeric`. */
export const testsOfCategorical = (
  baseline: FeatureProfile,
  window: FeatureProfile,
  options: DriftOptions = {},
): readonly DriftTest[] => askCategories(baseline, window, withDefaults(options)).tests;

export const driftOfCategorical = (
  baseline: FeatureProfile,
  window: FeatureProfile,
  options: DriftOptions = {},
): CategoricalDrift => {
  const limits = withDefaults(options);
  const { sampleSizes, categories, fresh, tests } = askCategories(baseline, window, limits);
  const { isExact } = categories;
  const listed = (all: readonly Category[]) => (isExact ? all.slice(0, LISTED_CATEGORIES_MAX) : []);
  const cellCount = binsFor(sampleSizes, limits);
  const shared = {
    kind: "categorical" as const,
    tests,
    newCategories: listed(fresh),
    vanishedCategories: listed(categories.categories.filter((one) => one.window === 0)),
    isExact,
  };
  const merged = typeof cellCount === "number" ? mergeCategories(categories, cellCount) : null;
  return {
    ...shared,
    statistics: statisticsOfCategories(
      categories,
      merged?.cells ?? null,
      sampleSizes,
      typeof cellCount === "number" ? null : cellCount,
    ),
    comparison: merged === null ? null : { names: merged.names, counts: merged.cells },
  };
};
