import { describe, expect, test } from "vitest";
import type { Cells } from "#lib/stats/cells.ts";
import type { ChiSquared } from "#lib/stats/chi-squared.ts";
import { chiSquaredSurvival, computeChiSquared } from "#lib/stats/chi-squared.ts";
import { adjustPValues } from "#lib/stats/false-discovery.ts";
import { testHomogeneity } from "#lib/stats/homogeneity.ts";
import type { CellOfTwo } from "#lib/stats/hypergeometric.ts";
import { computeHypergeometricPValue, hypergeometricTails } from "#lib/stats/hypergeometric.ts";
import { upperRegularizedGamma } from "#lib/stats/regularized-gamma.ts";
import { disagreement, readReference } from "#lib/stats/testing/reference.ts";

const reference = readReference<{
  cases: (Cells & ChiSquared & { name: string })[];
  survival: { x: number; degreesOfFreedom: number; pValue: number }[];
  gamma: { a: number; x: number; upper: number }[];
  hypergeometric: (CellOfTwo & { lower: number; upper: number; pValue: number })[];
}>("chi-squared");
const families = readReference<{ cases: { pValues: number[]; adjusted: number[] }[] }>(
  "false-discovery",
).cases;

describe("chi-squared", () => {
  test.each(reference.cases)("agrees with scipy to 1e-9: $name", (expected) => {
    const actual = computeChiSquared(expected);
    expect(
      disagreement(actual?.statistic ?? null, expected.statistic, { rtol: 1e-9 }),
    ).toBeUndefined();
    expect(disagreement(actual?.pValue ?? null, expected.pValue, { rtol: 1e-9 })).toBeUndefined();
    expect(actual?.degreesOfFreedom).toBe(expected.degreesOfFreedom);
  });

  test("its tail agrees with scipy to 1e-9 from 1 to 5,000 degrees of freedom", () => {
    for (const { x, degreesOfFreedom, pValue } of reference.survival) {
      const found = disagreement(chiSquaredSurvival(x, degreesOfFreedom), pValue, { rtol: 1e-9 });
      expect([x, degreesOfFreedom, found]).toEqual([x, degreesOfFreedom, undefined]);
    }
  });

  test("the incomplete gamma function agrees with scipy to 1e-9", () => {
    for (const { a, x, upper } of reference.gamma) {
      const found = disagreement(upperRegularizedGamma(a, x), upper, { rtol: 1e-9, atol: 1e-300 });
      expect([a, x, found]).toEqual([a, x, undefined]);
    }
    expect(upperRegularizedGamma(-1, 1)).toBeNaN();
    expect(upperRegularizedGamma(1, Infinity)).toBe(0);
  });

  test("one cell can show no difference; an empty side is no comparison", () => {
    expect(computeChiSquared({ baseline: [5, 0], window: [9, 0] })).toEqual({
      statistic: 0,
      degreesOfFreedom: 0,
      pValue: 1,
    });
    expect(computeChiSquared({ baseline: [0, 0], window: [1, 2] })).toBeNull();
  });
});

describe("the exact test of one cell", () => {
  test.each(reference.hypergeometric)(
    "agrees with scipy to 1e-8: $baselineCount, $windowCount",
    (cell) => {
      // Logarithms of factorials of thousands cancel: about three digits are lost.
      const pValue = computeHypergeometricPValue(cell);
      expect(disagreement(pValue, cell.pValue, { rtol: 1e-8 })).toBeUndefined();
    },
  );

  test.each(reference.hypergeometric)(
    "has scipy's tails on both sides, however far away: $baselineCount, $windowCount",
    (cell) => {
      const { lower, upper } = hypergeometricTails(cell);
      expect(disagreement(lower, cell.lower, { rtol: 1e-8, atol: 1e-300 })).toBeUndefined();
      expect(disagreement(upper, cell.upper, { rtol: 1e-8, atol: 1e-300 })).toBeUndefined();
    },
  );
});

describe("homogeneity", () => {
  test("is plain chi-squared while every cell expects 5 rows", () => {
    for (const { name, pValue, ...cells } of reference.cases.filter(
      (one) => one.name !== "skewed",
    )) {
      expect([name, testHomogeneity(cells)?.pValue]).toEqual([
        name,
        computeChiSquared(cells)?.pValue,
      ]);
    }
  });

  test("a single stray row of a large baseline is no finding", () => {
    const stray = { baseline: [100_000, 0], window: [99, 1] };
    expect(computeChiSquared(stray)?.pValue).toBeLessThan(1e-9);
    expect(testHomogeneity(stray)?.pValue).toBeGreaterThan(0.001);
  });

  test("half of a small window in a new cell is a finding", () => {
    expect(testHomogeneity({ baseline: [10_000, 0], window: [50, 50] })?.pValue).toBeLessThan(
      1e-30,
    );
  });

  test("sparse cells are pooled and counted", () => {
    const tested = testHomogeneity({ baseline: [500, 3, 2, 1], window: [500, 2, 3, 1] });
    expect(tested).toMatchObject({
      pooledCellCount: 3,
      cells: { baseline: [500, 6], window: [500, 6] },
    });
    expect(tested?.pValue).toBe(1);
  });

  test("an empty side is no comparison, one cell no difference", () => {
    expect(testHomogeneity({ baseline: [], window: [] })).toBeNull();
    expect(testHomogeneity({ baseline: [7], window: [9] })?.pValue).toBe(1);
  });
});

describe("the family of tests", () => {
  test("is adjusted as scipy does", () => {
    for (const { pValues, adjusted } of families) {
      const actual = adjustPValues(pValues);
      adjusted.forEach((expected, i) => {
        expect(disagreement(actual[i] ?? null, expected, { rtol: 1e-12 })).toBeUndefined();
      });
    }
  });

  test("without tests there is nothing to adjust", () => {
    expect(adjustPValues([])).toEqual([]);
  });
});
