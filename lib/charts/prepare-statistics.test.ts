import { expect, test } from "vitest";
import type { FeatureDrift, StatisticValue } from "#lib/api/drift.ts";
import { prepareStatistics } from "./prepare-statistics.ts";

const value = (given: Partial<StatisticValue>): StatisticValue => ({
  statistic: "psi",
  unit: "nat",
  value: 0.21,
  lowerBound: given.value ?? 0.21,
  upperBound: given.value ?? 0.21,
  isExact: true,
  nullExpectation: 0.0126,
  interval: { low: 0.18, high: 0.24 },
  bound: 0,
  pValue: null,
  binCount: 20,
  smoothing: null,
  category: null,
  ...given,
});

const valuesTest: FeatureDrift["tests"][number] = {
  question: "values",
  outcome: "drift",
  pValue: 1e-9,
  adjustedPValue: 1e-8,
  evidence: [],
  decidedBy: {
    statistic: "wasserstein_normed",
    value: 0.31,
    nullExpectation: 0.03,
    lowerBound: 0.28,
    upperBound: 0.34,
    negligible: 0.05,
  },
  referenceCount: 5_000,
  windowCount: 1_203,
  rate: null,
};

const drift = (given: Partial<FeatureDrift>): FeatureDrift => ({
  subject: "feature",
  feature: "amount",
  type: "numeric",
  verdict: "drift",
  reason: "",
  decidedQuestion: "values",
  statistics: [],
  unavailable: [],
  tests: [valuesTest],
  newCategories: [],
  vanishedCategories: [],
  adjustedPValue: 1e-8,
  referenceCount: 5_000,
  windowCount: 1_203,
  referenceMissingShare: 0,
  windowMissingShare: 0,
  isExact: false,
  ...given,
});

test("statistics stand in their families, each with its unit, its noise, its interval and how well it is known", () => {
  const model = prepareStatistics(
    drift({
      statistics: [
        value({}),
        value({
          statistic: "wasserstein_normed",
          unit: "deviation",
          value: 0.31,
          lowerBound: 0.30999,
          upperBound: 0.31001,
          isExact: false,
          binCount: null,
        }),
        value({
          statistic: "kolmogorov_smirnov",
          unit: "share",
          value: 0.215,
          lowerBound: 0.215,
          upperBound: 0.2194,
          isExact: false,
          pValue: 0,
          binCount: null,
        }),
      ],
    }),
  );
  expect(model.sizes).toBe("n = 1,203 values in the window, m = 5,000 in the reference");
  expect(model.groups.map(({ rows }) => rows.map(({ label }) => label))).toEqual([
    ["Wasserstein / std", "Kolmogorov-Smirnov"],
    ["PSI"],
  ]);
  const [moved, shares] = model.groups;
  expect(moved?.rows[0]).toMatchObject({
    value: "0.31",
    unit: "std",
    interval: "0.18 to 0.24",
    note: "exact to the digits shown",
    isDecisive: true,
  });
  expect(moved?.rows[1]).toMatchObject({
    pValue: "<\u202f0.0001",
    note: "between 0.215 and 0.219 for these rows",
    isDecisive: false,
  });
  expect(shares?.rows[0]).toMatchObject({ noise: "0.0126", pValue: "–", note: "exact, 20 cells" });
});

test("what decided a rate marks no statistic of the values, and what has no value says why", () => {
  const model = prepareStatistics(
    drift({
      decidedQuestion: "missing",
      statistics: [value({ statistic: "wasserstein_normed", unit: "deviation" })],
      unavailable: [{ statistic: "wasserstein", reason: "38 values in the window, 100 needed" }],
    }),
  );
  expect(model.groups[0]?.rows[0]?.isDecisive).toBe(false);
  expect(model.unavailable).toEqual([
    { label: "Wasserstein", reason: "38 values in the window, 100 needed" },
  ]);
});

test("empty cells and the category that changed most are said beside the value", () => {
  const [group] = prepareStatistics(
    drift({
      statistics: [
        value({ smoothing: "add_half" }),
        value({ statistic: "l_infinity", unit: "share", category: "SEA", interval: null }),
      ],
    }),
  ).groups;
  expect(group?.rows.map(({ note }) => note)).toEqual([
    "exact, 20 cells, half a row added to each, as some are empty",
    "exact, 20 cells, most at SEA",
  ]);
  expect(group?.rows[1]?.interval).toBe("–");
});
