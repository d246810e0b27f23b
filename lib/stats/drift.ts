/** Drift of one feature: a window's profile against the baseline's.
 *
 *  Gives the distances for people (PSI, Jensen-Shannon distance in bits, Kolmogorov-Smirnov), each with its sample sizes,
 *  its expectation with no drift and its bins; and the tests for the verdict (verdict.ts): of the values, and of the
 *  rates of missing values, of NaN and infinities, and of values of the wrong type, each on its own.
 *  A distance needs `rowCountMin` values on both sides (100), a binned one also `rowsPerBinMin` rows per average bin (50)
 *  on at least two bins; where they lack, the answer is "cannot_say" with what there was and what is needed, never a 0.
 *  PSI and Jensen-Shannon are exact for the bins that they name. Kolmogorov-Smirnov is between `value` and `upperBound`.
 *  Degenerate input: empty, one row, all missing: cannotSay (the missing rate is still tested); constant on both sides
 *  with one value: 0; with two values: the maximum; unseen categories: a cell that the baseline leaves empty. */

import { categoricalCountOf } from "#lib/stats/categorical-profile.ts";
import type { Category } from "#lib/stats/category-cells.ts";
import { categoryCellsOf, mergeCategories, toCells } from "#lib/stats/category-cells.ts";
import type { Cells } from "#lib/stats/cells.ts";
import { occupiedCells } from "#lib/stats/cells.ts";
import type { CannotSay, DriftTest, DriftTestName, SampleSizes } from "#lib/stats/drift-test.ts";
import { findLack, testCells, withKs } from "#lib/stats/drift-test.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { computeJsDistanceBit, jsDistanceBitNullExpectation } from "#lib/stats/jensen-shannon.ts";
import { computeKsOfHistograms, ksNullExpectation } from "#lib/stats/kolmogorov-smirnov.ts";
import { coarsenHistogram, commonGridOf, totalCountOf } from "#lib/stats/numeric-histogram.ts";
import { missingCountOf, nonFiniteCountOf } from "#lib/stats/profile-counts.ts";
import type { Smoothing } from "#lib/stats/psi.ts";
import { computePsi } from "#lib/stats/psi.ts";
import type { ReferenceBins } from "#lib/stats/reference-bins.ts";
import { chooseBinCount, countInBins, referenceBinsOf } from "#lib/stats/reference-bins.ts";

export type DriftStatisticName = "psi" | "jensen_shannon" | "kolmogorov_smirnov";

export type DriftValue = {
  readonly kind: "value";
  readonly statistic: DriftStatisticName;
  readonly value: number;
  /** Not below `value`; equal to it when the value is exact. */
  readonly upperBound: number;
  readonly isExact: boolean;
  readonly nullExpectation: number;
  readonly sampleSizes: SampleSizes;
  /** Occupied cells; null for a statistic without bins. */
  readonly binCount: number | null;
  readonly smoothing: Smoothing | null;
  /** PSI in nats; Jensen-Shannon is the distance, to base 2; Kolmogorov-Smirnov a share of rows. */
  readonly unit: "nat" | "bit" | "share";
};

export type DriftStatistic =
  | DriftValue
  | (CannotSay & { readonly statistic: DriftStatisticName; readonly sampleSizes: SampleSizes });

export type DriftOptions = {
  readonly rowCountMin?: number;
  readonly rowsPerBinMin?: number;
  readonly binCountMax?: number;
};

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

const ROW_COUNT_MIN = 100;
const ROWS_PER_BIN_MIN = 50;
const BIN_COUNT_MAX = 20;
const LISTED_CATEGORIES_MAX = 50;

const withDefaults = (options: DriftOptions): Required<DriftOptions> => ({
  rowCountMin: Math.max(1, options.rowCountMin ?? ROW_COUNT_MIN),
  rowsPerBinMin: Math.max(1, options.rowsPerBinMin ?? ROWS_PER_BIN_MIN),
  binCountMax: Math.max(2, options.binCountMax ?? BIN_COUNT_MAX),
});

const lacking = (
  statistic: DriftStatisticName,
  sampleSizes: SampleSizes,
  lack: CannotSay,
): DriftStatistic => ({ ...lack, statistic, sampleSizes });

/** How many bins the smaller side can fill, or what it lacks. */
const binsFor = (
  sampleSizes: SampleSizes,
  { rowCountMin, rowsPerBinMin, binCountMax }: Required<DriftOptions>,
): number | CannotSay => {
  const lack = findLack(sampleSizes, rowCountMin);
  if (lack !== null) return lack;
  const have = Math.min(sampleSizes.baseline, sampleSizes.window);
  const binCount = chooseBinCount(have, rowsPerBinMin, binCountMax);
  if (binCount !== null) return binCount;
  return { kind: "cannot_say", reason: "too_few_rows_per_bin", have, needed: 2 * rowsPerBinMin };
};

const binnedStatistics = (
  cells: Cells,
  sampleSizes: SampleSizes,
  isExact: boolean,
): DriftStatistic[] => {
  const psi = computePsi(cells);
  const distance = computeJsDistanceBit(cells);
  if (psi === null || distance === null) throw new Error("two sides with rows have distances");
  const shared = {
    kind: "value" as const,
    sampleSizes,
    isExact,
    binCount: occupiedCells(cells).baseline.length,
  };
  return [
    {
      ...shared,
      statistic: "psi",
      value: psi.value,
      upperBound: psi.value,
      nullExpectation: psi.nullExpectation,
      smoothing: psi.smoothing,
      unit: "nat",
    },
    {
      ...shared,
      statistic: "jensen_shannon",
      value: distance,
      upperBound: distance,
      nullExpectation: jsDistanceBitNullExpectation(cells),
      smoothing: null,
      unit: "bit",
    },
  ];
};

const ksStatistic = (
  baseline: FeatureProfile,
  window: FeatureProfile,
  sampleSizes: SampleSizes,
  rowCountMin: number,
): DriftStatistic => {
  const lack = findLack(sampleSizes, rowCountMin);
  const ks = lack === null ? computeKsOfHistograms(baseline, window) : null;
  if (lack !== null) return lacking("kolmogorov_smirnov", sampleSizes, lack);
  if (ks === null) throw new Error("two sides with rows have a distance");
  return {
    kind: "value",
    statistic: "kolmogorov_smirnov",
    ...ks,
    nullExpectation: ksNullExpectation(sampleSizes.baseline, sampleSizes.window),
    sampleSizes,
    binCount: null,
    smoothing: null,
    unit: "share",
  };
};

/** The test of a share of all rows; none when neither side has such a row, since there is nothing to ask. */
const rateTest = (
  name: DriftTestName,
  counts: SampleSizes,
  rows: SampleSizes,
  rowCountMin: number,
): DriftTest[] => {
  if (counts.baseline + counts.window === 0) return [];
  const cells = {
    baseline: [counts.baseline, rows.baseline - counts.baseline],
    window: [counts.window, rows.window - counts.window],
  };
  return [testCells(name, cells, rowCountMin)];
};

const rateTests = (
  baseline: FeatureProfile,
  window: FeatureProfile,
  rates: Partial<Record<DriftTestName, (profile: FeatureProfile) => number>>,
  rowCountMin: number,
): DriftTest[] => {
  const rows = { baseline: baseline.rowCount, window: window.rowCount };
  return (Object.keys(rates) as DriftTestName[]).flatMap((name) => {
    const countOf = rates[name] ?? (() => 0);
    const counts = { baseline: countOf(baseline), window: countOf(window) };
    return rateTest(name, counts, rows, rowCountMin);
  });
};

export const driftOfNumeric = (
  baseline: FeatureProfile,
  window: FeatureProfile,
  options: DriftOptions = {},
): NumericDrift => {
  const limits = withDefaults(options);
  const sampleSizes = { baseline: totalCountOf(baseline), window: totalCountOf(window) };
  const ks = ksStatistic(baseline, window, sampleSizes, limits.rowCountMin);
  const rates = rateTests(
    baseline,
    window,
    {
      missing: missingCountOf,
      non_finite: nonFiniteCountOf,
      type_violations: (profile) => profile.stringCount + profile.booleanCount,
    },
    limits.rowCountMin,
  );
  const binCount = binsFor(sampleSizes, limits);
  if (typeof binCount !== "number") {
    const lacks = (["psi", "jensen_shannon"] as const).map((name) =>
      lacking(name, sampleSizes, binCount),
    );
    const values: DriftTest = { name: "values", sampleSizes, ...binCount };
    return {
      kind: "numeric",
      statistics: [...lacks, ks],
      tests: [values, ...rates],
      comparison: null,
    };
  }
  const grid = commonGridOf([baseline, window]);
  const bins = referenceBinsOf(coarsenHistogram(baseline, grid), binCount);
  const counts = { baseline: countInBins(baseline, bins), window: countInBins(window, bins) };
  const values = testCells("values", counts, limits.rowCountMin);
  return {
    kind: "numeric",
    statistics: [...binnedStatistics(counts, sampleSizes, true), ks],
    tests: [ks.kind === "value" ? withKs(values, ks.value) : values, ...rates],
    comparison: { ...bins, counts },
  };
};

export const driftOfCategorical = (
  baseline: FeatureProfile,
  window: FeatureProfile,
  options: DriftOptions = {},
): CategoricalDrift => {
  const limits = withDefaults(options);
  const sampleSizes = {
    baseline: categoricalCountOf(baseline),
    window: categoricalCountOf(window),
  };
  const rates = rateTests(
    baseline,
    window,
    {
      missing: missingCountOf,
      type_violations: (profile) => profile.numericCount + nonFiniteCountOf(profile),
    },
    limits.rowCountMin,
  );
  const categories = categoryCellsOf(baseline, window);
  const { isExact } = categories;
  const listed = (keep: (one: Category) => boolean) =>
    categories.categories.filter((one) => isExact && keep(one)).slice(0, LISTED_CATEGORIES_MAX);
  const shared = {
    kind: "categorical" as const,
    tests: [testCells("values", toCells(categories), limits.rowCountMin), ...rates],
    newCategories: listed((one) => one.baseline === 0),
    vanishedCategories: listed((one) => one.window === 0),
    isExact,
  };
  const cellCount = binsFor(sampleSizes, limits);
  if (typeof cellCount !== "number") {
    const lacks = (["psi", "jensen_shannon"] as const).map((name) =>
      lacking(name, sampleSizes, cellCount),
    );
    return { ...shared, statistics: lacks, comparison: null };
  }
  const { names, cells } = mergeCategories(categories, cellCount);
  return {
    ...shared,
    statistics: binnedStatistics(cells, sampleSizes, isExact),
    comparison: { names, counts: cells },
  };
};
