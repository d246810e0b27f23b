import { describe, expect, test } from "vitest";
import { exactCell, labelledGroups } from "#lib/stats/performance/score-cells.ts";
import type { LabelledScores } from "#lib/stats/performance/threshold-curve.ts";
import {
  computeValueCurve,
  stepAt,
  thresholdSteps,
} from "#lib/stats/performance/threshold-curve.ts";
import { disagreement, readReference } from "#lib/stats/testing/reference.ts";

const { cases } = readReference<{
  cases: {
    name: string;
    roc: [number, number][];
    precisionRecall: [number, number][];
    values: [number, number | null][];
    best: { threshold: number | null; from: number | null; until: number | null };
  }[];
}>("performance-threshold");
const rows = readReference<{ cases: { name: string; scores: number[]; labels: number[] }[] }>(
  "performance-binary",
).cases;
const worth = { truePositive: 50, falsePositive: -10, falseNegative: -100, trueNegative: 0 };

const scoresOf = (scores: number[], labels: number[]): LabelledScores => {
  const groups = labelledGroups(
    scores.map((score, i) => exactCell(score, null, labels[i] === 1, 1)),
  );
  return {
    scores: groups.map((group) => group.score),
    positives: groups.map((group) => group.positives),
    negatives: groups.map((group) => group.negatives),
  };
};

const agree = (actual: number, expected: number) =>
  expect(disagreement(actual, expected, { rtol: 1e-9, atol: 1e-12 })).toBeUndefined();

describe.each(cases)("$name", ({ name, roc, precisionRecall, values, best }) => {
  const { scores, labels } = rows.find((one) => one.name === name) ?? { scores: [], labels: [] };
  const steps = thresholdSteps(scoresOf(scores, labels));

  test("has scikit-learn's ROC and precision-recall points", () => {
    if (roc.length > 0) expect(steps).toHaveLength(roc.length);
    roc.forEach(([falsePositiveRate, recall], i) => {
      const c = steps[i]?.confusion;
      if (c === undefined) throw new Error("no step");
      agree(c.falsePositive / (c.falsePositive + c.trueNegative), falsePositiveRate);
      agree(c.truePositive / (c.truePositive + c.falseNegative), recall);
    });
    precisionRecall.toReversed().forEach(([recall, precision], i) => {
      const c = steps[i + 1]?.confusion;
      if (c === undefined) throw new Error("no step");
      agree(c.truePositive / (c.truePositive + c.falseNegative), recall);
      agree(c.truePositive / (c.truePositive + c.falsePositive), precision);
    });
  });

  test("has numpy's value at every threshold, the best one and those not worse than it", () => {
    const curve = computeValueCurve(steps, worth);
    if (curve === null) throw new Error("no curve");
    values.forEach(([value, standardError], i) => {
      agree(curve.steps[i]?.value ?? Number.NaN, value);
      if (standardError === null) expect(curve.steps[i]?.standardError).toBeNull();
      else agree(curve.steps[i]?.standardError ?? Number.NaN, standardError);
    });
    expect([curve.best.threshold, curve.from, curve.until]).toEqual([
      best.threshold,
      best.from,
      best.until,
    ]);
  });
});

test("a threshold between two scores is that of the upper one, and beyond all of them nothing is positive", () => {
  const steps = thresholdSteps(scoresOf([0.2, 0.4, 0.4, 0.9], [0, 1, 0, 1]));
  expect(stepAt(steps, 0.5)?.threshold).toBe(0.9);
  expect(stepAt(steps, 0.4)?.threshold).toBe(0.4);
  expect(stepAt(steps, 0.95)?.threshold).toBeNull();
  expect(stepAt(steps, 0)?.confusion).toMatchObject({ truePositive: 2, falsePositive: 2 });
});

test("without labelled rows there is nothing to draw", () => {
  const steps = thresholdSteps({ scores: [], positives: [], negatives: [] });
  expect(steps).toEqual([]);
  expect(stepAt(steps, 0.5)).toBeUndefined();
  expect(computeValueCurve(steps, worth)).toBeNull();
});
