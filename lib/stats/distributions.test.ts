import { describe, expect, test } from "vitest";
import { cramerVonMisesSurvival } from "#lib/stats/cramer-von-mises.ts";
import { adjustPValues } from "#lib/stats/false-discovery.ts";
import { normalSurvival } from "#lib/stats/normal-distribution.ts";
import { rangeOverrunPValue } from "#lib/stats/range-overrun.ts";
import { computeRateChange, newcombeInterval, wilsonInterval } from "#lib/stats/rate-change.ts";
import {
  regularizedBeta,
  studentQuantile975,
  studentTwoSided,
} from "#lib/stats/student-distribution.ts";
import { disagreement, readReference } from "#lib/stats/testing/reference.ts";

type Pair = [count: number, total: number];
const reference = readReference<{
  cramerVonMises: { x: number; pValue: number }[];
  student: { t: number; degreesOfFreedom: number; pValue: number }[];
  studentQuantiles: { degreesOfFreedom: number; quantile: number }[];
  beta: { a: number; b: number; x: number; value: number }[];
  normal: { z: number; pValue: number }[];
  overrun: { outside: number; baselineCount: number; windowCount: number; pValue: number }[];
  wilson: { count: number; total: number; low: number; high: number }[];
  newcombe: { first: Pair; second: Pair; low: number; high: number }[];
}>("distributions");

const agree = (actual: number, expected: number, tolerance: { rtol?: number; atol?: number }) =>
  expect(disagreement(actual, expected, tolerance)).toBeUndefined();

describe("distributions agree with their references", () => {
  test("the limiting law of Cramer-von Mises, and its far tail", () => {
    for (const { x, pValue } of reference.cramerVonMises)
      agree(cramerVonMisesSurvival(x), pValue, { rtol: 1e-9, atol: 1e-13 });
    // Far out the law is that of its largest component: e^(-x pi^2 / 2) / sqrt(x) but for a factor.
    const fall = cramerVonMisesSurvival(40) / cramerVonMisesSurvival(39);
    agree(fall, Math.exp(-(Math.PI ** 2) / 2) * Math.sqrt(39 / 40), { rtol: 1e-3 });
  });

  test("Student's t, its quantile, and the beta function", () => {
    for (const { t, degreesOfFreedom, pValue } of reference.student)
      agree(studentTwoSided(t, degreesOfFreedom), pValue, { rtol: 1e-8, atol: 1e-300 });
    for (const { degreesOfFreedom, quantile } of reference.studentQuantiles)
      agree(studentQuantile975(degreesOfFreedom), quantile, { rtol: 1e-7 });
    for (const { a, b, x, value } of reference.beta)
      agree(regularizedBeta(x, a, b), value, { rtol: 1e-10, atol: 1e-300 });
  });

  test("the normal tail", () => {
    for (const { z, pValue } of reference.normal)
      agree(normalSurvival(z), pValue, { rtol: 1e-11, atol: 1e-15 * (z < 0 ? 1 : 0) });
  });

  test("values outside the range of another sample", () => {
    for (const { outside, baselineCount, windowCount, pValue } of reference.overrun)
      agree(rangeOverrunPValue(outside, baselineCount, windowCount), pValue, { rtol: 1e-7 });
    expect(rangeOverrunPValue(0, 10, 10)).toBe(1);
    expect(rangeOverrunPValue(3, 1, 10)).toBe(1);
  });

  test("Wilson's interval", () => {
    for (const { count, total, low, high } of reference.wilson) {
      const interval = wilsonInterval({ count, total });
      agree(interval.low, low, { rtol: 1e-10, atol: 1e-17 });
      agree(interval.high, high, { rtol: 1e-10 });
    }
  });
});

test("Newcombe's interval of a difference is the published one", () => {
  for (const { first, second, low, high } of reference.newcombe) {
    const [a, b] = [first, second].map(([count, total]) => ({ count, total }));
    if (a === undefined || b === undefined) throw new Error("two rates expected");
    const interval = newcombeInterval(b, a);
    agree(interval.low, low, { atol: 5.1e-5 });
    agree(interval.high, high, { atol: 5.1e-5 });
  }
});

test("the test of two proportions is chi-squared of the table; no difference where there is none to see", () => {
  // scipy.stats.chi2_contingency([[45, 45], [30, 60]], correction=False): 0.02333...
  expect(computeRateChange({ count: 45, total: 90 }, { count: 30, total: 90 })?.pValue).toBeCloseTo(
    0.0233422,
    8,
  );
  expect(computeRateChange({ count: 0, total: 9 }, { count: 0, total: 5 })?.pValue).toBe(1);
  expect(computeRateChange({ count: 9, total: 9 }, { count: 5, total: 5 })?.pValue).toBe(1);
  expect(computeRateChange({ count: 0, total: 0 }, { count: 5, total: 5 })).toBeNull();
});

test("weights of mean one leave the family's promise: scipy's adjustment of p over weight", () => {
  const { weighted } = readReference<{
    weighted: { pValues: number[]; weights: number[]; adjusted: number[] }[];
  }>("false-discovery");
  for (const { pValues, weights, adjusted } of weighted) {
    const ours = adjustPValues(pValues, weights);
    for (const [i, p] of adjusted.entries()) agree(ours[i] ?? Number.NaN, p, { rtol: 1e-12 });
  }
  const even = [0.01, 0.2, 0.03, 0.5];
  expect(adjustPValues(even, [2, 2, 2, 2])).toEqual(adjustPValues(even));
});
