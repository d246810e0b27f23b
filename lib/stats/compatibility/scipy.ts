/** The figures that scipy 1.17 gives for the same two samples, under its own names.
 *
 *  Definition. All take raw rows, or counts over one list of cells, and are two-sample statistics with noise on both sides.
 *  Chi-squared and G are without the correction for continuity. Degenerate input: an empty side has no answer (null). */

import type { Cells } from "#lib/stats/cells.ts";
import { computeChiSquared } from "#lib/stats/chi-squared.ts";
import { computeAndersonDarling } from "#lib/stats/compatibility/anderson-darling.ts";
import { computeMannWhitney } from "#lib/stats/compatibility/mann-whitney.ts";
import type { CramerVonMises } from "#lib/stats/cramer-von-mises.ts";
import { computeCramerVonMises } from "#lib/stats/cramer-von-mises.ts";
import { computeEnergyDistance } from "#lib/stats/energy-distance.ts";
import { computeG } from "#lib/stats/g-test.ts";
import { computeJsDistanceBit, computeJsDistanceNat } from "#lib/stats/jensen-shannon.ts";
import { computeKs, ksPValue, ksPValueAsymptotic } from "#lib/stats/kolmogorov-smirnov.ts";
import { computeMeanChange } from "#lib/stats/mean-change.ts";
import { momentsOf } from "#lib/stats/moments.ts";
import { computeTotalVariation } from "#lib/stats/total-variation.ts";
import { twoSampleOf } from "#lib/stats/two-sample.ts";
import { computeWasserstein } from "#lib/stats/wasserstein.ts";

type OfRows = (baseline: readonly number[], window: readonly number[]) => number | null;
type OfCells = (cells: Cells) => number | null;

export const scipyCramerVonMises = (
  baseline: readonly number[],
  window: readonly number[],
): CramerVonMises | null => {
  const two = twoSampleOf(baseline, window);
  return two === null ? null : computeCramerVonMises(two, "midranks");
};

const ksTail =
  (tail: (d: number, n: number, m: number) => number): OfRows =>
  (baseline, window) => {
    const d = computeKs(baseline, window);
    return d === null ? null : tail(d, baseline.length, window.length);
  };

/** Welch's t, the baseline's mean less the window's, as `ttest_ind(x, y, equal_var=False)`. */
const welch = (baseline: readonly number[], window: readonly number[]) =>
  computeMeanChange(momentsOf(window), momentsOf(baseline));

export const scipyOfRows: Readonly<Record<string, OfRows>> = {
  ks_statistic: computeKs,
  ks_p_value: ksTail(ksPValue),
  ks_p_value_asymptotic: ksTail(ksPValueAsymptotic),
  wasserstein: (x, y) => {
    const two = twoSampleOf(x, y);
    return two === null ? null : (computeWasserstein(two)?.value ?? null);
  },
  energy_distance: (x, y) => {
    const two = twoSampleOf(x, y);
    return two === null ? null : (computeEnergyDistance(two)?.value ?? null);
  },
  cvm_statistic: (x, y) => scipyCramerVonMises(x, y)?.statistic ?? null,
  cvm_p_value: (x, y) => scipyCramerVonMises(x, y)?.pValue ?? null,
  mannwhitney_u: (x, y) => computeMannWhitney(x, y)?.u ?? null,
  mannwhitney_p_value: (x, y) => computeMannWhitney(x, y)?.pTwoSided ?? null,
  welch_t: (x, y) => welch(x, y)?.statistic ?? null,
  welch_p_value: (x, y) => welch(x, y)?.pValue ?? null,
  anderson_ksamp_statistic: (x, y) => computeAndersonDarling(x, y)?.statistic ?? null,
};

export const scipyOfCells: Readonly<Record<string, OfCells>> = {
  chi2_statistic: (cells) => computeChiSquared(cells)?.statistic ?? null,
  chi2_p_value: (cells) => computeChiSquared(cells)?.pValue ?? null,
  g_statistic: (cells) => computeG(cells)?.statistic ?? null,
  g_p_value: (cells) => computeG(cells)?.pValue ?? null,
  total_variation: (cells) => computeTotalVariation(cells)?.value ?? null,
  js_distance_nat: computeJsDistanceNat,
  js_distance_bit: computeJsDistanceBit,
};
