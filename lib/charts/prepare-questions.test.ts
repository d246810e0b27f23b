import { describe, expect, test } from "vitest";
import type { FeatureDrift } from "#lib/api/drift.ts";
import { describeDecision, describeFinding, prepareQuestions } from "./prepare-questions.ts";

type DriftTest = FeatureDrift["tests"][number];

const values: DriftTest = {
  question: "values",
  outcome: "real_but_negligible",
  pValue: 0.001,
  adjustedPValue: 0.004,
  evidence: [],
  decidedBy: {
    statistic: "wasserstein_normed",
    value: 0.041,
    nullExpectation: 0.0208,
    lowerBound: 0.03,
    upperBound: 0.052,
    negligible: 0.05,
  },
  referenceCount: 5_000,
  windowCount: 15_513,
  rate: null,
};
const missing: DriftTest = {
  ...values,
  question: "missing",
  outcome: "drift",
  decidedBy: {
    statistic: "hellinger",
    value: 0.0882,
    nullExpectation: 0.006,
    lowerBound: 0.07,
    upperBound: 0.1,
    negligible: 0.0177,
  },
  rate: {
    referenceCount: 260,
    windowCount: 1_583,
    referenceShare: 0.052,
    windowShare: 0.102,
    interval: { low: 0.0421, high: 0.0577 },
  },
};
const beyond: DriftTest = {
  ...missing,
  question: "out_of_range",
  decidedBy: {
    statistic: "rate_difference",
    value: 0.21,
    nullExpectation: 0.0004,
    lowerBound: 0.208,
    upperBound: 0.221,
    negligible: 0.005,
  },
};
const unknown: DriftTest = {
  ...values,
  outcome: "cannot_say",
  pValue: null,
  adjustedPValue: null,
  decidedBy: null,
};

const plain = (text: string | null | undefined) => text?.replaceAll("\u202f", " ");
const drift = (tests: DriftTest[], decidedQuestion: FeatureDrift["decidedQuestion"]) =>
  ({ tests, decidedQuestion }) as FeatureDrift;

describe("what a verdict rests on", () => {
  const rows = prepareQuestions(drift([values, missing, beyond, unknown], "missing"));

  test("every question has its outcome in words, and one of them decided", () => {
    expect(
      rows.map(({ label, verdict, outcome, isDecisive }) => [label, verdict, outcome, isDecisive]),
    ).toEqual([
      ["Values", "no_drift", "real but negligible", false],
      ["Missing", "drift", "drift", true],
      ["Out of range", "drift", "drift", false],
      ["Values", "cannot_say", "cannot say", false],
    ]);
  });

  test("and what was held against what", () => {
    expect(rows.map(({ words }) => plain(words))).toEqual([
      "Wasserstein 0.041 std (0.03 to 0.052); noise gives 0.0208, up to 0.05 is negligible",
      "5.2 % before, 10 % now (+4.21 to 5.77 points); Hellinger 0.0882 (0.07 to 0.1); noise gives 0.006, up to 0.0177 is negligible",
      "5.2 % before, 10 % now (+4.21 to 5.77 points); up to 0.5 % is negligible",
      "no distance could be computed",
    ]);
    expect(rows.map(({ adjustedPValue }) => adjustedPValue)).toEqual([
      "0.0040",
      "0.0040",
      "0.0040",
      "–",
    ]);
  });
});

test.each([
  [values, "its values moved by 0.041 standard deviations, where noise gives 0.0208"],
  [
    { ...values, decidedBy: missing.decidedBy },
    "its values changed by a Hellinger distance of 0.0882, where noise gives 0.006",
  ],
  [missing, "missing values went from 5.2 % to 10 %"],
  [
    { ...missing, question: "unseen" },
    "values that the reference lacks are 10 % where 5.2 % is usual",
  ],
  [unknown, "its values changed"],
] satisfies [DriftTest, string][])("a headline names the finding: %#", (finding, expected) => {
  expect(plain(describeFinding(finding))).toBe(expected);
});

test.each([
  [[values], "values", "Wasserstein 0.041 std"],
  [[values, missing], "missing", "missing 5.2 % to 10 %"],
  [[unknown], "values", undefined],
] satisfies [DriftTest[], FeatureDrift["decidedQuestion"], string | undefined][])(
  "a column names it shortly: %#",
  (tests, decided, expected) => {
    expect(plain(describeDecision(drift(tests, decided)))).toBe(expected);
  },
);
