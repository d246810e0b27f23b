import { describe, expect, test } from "vitest";
import type { Cells } from "#lib/stats/cells.ts";
import {
  evidentlyJsDistance,
  evidentlyNumericCells,
  evidentlyPsi,
} from "#lib/stats/compatibility/evidently.ts";
import {
  nannymlCategoricalCells,
  nannymlJsDistance,
  nannymlKs,
  nannymlNumericCells,
} from "#lib/stats/compatibility/nannyml.ts";
import {
  countBetweenEdges,
  doaneEdges,
  sturgesEdges,
} from "#lib/stats/compatibility/numpy-bins.ts";
import {
  addOnePsi,
  azureNumericCells,
  azurePsi,
  deepchecksPsi,
} from "#lib/stats/compatibility/smoothed-psi.ts";
import { tfdvCells, tfdvJsDivergence } from "#lib/stats/compatibility/tfdv.ts";
import { valueCountsOf } from "#lib/stats/compatibility/value-counts.ts";
import { computeJsDistanceBit, computeJsDistanceNat } from "#lib/stats/jensen-shannon.ts";
import { computeKs, ksPValue, ksPValueAsymptotic } from "#lib/stats/kolmogorov-smirnov.ts";
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

const pValueOf =
  (tail: (d: number, n: number, m: number) => number): Numeric =>
  (x, y) => {
    const d = computeKs(x, y);
    return d === null ? null : tail(d, x.length, y.length);
  };

const NUMERIC: Record<string, Numeric> = {
  "evidently psi": (x, y) => evidentlyPsi(evidentlyNumericCells(x, y)),
  "evidently js_distance": (x, y) => evidentlyJsDistance(evidentlyNumericCells(x, y)),
  "evidently ks_p_value": pValueOf(ksPValue),
  "nannyml js_distance": (x, y) => nannymlJsDistance(nannymlNumericCells(x, y)),
  "nannyml ks_statistic": nannymlKs,
  "deepchecks ks_statistic": computeKs,
  "azure psi": (x, y) => azurePsi(azureNumericCells(x, y)),
  "scipy ks_statistic": computeKs,
  "scipy ks_p_value": pValueOf(ksPValue),
  "scipy ks_p_value_asymptotic": pValueOf(ksPValueAsymptotic),
};

const CATEGORICAL: Record<string, Categorical> = {
  "evidently psi": (x, y) => evidentlyPsi(valueCountsOf(x, y)),
  "evidently js_distance": (x, y) => evidentlyJsDistance(valueCountsOf(x, y)),
  "nannyml js_distance": (x, y) => nannymlJsDistance(nannymlCategoricalCells(x, y)),
  "deepchecks psi": (x, y) => deepchecksPsi(valueCountsOf(x, y)),
  "tfdv js_divergence": (x, y) => tfdvJsDivergence(valueCountsOf(x, y)),
  "phoenix psi": (x, y) => addOnePsi(valueCountsOf(x, y)),
  "fiddler psi": (x, y) => addOnePsi(valueCountsOf(x, y)),
  "scipy js_distance_nat": (x, y) => computeJsDistanceNat(valueCountsOf(x, y)),
  "scipy js_distance_bit": (x, y) => computeJsDistanceBit(valueCountsOf(x, y)),
};

/** Whatever golden holds on these three statistics must have an answer here; others are not asked yet. */
const OURS = /(^|\s)(psi|js_|ks_)/;

const golden = readGolden<Golden>("vectors.json");
const vectors = (golden?.vectors ?? []).filter(({ statistic }) => OURS.test(statistic));
const published = (golden?.published ?? []).filter(({ statistic }) => OURS.test(statistic));

const answerOf = ({ profile, statistic, reference, current }: Vector): number | null => {
  const [x, y] = [golden?.inputs[reference], golden?.inputs[current]];
  const name = `${profile} ${statistic}`;
  if (x?.kind === "numeric" && y?.kind === "numeric" && NUMERIC[name]) {
    return NUMERIC[name](x.values, y.values);
  }
  if (x?.kind === "categorical" && y?.kind === "categorical" && CATEGORICAL[name]) {
    return CATEGORICAL[name](x.values, y.values);
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

const publishedAnswerOf = (one: Published): number | null => {
  const {
    reference_counts: x,
    current_counts: y,
    reference_histogram: a,
    current_histogram: b,
  } = one;
  if (one.statistic === "tfdv js_divergence" && a && b) {
    return tfdvJsDivergence(tfdvCells(toHistogram(a), toHistogram(b)));
  }
  if (x === undefined || y === undefined) throw new Error(`no input of ${one.id} is known`);
  if (one.statistic === "nannyml js_distance (numeric, Doane bins)") {
    return nannymlJsDistance(nannymlNumericCells(expand(x).map(Number), expand(y).map(Number)));
  }
  const cells: Cells = valueCountsOf(expand(x), expand(y));
  if (one.statistic === "tfdv js_divergence") return tfdvJsDivergence(cells);
  if (one.statistic === "nannyml js_distance (categorical)") {
    return nannymlJsDistance(nannymlCategoricalCells(expand(x), expand(y)));
  }
  throw new Error(`no function answers ${one.id}`);
};

describe("the outside reference vectors of PSI, Jensen-Shannon and Kolmogorov-Smirnov", () => {
  test("are there, when their folder is named", ({ skip }) => {
    if (golden === null) return skip(GOLDEN_SKIPPED);
    expect(vectors.length).toBeGreaterThanOrEqual(28);
    expect(published.length).toBeGreaterThanOrEqual(11);
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
