import { describe, expect, test } from "vitest";
import { learnBinary } from "#lib/stats/performance/binary-estimate.ts";
import { countBlocks, cutsOf } from "#lib/stats/performance/estimate.ts";
import type { MetricTrials, Outside } from "#lib/stats/performance/estimate-band.ts";
import {
  bandEstimates,
  fisherSurvival,
  studentQuantile,
} from "#lib/stats/performance/estimate-band.ts";
import { findOutside } from "#lib/stats/performance/outside.ts";
import { computeSamplingErrors, standardErrorOf } from "#lib/stats/performance/sampling-error.ts";
import { exactCell, labelledGroups } from "#lib/stats/performance/score-cells.ts";
import { disagreement, readReference } from "#lib/stats/testing/reference.ts";

const reference = readReference<{
  fisher: { f: number; a: number; b: number; pValue: number }[];
  quantiles: { degreesOfFreedom: number; quantile: number }[];
  spreads: { name: string; rowCount: number; averagePrecision: number; balancedAccuracy: number }[];
}>("performance-estimate");
const rows = readReference<{
  cases: { name: string; scores: number[]; decisions: number[]; labels: number[] }[];
}>("performance-binary");

describe("what the band rests on agrees with scipy and scikit-learn", () => {
  test("the tail of F, and Student's quantile at three standard errors", () => {
    for (const { f, a, b, pValue } of reference.fisher)
      expect(disagreement(fisherSurvival(f, a, b), pValue, { rtol: 1e-9 })).toBeUndefined();
    for (const { degreesOfFreedom, quantile } of reference.quantiles)
      expect(
        disagreement(studentQuantile(degreesOfFreedom), quantile, { rtol: 3e-3 }),
      ).toBeUndefined();
  });

  test("the spreads of average precision and balanced accuracy are those of bootstraps, within 8 %", () => {
    for (const { name, rowCount, ...expected } of reference.spreads) {
      const one = rows.cases.find((case_) => case_.name === name);
      const cells = (one?.scores ?? []).map((score, i) =>
        exactCell(score, one?.decisions[i] === 1, one?.labels[i] === 1, 1),
      );
      const sum = (decision: boolean, label: boolean) =>
        cells.filter((cell) => cell.decision === decision && cell.label === label).length;
      const errors = computeSamplingErrors(
        {
          truePositive: sum(true, true),
          falsePositive: sum(true, false),
          falseNegative: sum(false, true),
          trueNegative: sum(false, false),
        },
        labelledGroups(cells),
      );
      for (const [error, value] of [
        [errors.average_precision, expected.averagePrecision],
        [errors.balanced_accuracy, expected.balancedAccuracy],
      ] as const)
        expect([
          name,
          disagreement(standardErrorOf(error, rowCount), value, { rtol: 0.08 }),
        ]).toEqual([name, undefined]);
    }
  });
});

describe("the blocks of a reference", () => {
  test("are as many as its rows allow, and are put together to fewer", () => {
    expect([30, 260, 600, 5_832].map(countBlocks)).toEqual([1, 5, 10, 40]);
    expect(cutsOf(Array.from({ length: 40 }, (_, i) => i)).map((cut) => cut.length)).toEqual([
      40, 20, 10, 8, 5,
    ]);
    expect(cutsOf([1, 2, 3])).toEqual([[[1], [2], [3]]]);
    expect(cutsOf(Array.from({ length: 10 }, (_, i) => i))[1]?.[0]).toEqual([0, 1]);
  });
});
describe("a band", () => {
  const tried = { rowCount: 4_000, blockCount: 8, blockRowCount: 500 };
  const trials = (errors: number[], more: Partial<MetricTrials> = {}): MetricTrials => ({
    errors,
    samplingError: null,
    reach: 1,
    minimum: 0,
    maximum: 1,
    isRelative: false,
    ...more,
  });
  const even = [0.01, -0.01, 0.01, -0.01, 0.01, -0.01, 0.01, -0.01];
  const windowAt = (i: number, value: number, realised: number | null, outside?: Outside) => ({
    value,
    realised,
    rowCount: 500,
    labelledCount: 500,
    outside: outside ?? null,
    fromMs: i,
    knownAtMs: i + 1,
  });

  test("is Student's quantile of the blocks' errors, and cut at the metric's bounds", () => {
    const [first, second] = bandEstimates(tried, trials(even), [
      windowAt(0, 0.8, null),
      windowAt(1, 0.99, null),
    ]).estimates;
    expect(first?.upper).toBeCloseTo(0.8 + 4.2766 * 0.01, 9);
    expect(second?.upper).toBe(1);
    const losses = trials(even, { maximum: null });
    expect(bandEstimates(tried, losses, [windowAt(0, 0.01, null)]).estimates[0]).toMatchObject({
      lower: 0,
      upper: expect.closeTo(0.01 + 0.042766, 9),
    });
  });

  test("covers every window that was tried, once it is known", () => {
    const windows = [0.06, -0.03, 0.02, 0.04, -0.01].map((off, i) =>
      windowAt(i * 10, 0.8, 0.8 - off),
    );
    const { estimates, meter } = bandEstimates(tried, trials(even), [
      ...windows,
      windowAt(99, 0.8, null),
    ]);
    expect(meter).toMatchObject({ windowCount: 5, coveredCount: 4 });
    const last = estimates.at(-1);
    expect((last?.upper ?? 0) - 0.8).toBeGreaterThanOrEqual(0.06);
    expect(meter.widening).toBeGreaterThan(1);
  });

  test("is widened by what unknown rows could do, until that is more than its own error", () => {
    const outside = { feature: "latitude", share: 0.008 };
    const [known] = bandEstimates(tried, trials(even), [windowAt(0, 0.8, null, outside)]).estimates;
    expect(known).toMatchObject({ distrust: null, upper: expect.closeTo(0.850766, 6) });
    const far = trials(even, { reach: 3 });
    const [doubted] = bandEstimates(tried, far, [windowAt(0, 0.8, null, outside)]).estimates;
    expect(doubted?.distrust).toEqual({ kind: "outside_reference", ...outside });
  });

  test("of a reference that never erred allows one error in its rows, and a miss beyond that takes the trust", () => {
    const never = trials(new Array(8).fill(0));
    const { estimates } = bandEstimates(tried, never, [
      windowAt(0, 1, 0.998),
      windowAt(10, 1, 0.9),
      windowAt(20, 1, null),
    ]);
    expect(estimates.map((one) => one?.distrust?.kind ?? null)).toEqual([null, null, "off_lately"]);
    expect(estimates[0]?.lower).toBeLessThan(1);
  });

  test("is none with fewer than five blocks, and not to be trusted below 500 rows", () => {
    const few = bandEstimates({ ...tried, blockCount: 3 }, trials([0.1, 0.1, 0.2]), [
      windowAt(0, 0.8, null),
    ]).estimates[0];
    expect(few).toMatchObject({ lower: null, upper: null, distrust: { kind: "small_reference" } });
    const small = { rowCount: 300, blockCount: 5, blockRowCount: 60 };
    const [one, none] = bandEstimates(small, trials(even.slice(0, 5)), [
      windowAt(0, 0.8, null),
      { ...windowAt(1, 0, null), value: null },
    ]).estimates;
    expect(one).toMatchObject({ distrust: { kind: "small_reference" } });
    expect(one?.lower).toBeLessThan(0.8);
    expect(none).toBeNull();
  });
});

describe("what lies outside", () => {
  const count = (outsideCount: number, more: object = {}) => ({
    feature: "x",
    outsideCount,
    valueCount: 500,
    referenceCount: 5_000,
    singleCount: null,
    ...more,
  });

  test("is nothing while chance explains it, and the worst column beyond", () => {
    expect(findOutside([])).toBeNull();
    expect(findOutside([count(2)])).toBeNull();
    expect(findOutside([count(0, { valueCount: 0 })])).toBeNull();
    expect(findOutside([count(50), count(80, { feature: "y" })])).toEqual({
      feature: "y",
      share: 0.16,
    });
  });

  test("of names is judged by how often the reference saw a name once", () => {
    expect(findOutside([count(12, { singleCount: 100 })])).toBeNull();
    expect(findOutside([count(60, { singleCount: 100 })])?.share).toBe(0.12);
  });
});

test("nothing is learned from one class", () => {
  expect(learnBinary([[exactCell(0.5, true, true, 10)]])).toBeNull();
});
