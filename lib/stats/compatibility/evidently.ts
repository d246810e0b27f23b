/** The figures that Evidently 0.7 gives for the same two samples.
 *
 *  Definition. Numeric samples whose baseline has more than 20 distinct values are binned by Sturges over both samples
 *  together, so that the bins differ from window to window; all else is counted by value. PSI and KL: on each side an
 *  empty cell becomes 0.0001, or a millionth of that side's smallest share if this is at most 0.0001, and nothing is
 *  normalised again (KL does). Jensen-Shannon is the distance in nats, without that filling. Hellinger's bins are Sturges' of
 *  the set of distinct values. Wasserstein is divided by the population standard deviation, at least 0.001. KS is a p-value,
 *  exact up to 10,000 rows. Its chi-squared and G take the baseline's shares as exact, G without bringing the totals together;
 *  its t-test assumes equal variances; its Mann-Whitney is one-sided. Which test it runs when none is named: `evidentlyChoice`.
 *  Degenerate input: an empty side has no answer (null). Only finite values belong here. */

import type { Cells } from "#lib/stats/cells.ts";
import { sumOf } from "#lib/stats/cells.ts";
import { chiSquaredSurvival } from "#lib/stats/chi-squared.ts";
import { computeAndersonDarling } from "#lib/stats/compatibility/anderson-darling.ts";
import { eppsSingletonPValue } from "#lib/stats/compatibility/epps-singleton.ts";
import { computeMannWhitney } from "#lib/stats/compatibility/mann-whitney.ts";
import { countBetweenEdges, sturgesEdges } from "#lib/stats/compatibility/numpy-bins.ts";
import { scipyCramerVonMises } from "#lib/stats/compatibility/scipy.ts";
import { valueCountsOf } from "#lib/stats/compatibility/value-counts.ts";
import { computeEnergyDistance } from "#lib/stats/energy-distance.ts";
import { computeJsDistanceNat } from "#lib/stats/jensen-shannon.ts";
import { computeKs, ksPValue } from "#lib/stats/kolmogorov-smirnov.ts";
import { klOfWeights } from "#lib/stats/kullback-leibler.ts";
import { momentsOf, standardDeviationOf } from "#lib/stats/moments.ts";
import { psiOfShares } from "#lib/stats/psi.ts";
import { computeRateChange } from "#lib/stats/rate-change.ts";
import { studentTwoSided } from "#lib/stats/student-distribution.ts";
import { twoSampleOf } from "#lib/stats/two-sample.ts";
import { computeWasserstein, normWasserstein } from "#lib/stats/wasserstein.ts";

const DISTINCT_COUNTED_MAX = 20;
const SHARE_MIN = 0.0001;
const DEVIATION_MIN = 0.001;
const SMALL_ROWS_MAX = 1_000;
const DISTINCT_AS_CATEGORIES_MAX = 5;

export const evidentlyNumericCells = (
  baseline: readonly number[],
  window: readonly number[],
): Cells => {
  if (new Set(baseline).size <= DISTINCT_COUNTED_MAX) return valueCountsOf(baseline, window);
  const edges = sturgesEdges([...baseline, ...window]);
  return {
    baseline: countBetweenEdges(baseline, edges).counts,
    window: countBetweenEdges(window, edges).counts,
  };
};

const isEmpty = ({ baseline, window }: Cells): boolean =>
  sumOf(baseline) === 0 || sumOf(window) === 0;

const filledShares = (counts: readonly number[]): number[] => {
  const total = sumOf(counts);
  const shares = counts.map((count) => count / total);
  const smallest = Math.min(...shares.filter((share) => share > 0));
  const filling = smallest <= SHARE_MIN ? smallest / 1e6 : SHARE_MIN;
  return shares.map((share) => (share === 0 ? filling : share));
};

export const evidentlyPsi = (cells: Cells): number | null =>
  isEmpty(cells) ? null : psiOfShares(filledShares(cells.baseline), filledShares(cells.window));

export const evidentlyKl = (cells: Cells): number | null =>
  isEmpty(cells) ? null : klOfWeights(filledShares(cells.baseline), filledShares(cells.window));

export const evidentlyJsDistance = computeJsDistanceNat;

/** Cells of Hellinger's distance for numbers. */
export const evidentlyHellingerCells = (
  baseline: readonly number[],
  window: readonly number[],
): Cells => {
  const edges = sturgesEdges([...new Set([...baseline, ...window])]);
  return {
    baseline: countBetweenEdges(baseline, edges).counts,
    window: countBetweenEdges(window, edges).counts,
  };
};

export const evidentlyHellinger = (cells: Cells): number | null => {
  if (isEmpty(cells)) return null;
  const [n, m] = [sumOf(cells.baseline), sumOf(cells.window)];
  const affinity = cells.baseline.reduce(
    (sum, count, i) => sum + Math.sqrt((count / n) * ((cells.window[i] ?? 0) / m)),
    0,
  );
  return Math.sqrt(1 - Math.min(1, affinity));
};

export const evidentlyWassersteinNormed = (
  baseline: readonly number[],
  window: readonly number[],
): number | null => {
  const two = twoSampleOf(baseline, window);
  const distance = two === null ? null : computeWasserstein(two);
  const deviation = standardDeviationOf(momentsOf(baseline));
  if (distance === null || deviation === null) return null;
  return normWasserstein(distance, Math.max(deviation, DEVIATION_MIN))?.value ?? null;
};

export const evidentlyEnergyDistance = (
  baseline: readonly number[],
  window: readonly number[],
): number | null => {
  const two = twoSampleOf(baseline, window);
  return two === null ? null : (computeEnergyDistance(two)?.value ?? null);
};

export const evidentlyKsPValue = (
  baseline: readonly number[],
  window: readonly number[],
): number | null => {
  const d = computeKs(baseline, window);
  return d === null ? null : ksPValue(d, baseline.length, window.length);
};

/** Exact up to 20 rows on the larger side in the tool, asymptotic here from the first: null there. */
export const evidentlyCramerVonMisesPValue = (
  baseline: readonly number[],
  window: readonly number[],
): number | null => scipyCramerVonMises(baseline, window)?.pValue ?? null;

export const evidentlyMannWhitneyPValue = (
  baseline: readonly number[],
  window: readonly number[],
): number | null => computeMannWhitney(baseline, window)?.pLess ?? null;

export const evidentlyAndersonPValue = (
  baseline: readonly number[],
  window: readonly number[],
): number | null => computeAndersonDarling(baseline, window)?.pValue ?? null;

export const evidentlyEppsSingletonPValue = eppsSingletonPValue;

/** Student's t with one variance for both samples. */
export const evidentlyTPValue = (
  baseline: readonly number[],
  window: readonly number[],
): number | null => {
  const [a, b] = [momentsOf(baseline), momentsOf(window)];
  const freedom = a.count + b.count - 2;
  if (a.count === 0 || b.count === 0 || freedom < 1) return null;
  const variance = ((a.m2 + b.m2) / freedom) * (1 / a.count + 1 / b.count);
  if (!(variance > 0)) return null;
  return studentTwoSided((a.mean - b.mean) / Math.sqrt(variance), freedom);
};

/** Against the baseline's shares as if they were exact; a category that it lacks makes it 0, a single one null. */
export const evidentlyChiSquaredPValue = (cells: Cells): number | null => {
  if (isEmpty(cells) || cells.baseline.length < 2) return null;
  const scale = sumOf(cells.window) / sumOf(cells.baseline);
  const statistic = cells.baseline.reduce(
    (sum, count, i) => sum + ((cells.window[i] ?? 0) - count * scale) ** 2 / (count * scale),
    0,
  );
  return chiSquaredSurvival(statistic, cells.baseline.length - 1);
};

export const evidentlyGPValue = (cells: Cells): number | null => {
  if (isEmpty(cells) || cells.baseline.length < 2) return null;
  const statistic = cells.window.reduce((sum, observed, i) => {
    const expected = cells.baseline[i] ?? 0;
    return observed === 0 ? sum : sum + 2 * observed * Math.log(observed / expected);
  }, 0);
  return chiSquaredSurvival(statistic, cells.baseline.length - 1);
};

/** Of the share of one of two values. */
export const evidentlyZPValue = (cells: Cells): number | null => {
  const [a = 0, b = 0] = [cells.baseline[0], cells.window[0]];
  return (
    computeRateChange(
      { count: a, total: sumOf(cells.baseline) },
      { count: b, total: sumOf(cells.window) },
    )?.pValue ?? null
  );
};

export type EvidentlyChoice = {
  readonly test: "ks_p_value" | "chi2_p_value" | "z_p_value" | "js_distance" | "wasserstein_normed";
  /** Drift is at most this for a p-value (below it for chi-squared and z), at least this for a distance. */
  readonly threshold: number;
};

/** The test that runs when none is named; `distinctCount` is that of both samples together. */
export const evidentlyChoice = (
  kind: "numeric" | "categorical",
  baselineCount: number,
  distinctCount: number,
): EvidentlyChoice => {
  const isSmall = baselineCount <= SMALL_ROWS_MAX;
  const isCounted = kind === "categorical" || distinctCount <= DISTINCT_AS_CATEGORIES_MAX;
  if (!isSmall) {
    return { test: isCounted ? "js_distance" : "wasserstein_normed", threshold: 0.1 };
  }
  if (!isCounted) return { test: "ks_p_value", threshold: 0.05 };
  return { test: distinctCount > 2 ? "chi2_p_value" : "z_p_value", threshold: 0.05 };
};
