import { describe, expect, test } from "vitest";
import type { Cells } from "#lib/stats/cells.ts";
import {
  evidentlyAndersonPValue,
  evidentlyChiSquaredPValue,
  evidentlyChoice,
  evidentlyCramerVonMisesPValue,
  evidentlyEnergyDistance,
  evidentlyEppsSingletonPValue,
  evidentlyGPValue,
  evidentlyHellinger,
  evidentlyHellingerCells,
  evidentlyJsDistance,
  evidentlyKl,
  evidentlyKsPValue,
  evidentlyMannWhitneyPValue,
  evidentlyNumericCells,
  evidentlyPsi,
  evidentlyTPValue,
  evidentlyWassersteinNormed,
  evidentlyZPValue,
} from "#lib/stats/compatibility/evidently.ts";
import { fisherExactPValue } from "#lib/stats/compatibility/fisher-exact.ts";
import {
  nannymlCategoricalCells,
  nannymlChiSquared,
  nannymlHellinger,
  nannymlJsDistance,
  nannymlKs,
  nannymlLInfinity,
  nannymlNumericCells,
  nannymlThreshold,
  nannymlWasserstein,
} from "#lib/stats/compatibility/nannyml.ts";
import {
  countBetweenEdges,
  doaneEdges,
  sturgesEdges,
} from "#lib/stats/compatibility/numpy-bins.ts";
import { scipyOfCells, scipyOfRows } from "#lib/stats/compatibility/scipy.ts";
import {
  addOnePsi,
  azureNumericCells,
  azurePsi,
  deepchecksPsi,
} from "#lib/stats/compatibility/smoothed-psi.ts";
import {
  tfdvCells,
  tfdvJsDivergence,
  tfdvLInfinity,
  tfdvNormalizedAbsDifference,
} from "#lib/stats/compatibility/tfdv.ts";
import { valueCountsOf } from "#lib/stats/compatibility/value-counts.ts";
import { computeKs } from "#lib/stats/kolmogorov-smirnov.ts";
import { GOLDEN_SKIPPED, readGolden } from "#lib/stats/testing/golden.ts";
import { disagreement } from "#lib/stats/testing/reference.ts";

type Input = { kind: "numeric"; values: number[] } | { kind: "categorical"; values: string[] };
type Vector = {
  id: string;
  profile: string;
  statistic: string;
  reference: string;
  current: string;
  expected: number;
  rtol: number;
  atol: number;
};
type Edge = number | "inf" | "-inf";
type Histogram = { buckets: { low: Edge; high: Edge; count: number }[]; num_nan: number };
type Published = {
  id: string;
  statistic: string;
  reference_counts?: Record<string, number>;
  current_counts?: Record<string, number>;
  reference_values?: number[];
  current_values?: number[];
  values?: number[];
  reference_histogram?: Histogram;
  current_histogram?: Histogram;
  expected: number | null;
  atol: number;
};
type Binning = { edges: number[]; reference_counts: number[]; current_counts: number[] };
type Golden = {
  inputs: Record<string, Input>;
  vectors: Vector[];
  published: Published[];
  intermediate: Record<string, Binning>;
};

type Numeric = (x: number[], y: number[]) => number | null;
type Categorical = (x: string[], y: string[]) => number | null;

const ofCells =
  (compute: (cells: Cells) => number | null): Categorical =>
  (x, y) =>
    compute(valueCountsOf(x, y));

const NUMERIC: Record<string, Numeric> = {
  "evidently psi": (x, y) => evidentlyPsi(evidentlyNumericCells(x, y)),
  "evidently kl": (x, y) => evidentlyKl(evidentlyNumericCells(x, y)),
  "evidently js_distance": (x, y) => evidentlyJsDistance(evidentlyNumericCells(x, y)),
  "evidently hellinger": (x, y) => evidentlyHellinger(evidentlyHellingerCells(x, y)),
  "evidently wasserstein_normed": evidentlyWassersteinNormed,
  "evidently energy_distance": evidentlyEnergyDistance,
  "evidently ks_p_value": evidentlyKsPValue,
  "evidently t_p_value": evidentlyTPValue,
  "evidently cvm_p_value": evidentlyCramerVonMisesPValue,
  "evidently mannwhitney_p_value": evidentlyMannWhitneyPValue,
  "nannyml js_distance": (x, y) => nannymlJsDistance(nannymlNumericCells(x, y)),
  "nannyml hellinger": (x, y) => nannymlHellinger(nannymlNumericCells(x, y)),
  "nannyml ks_statistic": nannymlKs,
  "nannyml wasserstein": nannymlWasserstein,
  "deepchecks ks_statistic": computeKs,
  "azure psi": (x, y) => azurePsi(azureNumericCells(x, y)),
};

const CATEGORICAL: Record<string, Categorical> = {
  "evidently psi": ofCells(evidentlyPsi),
  "evidently kl": ofCells(evidentlyKl),
  "evidently js_distance": ofCells(evidentlyJsDistance),
  "evidently hellinger": ofCells(evidentlyHellinger),
  "evidently chi2_p_value": ofCells(evidentlyChiSquaredPValue),
  "evidently z_p_value": ofCells(evidentlyZPValue),
  "nannyml js_distance": (x, y) => nannymlJsDistance(nannymlCategoricalCells(x, y)),
  "nannyml hellinger": (x, y) => nannymlHellinger(nannymlCategoricalCells(x, y)),
  "nannyml l_infinity": nannymlLInfinity,
  "nannyml chi2_statistic": (x, y) => nannymlChiSquared(x, y)?.statistic ?? null,
  "nannyml chi2_p_value": (x, y) => nannymlChiSquared(x, y)?.pValue ?? null,
  "deepchecks psi": ofCells(deepchecksPsi),
  "tfdv js_divergence": ofCells(tfdvJsDivergence),
  "tfdv l_infinity": ofCells(tfdvLInfinity),
  "tfdv normalized_abs_difference": ofCells(tfdvNormalizedAbsDifference),
  "phoenix psi": ofCells(addOnePsi),
  "fiddler psi": ofCells(addOnePsi),
};

/** These profiles answer whatever golden holds of them; of the others PSI, Jensen-Shannon and Kolmogorov-Smirnov. */
const WHOLE_PROFILES = ["evidently", "nannyml", "tfdv", "scipy"];
const OTHERS = /(^|\s)(psi|js_|ks_)/;

const golden = readGolden<Golden>("vectors.json");
const vectors = (golden?.vectors ?? []).filter(
  ({ profile, statistic }) => WHOLE_PROFILES.includes(profile) || OTHERS.test(statistic),
);
/** What performance, skew and calibration are held to is tested beside them. */
const NOT_DRIFT = /ndcg|map@|equal-count bins|deepchecks (?!.*psi|.*ks_|.*js_)/;
const published = (golden?.published ?? []).filter(({ statistic }) => !NOT_DRIFT.test(statistic));

const answerOf = ({ profile, statistic, reference, current }: Vector): number | null => {
  const [x, y] = [golden?.inputs[reference], golden?.inputs[current]];
  const name = `${profile} ${statistic}`;
  if (x?.kind === "numeric" && y?.kind === "numeric") {
    const compute = profile === "scipy" ? scipyOfRows[statistic] : NUMERIC[name];
    if (compute) return compute(x.values, y.values);
  }
  if (x?.kind === "categorical" && y?.kind === "categorical") {
    const ofScipy = scipyOfCells[statistic];
    const compute = profile === "scipy" && ofScipy ? ofCells(ofScipy) : CATEGORICAL[name];
    if (compute) return compute(x.values, y.values);
  }
  throw new Error(`no function answers ${name} for ${reference}, ${current}`);
};

const expand = (counts: Record<string, number>): string[] =>
  Object.entries(counts).flatMap(([name, count]) => new Array<string>(count).fill(name));

const toHistogram = ({ buckets, num_nan }: Histogram) => {
  const toNumber = (edge: Edge) =>
    typeof edge === "number" ? edge : Number(edge.replace("inf", "Infinity"));
  return {
    nanCount: num_nan,
    buckets: buckets.map(({ low, high, count }) => ({
      low: toNumber(low),
      high: toNumber(high),
      count,
    })),
  };
};

const countsOf = (x: Record<string, number>, y: Record<string, number>): Cells => {
  const names = [...new Set([...Object.keys(x), ...Object.keys(y)])];
  return {
    baseline: names.map((name) => x[name] ?? 0),
    window: names.map((name) => y[name] ?? 0),
  };
};

const BY_COUNTS: Record<string, (cells: Cells) => number | null> = {
  "evidently chi2_p_value": evidentlyChiSquaredPValue,
  "evidently hellinger (categorical)": evidentlyHellinger,
  "evidently g_p_value (one-sample, counts not scaled)": evidentlyGPValue,
  "tfdv js_divergence": tfdvJsDivergence,
  "tfdv l_infinity": tfdvLInfinity,
  "tfdv normalized_abs_difference": tfdvNormalizedAbsDifference,
  fisher_exact_p_value: ({ baseline: [a = 0, b = 0], window: [c = 0, d = 0] }) =>
    fisherExactPValue([a, b, c, d]),
};
const BY_NUMBERS: Record<string, Numeric> = {
  "evidently mannwhitney_p_value (alternative 'less')": evidentlyMannWhitneyPValue,
  "evidently epps_singleton_p_value": evidentlyEppsSingletonPValue,
  "evidently anderson_p_value": evidentlyAndersonPValue,
  "evidently t_p_value": evidentlyTPValue,
  energy_distance: evidentlyEnergyDistance,
  cvm_p_value: evidentlyCramerVonMisesPValue,
  "nannyml js_distance (numeric, Doane bins)": (x, y) =>
    nannymlJsDistance(nannymlNumericCells(x, y)),
  "nannyml hellinger (numeric, Doane bins)": (x, y) => nannymlHellinger(nannymlNumericCells(x, y)),
};
const BY_NAMES: Record<string, Categorical> = {
  l_infinity: nannymlLInfinity,
  "nannyml js_distance (categorical)": (x, y) => nannymlJsDistance(nannymlCategoricalCells(x, y)),
  "nannyml hellinger (categorical)": (x, y) => nannymlHellinger(nannymlCategoricalCells(x, y)),
};

const publishedAnswerOf = (one: Published): number | null => {
  const { statistic, reference_histogram: a, current_histogram: b } = one;
  if (statistic === "tfdv js_divergence" && a && b)
    return tfdvJsDivergence(tfdvCells(toHistogram(a), toHistogram(b)));
  if (one.values !== undefined) return nannymlThreshold(one.values);
  const { reference_counts: x, current_counts: y } = one;
  const numbers = BY_NUMBERS[statistic];
  if (numbers && one.reference_values && one.current_values)
    return numbers(one.reference_values, one.current_values);
  if (x && y) {
    if (numbers) return numbers(expand(x).map(Number), expand(y).map(Number));
    const names = BY_NAMES[statistic];
    if (names) return names(expand(x), expand(y));
    const counts = BY_COUNTS[statistic];
    if (counts) return counts(countsOf(x, y));
  }
  throw new Error(`no function answers ${one.id}`);
};

describe("the outside reference vectors", () => {
  test("are there, when their folder is named", ({ skip }) => {
    if (golden === null) return skip(GOLDEN_SKIPPED);
    expect(vectors.length).toBeGreaterThanOrEqual(60);
    expect(published.length).toBeGreaterThanOrEqual(39);
  });

  test.each(vectors)("agree: $id", (vector) => {
    expect(disagreement(answerOf(vector), vector.expected, vector)).toBeUndefined();
  });

  test.each(published)("published by a tool's own suite: $id", (one) => {
    const actual = publishedAnswerOf(one);
    if (one.expected === null) expect(actual).toBeNull();
    else expect(disagreement(actual, one.expected, { atol: one.atol })).toBeUndefined();
  });

  const pairs = [
    ["evidently_sturges", "ref", "cur"],
    ["nannyml_doane", "ref", "cur"],
    ["large_evidently_sturges", "large_ref", "large_cur"],
    ["large_nannyml_doane", "large_ref", "large_cur"],
  ] as const;
  test.each(golden === null ? [] : pairs)("bins as numpy does: %s", (name, reference, current) => {
    const [x, y] = [golden?.inputs[reference], golden?.inputs[current]];
    if (x?.kind !== "numeric" || y?.kind !== "numeric") throw new Error("numeric inputs expected");
    const binning = golden?.intermediate[name];
    const edges = name.endsWith("doane")
      ? doaneEdges(x.values)
      : sturgesEdges([...x.values, ...y.values]);
    expect(edges).toEqual(binning?.edges);
    expect(countBetweenEdges(x.values, edges).counts).toEqual(binning?.reference_counts);
    expect(countBetweenEdges(y.values, edges).counts).toEqual(binning?.current_counts);
  });
});

test.each([
  ["numeric", 1000, 900, "ks_p_value", 0.05],
  ["numeric", 1000, 5, "chi2_p_value", 0.05],
  ["numeric", 1000, 2, "z_p_value", 0.05],
  ["numeric", 1001, 900, "wasserstein_normed", 0.1],
  ["numeric", 1001, 5, "js_distance", 0.1],
  ["categorical", 1000, 40, "chi2_p_value", 0.05],
  ["categorical", 1000, 2, "z_p_value", 0.05],
  ["categorical", 1001, 40, "js_distance", 0.1],
] as const)(
  "Evidently runs its own choice of test: %s, %i rows, %i values: %s",
  (kind, rows, distinct, name, threshold) => {
    expect(evidentlyChoice(kind, rows, distinct)).toEqual({ test: name, threshold });
  },
);
