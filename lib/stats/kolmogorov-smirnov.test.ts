import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { kolmogorovSurvival, twoSampleSurvival } from "#lib/stats/kolmogorov-distribution.ts";
import {
  computeKs,
  computeKsOfHistograms,
  ksLowerBound,
  ksPValue,
  ksPValueAsymptotic,
  ksPValueLimit,
} from "#lib/stats/kolmogorov-smirnov.ts";
import { histogramOf, NO_HISTOGRAM } from "#lib/stats/numeric-histogram.ts";
import { disagreement, readReference } from "#lib/stats/testing/reference.ts";

type Tail = { n: number; d: number; pValue: number };
type Sample = {
  name: string;
  baseline: number[];
  window: number[];
  statistic: number;
  pValue: number;
  pValueAsymptotic: number | null;
};
const reference = readReference<{
  samples: Sample[];
  oneSample: Tail[];
  oneSampleOfManyRows: Tail[];
}>("kolmogorov-smirnov");

const sample = fc.array(
  fc.oneof(fc.double({ min: -100, max: 100, noNaN: true }), fc.integer({ min: -3, max: 3 })),
  {
    minLength: 1,
    maxLength: 80,
  },
);

describe("Kolmogorov-Smirnov", () => {
  test.each(reference.samples)("agrees with scipy on raw rows: $name", (expected) => {
    const { baseline, window } = expected;
    const d = computeKs(baseline, window) ?? Number.NaN;
    expect(disagreement(d, expected.statistic, { rtol: 1e-9 })).toBeUndefined();
    // scipy states about 1e-7 for its own p-values.
    const tolerance = { rtol: 1e-7 };
    const p = ksPValue(d, baseline.length, window.length);
    expect(disagreement(p, expected.pValue, tolerance)).toBeUndefined();
    if (expected.pValueAsymptotic === null) return;
    const asymptotic = ksPValueAsymptotic(d, baseline.length, window.length);
    expect(disagreement(asymptotic, expected.pValueAsymptotic, tolerance)).toBeUndefined();
  });

  test("the limiting law is scipy.special.kolmogorov", () => {
    // n = m = 200 makes l = 10 d.
    for (const [l, pValue] of [
      [0.3, 0.9999906941986655],
      [0.5, 0.9639452436648751],
      [1.0, 0.26999967167735456],
      [2.0, 0.0006709252557796953],
      [4.0, 2.532833109818835e-14],
    ] as const)
      expect(disagreement(ksPValueLimit(l / 10, 200, 200), pValue, { rtol: 1e-9 })).toBeUndefined();
    expect(ksPValueLimit(0, 200, 200)).toBe(1);
  });

  test("the tail of one sample agrees with scipy in every regime", () => {
    for (const { n, d, pValue } of reference.oneSample) {
      expect([n, d, disagreement(kolmogorovSurvival(n, d), pValue, { rtol: 1e-8 })]).toEqual([
        n,
        d,
        undefined,
      ]);
    }
  });

  test("the tail of one sample of very many rows agrees to 1e-5", () => {
    for (const { n, d, pValue } of reference.oneSampleOfManyRows) {
      expect([n, d, disagreement(kolmogorovSurvival(n, d), pValue, { rtol: 1e-5 })]).toEqual([
        n,
        d,
        undefined,
      ]);
    }
  });

  test("the exact tail of equal sizes is the same count of paths as its mirror", () => {
    expect(twoSampleSurvival(7, 5, 0.6)).toBeCloseTo(twoSampleSurvival(5, 7, 0.6), 14);
    // Two of the six orders of two and two rows keep each sample together.
    expect(twoSampleSurvival(2, 2, 1)).toBeCloseTo(2 / 6, 14);
  });

  test("the statistic of the bins and its upper bound enclose the statistic of the rows", () => {
    fc.assert(
      fc.property(sample, sample, fc.integer({ min: 0, max: 12 }), (x, y, resolution) => {
        const exact = computeKs(x, y) ?? Number.NaN;
        const grid = { resolution, zeroFloor: resolution < 3 ? 0.5 : 0 };
        const binned = computeKsOfHistograms(histogramOf(x, grid), histogramOf(y));
        expect(binned?.value).toBeLessThanOrEqual(exact + 1e-12);
        expect(binned?.upperBound).toBeGreaterThanOrEqual(exact - 1e-12);
      }),
    );
  });

  test("of histograms that keep every value apart it is exact", () => {
    for (const { baseline, window, statistic } of reference.samples.slice(0, 4)) {
      const exact = computeKsOfHistograms(histogramOf(baseline), histogramOf(window));
      expect(exact?.isExact).toBe(true);
      expect(disagreement(exact?.value ?? null, statistic, { rtol: 1e-9 })).toBeUndefined();
    }
  });

  test("of coarser histograms of the same values it lies between 0 and the fullest bin", () => {
    const coarse = histogramOf([1, 2, 3], { resolution: 5, zeroFloor: 0 });
    expect(computeKsOfHistograms(coarse, coarse)).toEqual({
      value: 0,
      upperBound: 1 / 3,
      isExact: false,
    });
  });

  test("constants are 0 apart when equal, else 1; an empty side is no comparison", () => {
    expect(computeKs([5, 5], [5])).toBe(0);
    expect(computeKs([5, 5], [6])).toBe(1);
    expect(computeKs([], [1])).toBeNull();
    expect(computeKsOfHistograms(NO_HISTOGRAM, histogramOf([1]))).toBeNull();
  });

  test("the p-value by the limit is about the exact one, and the lower bound lies below the value", () => {
    for (const { baseline, window, statistic, pValue } of reference.samples) {
      const [n, m] = [baseline.length, window.length];
      if (Math.min(n, m) < 100) continue;
      expect(ksPValueLimit(statistic, n, m)).toBeGreaterThanOrEqual(pValue * 0.95);
      expect(ksLowerBound(statistic, n, m)).toBeLessThan(statistic);
    }
  });

  test("undefined questions have undefined answers", () => {
    expect(kolmogorovSurvival(10, Number.NaN)).toBeNaN();
    expect(twoSampleSurvival(0, 5, 0.1)).toBeNaN();
  });
});
