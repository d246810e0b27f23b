import type { DriftExplanation } from "#lib/api/drift.ts";
import type { DriftMeasure } from "#lib/domain/health.ts";
import type { Cells } from "#lib/stats/cells.ts";
import {
  evidentlyChiSquaredPValue,
  evidentlyChoice,
  evidentlyEnergyDistance,
  evidentlyGPValue,
  evidentlyHellinger,
  evidentlyHellingerCells,
  evidentlyJsDistance,
  evidentlyKl,
  evidentlyKsPValue,
  evidentlyNumericCells,
  evidentlyPsi,
  evidentlyTPValue,
  evidentlyWassersteinNormed,
} from "#lib/stats/compatibility/evidently.ts";
import {
  nannymlCategoricalCells,
  nannymlChiSquared,
  nannymlHellinger,
  nannymlJsDistance,
  nannymlKs,
  nannymlLInfinity,
  nannymlNumericCells,
  nannymlWasserstein,
} from "#lib/stats/compatibility/nannyml.ts";
import { scipyOfCells, scipyOfRows } from "#lib/stats/compatibility/scipy.ts";
import {
  tfdvCells,
  tfdvHistogram,
  tfdvJsDivergence,
  tfdvLInfinity,
} from "#lib/stats/compatibility/tfdv.ts";
import { valueCountsOf } from "#lib/stats/compatibility/value-counts.ts";

type Answer = DriftExplanation["exact"]["compatibility"][number];
type OfNumbers = (x: number[], y: number[]) => number | null;
type OfNames = (x: string[], y: string[]) => number | null;
type Entry<T> = readonly [profile: Answer["profile"], statistic: string, compute: T, note: string];

const scipyNumbers = (statistic: string): OfNumbers => scipyOfRows[statistic] ?? (() => null);
const scipyNames =
  (statistic: string): OfNames =>
  (x, y) =>
    scipyOfCells[statistic]?.(valueCountsOf(x, y)) ?? null;
const ofCells =
  (compute: (cells: Cells) => number | null): OfNames =>
  (x, y) =>
    compute(valueCountsOf(x, y));

const sturges =
  "bins by Sturges over both samples together, or values counted where there are at most 20";
const numberEntries: Partial<Record<DriftMeasure, readonly Entry<OfNumbers>[]>> = {
  psi: [["evidently", "psi", (x, y) => evidentlyPsi(evidentlyNumericCells(x, y)), sturges]],
  kullback_leibler: [
    ["evidently", "kl", (x, y) => evidentlyKl(evidentlyNumericCells(x, y)), sturges],
  ],
  jensen_shannon: [
    [
      "evidently",
      "js_distance",
      (x, y) => evidentlyJsDistance(evidentlyNumericCells(x, y)),
      `natural logarithm; ${sturges}`,
    ],
    [
      "nannyml",
      "js_distance",
      (x, y) => nannymlJsDistance(nannymlNumericCells(x, y)),
      "base 2; Doane's bins of the reference",
    ],
    [
      "tfdv",
      "js_divergence",
      (x, y) => tfdvJsDivergence(tfdvCells(tfdvHistogram(x), tfdvHistogram(y))),
      "base 2, the square of the distance; ten equal-width buckets a side",
    ],
  ],
  hellinger: [
    [
      "evidently",
      "hellinger",
      (x, y) => evidentlyHellinger(evidentlyHellingerCells(x, y)),
      "bins by Sturges of the distinct values",
    ],
    [
      "nannyml",
      "hellinger",
      (x, y) => nannymlHellinger(nannymlNumericCells(x, y)),
      "Doane's bins of the reference",
    ],
  ],
  kolmogorov_smirnov: [
    ["evidently", "ks_p_value", evidentlyKsPValue, "a p-value; drift at 0.05 or below"],
    ["nannyml", "ks_statistic", nannymlKs, "binned from 10,000 rows of the reference on"],
    ["scipy", "ks_statistic", scipyNumbers("ks_statistic"), ""],
    ["scipy", "ks_p_value", scipyNumbers("ks_p_value"), "exact up to 10,000 rows"],
  ],
  energy: [
    ["evidently", "energy_distance", evidentlyEnergyDistance, "drift above 0.1, whatever the unit"],
    ["scipy", "energy_distance", scipyNumbers("energy_distance"), ""],
  ],
  cramer_von_mises: [
    ["scipy", "cvm_statistic", scipyNumbers("cvm_statistic"), ""],
    ["scipy", "cvm_p_value", scipyNumbers("cvm_p_value"), "asymptotic"],
  ],
  mean_change: [
    ["evidently", "t_p_value", evidentlyTPValue, "assumes equal variances"],
    ["scipy", "welch_p_value", scipyNumbers("welch_p_value"), ""],
  ],
};
const wassersteinEntries: readonly Entry<OfNumbers>[] = [
  [
    "evidently",
    "wasserstein_normed",
    evidentlyWassersteinNormed,
    "over the standard deviation, at least 0.001; drift at 0.1 or above",
  ],
  ["nannyml", "wasserstein", nannymlWasserstein, "binned from 10,000 rows of the reference on"],
  ["scipy", "wasserstein_distance", scipyNumbers("wasserstein"), ""],
];

const nameEntries: Partial<Record<DriftMeasure, readonly Entry<OfNames>[]>> = {
  psi: [["evidently", "psi", ofCells(evidentlyPsi), "every value; empty ones filled by 0.0001"]],
  kullback_leibler: [
    ["evidently", "kl", ofCells(evidentlyKl), "every value; empty ones filled by 0.0001"],
  ],
  jensen_shannon: [
    ["evidently", "js_distance", ofCells(evidentlyJsDistance), "natural logarithm"],
    [
      "nannyml",
      "js_distance",
      (x, y) => nannymlJsDistance(nannymlCategoricalCells(x, y)),
      "base 2; all unseen values are one",
    ],
    ["tfdv", "js_divergence", ofCells(tfdvJsDivergence), "base 2, the square of the distance"],
  ],
  hellinger: [
    ["evidently", "hellinger", ofCells(evidentlyHellinger), ""],
    [
      "nannyml",
      "hellinger",
      (x, y) => nannymlHellinger(nannymlCategoricalCells(x, y)),
      "all unseen values are one",
    ],
  ],
  l_infinity: [
    ["nannyml", "l_infinity", nannymlLInfinity, ""],
    ["tfdv", "l_infinity", ofCells(tfdvLInfinity), ""],
  ],
  total_variation: [["scipy", "total_variation", scipyNames("total_variation"), ""]],
  chi_squared: [
    [
      "evidently",
      "chi2_p_value",
      ofCells(evidentlyChiSquaredPValue),
      "takes the reference as exact: no noise of its own",
    ],
    [
      "nannyml",
      "chi2_statistic",
      (x, y) => nannymlChiSquared(x, y)?.statistic ?? null,
      "Yates' correction for two values",
    ],
    ["scipy", "chi2_p_value", scipyNames("chi2_p_value"), "without correction"],
  ],
  g_test: [
    ["evidently", "g_p_value", ofCells(evidentlyGPValue), "totals are not brought together"],
    ["scipy", "g_p_value", scipyNames("g_p_value"), ""],
  ],
};

export interface CompatibilityMethod<T> {
  name: string;
  compute: (x: T[], y: T[]) => number | null;
  note: string;
}

/** Everything that one tool says of two sides of numbers. */
export function numberMethods(profile: Answer["profile"]): CompatibilityMethod<number>[] {
  return methodsOf([...Object.values(numberEntries).flat(), ...wassersteinEntries], profile);
}

/** Everything that one tool says of two sides of names. */
export function nameMethods(profile: Answer["profile"]): CompatibilityMethod<string>[] {
  return methodsOf(Object.values(nameEntries).flat(), profile);
}

function methodsOf<T>(
  entries: readonly Entry<(x: T[], y: T[]) => number | null>[],
  wanted: Answer["profile"],
): CompatibilityMethod<T>[] {
  return entries
    .filter(([profile]) => profile === wanted)
    .map(([, name, compute, note]) => ({ name, compute, note }));
}

/** What each tool gives for the same rows under its own rule, where it has the statistic at all. */
export function numberAnswers(measure: DriftMeasure, x: number[], y: number[]): Answer[] {
  const isWasserstein = measure === "wasserstein" || measure === "wasserstein_normed";
  const entries = isWasserstein ? wassersteinEntries : (numberEntries[measure] ?? []);
  return answer(entries, x, y, "numeric");
}

export function nameAnswers(measure: DriftMeasure, x: string[], y: string[]): Answer[] {
  return answer(nameEntries[measure] ?? [], x, y, "categorical");
}

function answer<T>(
  entries: readonly Entry<(x: T[], y: T[]) => number | null>[],
  x: T[],
  y: T[],
  kind: "numeric" | "categorical",
): Answer[] {
  if (x.length === 0 || y.length === 0 || entries.length === 0) return [];
  const choice = evidentlyChoice(kind, x.length, new Set([...x, ...y]).size);
  return entries.map(([profile, statistic, compute, note]) => {
    const value = compute(x, y);
    const isChosen = profile === "evidently" && statistic === choice.test;
    const chosen = isChosen ? `its own choice for these rows, threshold ${choice.threshold}` : "";
    return {
      profile,
      statistic,
      value: value !== null && Number.isFinite(value) ? value : null,
      note: [note, chosen].filter((part) => part !== "").join("; "),
    };
  });
}
