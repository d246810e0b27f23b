import { expect, test } from "vitest";
import type { ComparedMetric } from "./judge-challenger.ts";
import { judgeChallenger, judgeMetric } from "./judge-challenger.ts";

const accuracy = (difference: number, adjustedPValue: number): ComparedMetric => ({
  metric: "accuracy",
  isHigherBetter: true,
  difference,
  adjustedPValue,
});
const brier = (difference: number, adjustedPValue: number): ComparedMetric => ({
  metric: "brier",
  isHigherBetter: false,
  difference,
  adjustedPValue,
});

test.each([
  ["higher and sure, where higher is better", accuracy(0.02, 0.05), "better"],
  ["higher and not sure", accuracy(0.02, 0.051), "within_noise"],
  ["lower and sure, where higher is better", accuracy(-0.02, 0.01), "worse"],
  ["lower and sure, where lower is better", brier(-0.02, 0.01), "better"],
  ["higher and sure, where lower is better", brier(0.02, 0.01), "worse"],
  ["the same, whatever the p-value", accuracy(0, 0), "within_noise"],
])("%s", (_name, metric, verdict) => {
  expect(judgeMetric(metric)).toBe(verdict);
});

test.each([
  ["one is better", [accuracy(0.02, 0.01), brier(0.01, 0.4)], 800, "better"],
  ["one is worse", [accuracy(0.02, 0.2), brier(0.01, 0.01)], 800, "worse"],
  ["one is better and one worse", [accuracy(0.02, 0.01), brier(0.01, 0.01)], 800, "mixed"],
  ["all are within noise", [accuracy(0.02, 0.2), brier(0.01, 0.4)], 800, "cannot_tell"],
  ["few labels never decide", [accuracy(0.9, 0.001)], 29, "too_few_labels"],
  ["thirty may", [accuracy(0.9, 0.001)], 30, "better"],
  ["no labels", [], 0, "no_labels"],
] as const)("%s", (_name, metrics, labelledCount, kind) => {
  expect(judgeChallenger(metrics, labelledCount).kind).toBe(kind);
});

test("a task of which nothing is compared is said to be one", () => {
  expect(judgeChallenger([], 800, false).kind).toBe("not_for_task");
});

test("what decided is named", () => {
  const found = judgeChallenger([accuracy(0.02, 0.01), brier(0.01, 0.01)], 800);
  expect(found).toMatchObject({ kind: "mixed", betterBy: ["accuracy"], worseBy: ["brier"] });
});

test("what trades with the threshold is named, and decides nothing", () => {
  const recall = { ...accuracy(0.1, 0.001), metric: "recall" };
  const specificity = { ...accuracy(-0.1, 0.001), metric: "specificity" };
  expect(judgeChallenger([recall, specificity, accuracy(0.01, 0.4)], 800)).toEqual({
    kind: "cannot_tell",
    betterBy: [],
    worseBy: [],
    tradedUp: ["recall"],
    tradedDown: ["specificity"],
  });
});
