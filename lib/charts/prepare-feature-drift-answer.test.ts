import { expect, test } from "vitest";
import type { FeatureDrift, FeatureDriftDetail } from "#lib/api/drift.ts";
import { prepareFeatureDriftAnswer } from "./prepare-feature-drift-answer.ts";
import { toPlainText } from "./sentence.ts";

const values: FeatureDrift["tests"][number] = {
  question: "values",
  outcome: "drift",
  pValue: 0,
  adjustedPValue: 0,
  evidence: [],
  decidedBy: {
    statistic: "wasserstein_normed",
    value: 23.8,
    nullExpectation: 0.0208,
    lowerBound: 22.8,
    upperBound: 24.8,
    negligible: 0.05,
  },
  referenceCount: 5_000,
  windowCount: 15_513,
  rate: null,
};
const beyond: FeatureDrift["tests"][number] = {
  ...values,
  question: "out_of_range",
  decidedBy: null,
  rate: {
    referenceCount: 0,
    windowCount: 3_258,
    referenceShare: 0,
    windowShare: 0.21,
    interval: { low: 0.208, high: 0.221 },
  },
};

const detail = (drift: Partial<FeatureDrift>): FeatureDriftDetail =>
  ({
    reference: { label: "baseline training (1)" },
    drift: { reason: "38 values in the window, 100 needed", referenceCount: 5_000, ...drift },
    windowSide: { rowCount: 15_513 },
    series: [
      { from: "2026-11-26T00:00:00Z", verdict: "no_drift" },
      { from: "2026-11-27T00:00:00Z", verdict: "drift" },
    ],
  }) as FeatureDriftDetail;

const say = (drift: Partial<FeatureDrift>) => {
  const { health, headline } = prepareFeatureDriftAnswer(detail(drift), "feature", "amount", "UTC");
  return [health, toPlainText(headline).replaceAll("\u202f", " ")];
};

test.each([
  [
    { verdict: "drift", decidedQuestion: "out_of_range", tests: [values, beyond] },
    "watch",
    "amount drifts since Fri 27 Nov 00:00 UTC: values outside the reference's range went from 0 % to 21 %; its values moved by 23.8 standard deviations, where noise gives 0.0208.",
  ],
  [
    {
      verdict: "no_drift",
      decidedQuestion: "values",
      tests: [{ ...values, outcome: "within_noise" }],
    },
    "healthy",
    "amount shows no drift: its values moved by 23.8 standard deviations, where noise gives 0.0208.",
  ],
  [
    {
      verdict: "no_drift",
      decidedQuestion: "values",
      tests: [{ ...values, outcome: "real_but_negligible" }],
    },
    "healthy",
    "amount shows no drift: its values moved by 23.8 standard deviations, where noise gives 0.0208, which is negligible.",
  ],
  [
    { verdict: "cannot_say", decidedQuestion: "values", tests: [] },
    "unknown",
    "Cannot say whether amount drifts: 38 values in the window, 100 needed.",
  ],
] satisfies [Partial<FeatureDrift>, string, string][])("%#", (drift, health, headline) => {
  expect(say(drift)).toEqual([health, headline]);
});
