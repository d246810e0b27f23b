/** Drift test: one question about one feature (did its values, or the rate of something in it, change?), answered by a
 *  p-value for the evidence and effects for its size, or by what is lacking. Cells are tested for homogeneity
 *  (homogeneity.ts) and measured by their Hellinger distance. The values of a numeric feature are also tested and measured
 *  by Kolmogorov-Smirnov, which sees shifts that are spread over many bins; p is then twice the smaller of the two
 *  (Bonferroni).
 *
 *  Degenerate input: fewer rows than the minimum on a side: cannot say; one occupied cell (both sides constant, or a rate
 *  of 0 or 1 on both): p = 1 and no distance. */

import type { Cells } from "#lib/stats/cells.ts";
import { sumOf } from "#lib/stats/cells.ts";
import { computeHellingerEffect } from "#lib/stats/hellinger.ts";
import { testHomogeneity } from "#lib/stats/homogeneity.ts";
import { ksLowerBound, ksNullExpectation, ksPValueBound } from "#lib/stats/kolmogorov-smirnov.ts";

export type SampleSizes = { readonly baseline: number; readonly window: number };

export type CannotSay = {
  readonly kind: "cannot_say";
  readonly reason: "too_few_baseline_rows" | "too_few_window_rows" | "too_few_rows_per_bin";
  readonly have: number;
  readonly needed: number;
};

/** How large a change is: the distance, what it is about with no drift, and the lower end of its 95 % interval. */
export type Effect = {
  readonly statistic: "hellinger" | "kolmogorov_smirnov";
  readonly value: number;
  readonly nullExpectation: number;
  readonly lowerBound: number;
};

export type DriftTestName = "values" | "missing" | "non_finite" | "type_violations";

export type DriftTest = { readonly name: DriftTestName; readonly sampleSizes: SampleSizes } & (
  | CannotSay
  | {
      readonly kind: "tested";
      readonly pValue: number;
      readonly effects: readonly Effect[];
      readonly cellCount: number;
      readonly pooledCellCount: number;
    }
);

/** Null when both sides have enough rows. */
export const findLack = (
  { baseline, window }: SampleSizes,
  rowCountMin: number,
): CannotSay | null => {
  if (baseline < rowCountMin) {
    return {
      kind: "cannot_say",
      reason: "too_few_baseline_rows",
      have: baseline,
      needed: rowCountMin,
    };
  }
  if (window < rowCountMin) {
    return { kind: "cannot_say", reason: "too_few_window_rows", have: window, needed: rowCountMin };
  }
  return null;
};

export const testCells = (name: DriftTestName, cells: Cells, rowCountMin: number): DriftTest => {
  const sampleSizes = { baseline: sumOf(cells.baseline), window: sumOf(cells.window) };
  // An empty side cannot be tested whatever the caller's minimum.
  const lack = findLack(sampleSizes, Math.max(1, rowCountMin));
  if (lack !== null) return { name, sampleSizes, ...lack };
  const tested = testHomogeneity(cells);
  const effect = tested === null ? null : computeHellingerEffect(tested.cells);
  if (tested === null || effect === null) throw new Error("two sides with rows can be tested");
  return {
    name,
    sampleSizes,
    kind: "tested",
    pValue: tested.pValue,
    effects: [
      {
        statistic: "hellinger",
        value: effect.distance,
        nullExpectation: effect.nullExpectation,
        lowerBound: effect.lowerBound,
      },
    ],
    cellCount: tested.cells.baseline.length,
    pooledCellCount: tested.pooledCellCount,
  };
};

/** The same test, with the Kolmogorov-Smirnov distance of the values as second evidence and second effect. */
export const withKs = (test: DriftTest, d: number): DriftTest => {
  if (test.kind === "cannot_say") return test;
  const { baseline: n, window: m } = test.sampleSizes;
  const effect: Effect = {
    statistic: "kolmogorov_smirnov",
    value: d,
    nullExpectation: ksNullExpectation(n, m),
    lowerBound: ksLowerBound(d, n, m),
  };
  return {
    ...test,
    pValue: Math.min(1, 2 * Math.min(test.pValue, ksPValueBound(d, n, m))),
    effects: [...test.effects, effect],
  };
};
