/** The statistics of a categorical feature's drift, from two profiles over one list of values.
 *
 *  PSI, Jensen-Shannon and Kullback-Leibler, whose noise grows with the cells, over at most 20 merged ones; all others over
 *  every value: Hellinger, total variation, L-infinity with its value, chi-squared, G, Cramer's V plain and corrected. Inexact
 *  where a profile has a tail. Degenerate input: too few rows: cannot say. */

import type { CategoryCells } from "#lib/stats/category-cells.ts";
import { toCells } from "#lib/stats/category-cells.ts";
import type { Cells } from "#lib/stats/cells.ts";
import { occupiedCells } from "#lib/stats/cells.ts";
import { computeChiSquared } from "#lib/stats/chi-squared.ts";
import { computeCramersV } from "#lib/stats/cramers-v.ts";
import type { DriftStatistic, DriftStatisticName } from "#lib/stats/drift-statistic.ts";
import { driftValue, lacking } from "#lib/stats/drift-statistic.ts";
import type { CannotSay, SampleSizes } from "#lib/stats/drift-test.ts";
import { computeG } from "#lib/stats/g-test.ts";
import { computeLInfinity } from "#lib/stats/l-infinity.ts";
import { statisticsOfBins } from "#lib/stats/numeric-statistics.ts";

const NAMES: readonly DriftStatisticName[] = [
  "psi",
  "jensen_shannon",
  "kullback_leibler",
  "hellinger",
  "total_variation",
  "l_infinity",
  "chi_squared",
  "g_test",
  "cramers_v",
  "cramers_v_corrected",
];

const MERGED: readonly DriftStatisticName[] = ["psi", "jensen_shannon", "kullback_leibler"];

/** `merged` is null exactly when `lack` says why. */
export const statisticsOfCategories = (
  categories: CategoryCells,
  merged: Cells | null,
  sampleSizes: SampleSizes,
  lack: CannotSay | null,
): DriftStatistic[] => {
  if (merged === null) {
    if (lack === null) throw new Error("what is not merged lacks rows");
    return NAMES.map((name) => lacking(name, sampleSizes, lack));
  }
  const { isExact } = categories;
  const cells = toCells(categories);
  const ofMerged = statisticsOfBins(merged, sampleSizes, isExact);
  const ofAll = statisticsOfBins(cells, sampleSizes, isExact);
  return [
    ...ofMerged.filter(({ statistic }) => MERGED.includes(statistic)),
    ...ofAll.filter(({ statistic }) => !MERGED.includes(statistic)),
    ...testsOfCells(categories, cells, sampleSizes),
  ];
};

const testsOfCells = (
  { categories, isExact }: CategoryCells,
  cells: Cells,
  sampleSizes: SampleSizes,
): DriftStatistic[] => {
  const largest = computeLInfinity(cells);
  const chi = computeChiSquared(cells);
  const g = computeG(cells);
  const v = computeCramersV(cells);
  if (largest === null || chi === null || g === null || v === null)
    throw new Error("two sides with rows have distances");
  const { value, nullExpectation, interval, cell } = largest;
  const shared = { sampleSizes, isExact, binCount: occupiedCells(cells).baseline.length };
  const ofV = { ...shared, interval: v.interval, pValue: chi.pValue, unit: "share" as const };
  return [
    driftValue({
      ...shared,
      statistic: "l_infinity",
      value,
      nullExpectation,
      interval,
      // The last cell is the tail, which has no name of its own.
      category: categories[cell]?.name ?? null,
      unit: "share",
    }),
    ...([["chi_squared", chi] as const, ["g_test", g] as const] as const).map(([statistic, test]) =>
      driftValue({
        ...shared,
        statistic,
        value: test.statistic,
        nullExpectation: test.degreesOfFreedom,
        pValue: test.pValue,
        unit: "none",
      }),
    ),
    driftValue({
      ...ofV,
      statistic: "cramers_v",
      value: v.value,
      nullExpectation: v.nullExpectation,
    }),
    driftValue({
      ...ofV,
      statistic: "cramers_v_corrected",
      value: v.corrected,
      nullExpectation: 0,
    }),
  ];
};
