import { describe, expect, test } from "vitest";
import {
  countScoresOutside,
  estimatedNumbers,
  learnBinary,
  realisedNumbers,
} from "#lib/stats/performance/binary-estimate.ts";
import type { EstimatedWindow } from "#lib/stats/performance/estimate.ts";
import { countBlocks, cutsOf, estimateWindows } from "#lib/stats/performance/estimate.ts";
import type { MetricTrials, Outside } from "#lib/stats/performance/estimate-band.ts";
import {
  bandEstimates,
  fisherSurvival,
  studentQuantile,
} from "#lib/stats/performance/estimate-band.ts";
import { findOutside } from "#lib/stats/performance/outside.ts";
import { computeSamplingErrors, standardErrorOf } from "#lib/stats/performance/sampling-error.ts";
import type { ScoreCell } from "#lib/stats/performance/score-cells.ts";
import { exactCell, labelledGroups, mergeScoreCells } from "#lib/stats/performance/score-cells.ts";
import { normalFrom, seededRandom } from "#lib/stats/testing/random.ts";
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

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** A score that overstates, of something that depends on x alone. */
const drawWith =
  (random: () => number, chanceOf: (x: number) => number = (x) => sigmoid(x)) =>
  (n: number, xOf: () => number): { cells: ScoreCell[]; xs: number[] } => {
    const xs = Array.from({ length: n }, xOf);
    const cells = xs.map((x) => {
      const score = Math.round(sigmoid(2.5 * x) * 200) / 200;
      return exactCell(score, score > 0.5, random() < chanceOf(x), 1);
    });
    return { cells: mergeScoreCells(cells), xs };
  };

const blockRows = 500;
type Learned = ReturnType<typeof learnAnew>;
const known = new Map<number, Learned>();

/** Windows are drawn by a generator of their own, so that what one test draws changes no other. */
const learn = (seed: number): Learned & { random: () => number } => {
  const learned = known.get(seed) ?? learnAnew(seed);
  known.set(seed, learned);
  return { ...learned, random: seededRandom(1_000 + seed) };
};

const learnAnew = (seed: number) => {
  const random = seededRandom(seed);
  const draw = drawWith(random);
  const drawn = Array.from({ length: 10 }, () => draw(blockRows, () => normalFrom(random)));
  const learned = learnBinary(drawn.map(({ cells }) => cells));
  if (learned === null) throw new Error("nothing was learned");
  const xs = drawn.flatMap((one) => one.xs);
  const range = [Math.min(...xs), Math.max(...xs)] as const;
  return { learned, range, count: xs.length };
};

const windowsOf = (
  { learned, range, count }: Learned,
  drawn: { cells: ScoreCell[]; xs: number[] }[],
): EstimatedWindow[] =>
  drawn.map(({ cells, xs }, i) => {
    const beyond = {
      feature: "x",
      outsideCount: xs.filter((x) => x < range[0] || x > range[1]).length,
      valueCount: xs.length,
      referenceCount: count,
      singleCount: null,
    };
    return {
      estimated: estimatedNumbers(cells, learned.calibrator),
      realised: realisedNumbers(cells),
      rowCount: xs.length,
      labelledCount: xs.length,
      isMature: true,
      fromMs: i * 1000,
      untilMs: (i + 1) * 1000,
      outside: findOutside([beyond, countScoresOutside(cells, learned)]),
    };
  });

/** How windows of one kind fared over many references: covered while trusted, and distrusted, by kind. */
const fare = (
  drawFrom: (one: ReturnType<typeof learn>) => { cells: ScoreCell[]; xs: number[] }[],
  metric: string,
  seeds = 25,
) => {
  const kinds: (string | null)[][] = [];
  let trusted = 0;
  let covered = 0;
  for (let seed = 1; seed <= seeds; seed += 1) {
    const one = learn(seed);
    const windows = windowsOf(one, drawFrom(one));
    const { estimates } = estimateWindows(one.learned.trials, windows, 0);
    kinds.push(estimates.map((found) => found[metric]?.distrust?.kind ?? null));
    estimates.forEach((found, i) => {
      const [estimate, realised] = [found[metric], windows[i]?.realised[metric]];
      if (estimate?.lower == null || estimate.upper === null || realised == null) return;
      if (estimate.distrust !== null) return;
      trusted += 1;
      if (realised >= estimate.lower && realised <= estimate.upper) covered += 1;
    });
  }
  const count = kinds.flat().length;
  const share = (kind: string) => kinds.flat().filter((one) => one === kind).length / count;
  return { coverage: covered / trusted, trusted: trusted / count, share, kinds };
};

const metrics = ["accuracy", "roc_auc", "f1", "average_precision"];

describe("of windows drawn like the reference", () => {
  test.each(metrics)("%s is covered as promised, and hardly ever distrusted", (metric) => {
    const found = fare(({ random }) => {
      const draw = drawWith(random);
      return Array.from({ length: 12 }, () => draw(blockRows, () => normalFrom(random)));
    }, metric);
    expect(found.coverage).toBeGreaterThanOrEqual(0.99);
    expect(found.trusted).toBeGreaterThanOrEqual(0.97);
  });

  test("smaller windows have wider bands, and are covered too", () => {
    const found = fare(({ random }) => {
      const draw = drawWith(random);
      return Array.from({ length: 12 }, () => draw(120, () => normalFrom(random)));
    }, "accuracy");
    expect(found.coverage).toBeGreaterThanOrEqual(0.99);
    expect(found.trusted).toBeGreaterThanOrEqual(0.97);
  });
});

describe("under covariate shift", () => {
  test.each(metrics)(
    "within what the reference holds, %s is still covered and trusted",
    (metric) => {
      const found = fare(({ random, range }) => {
        const draw = drawWith(random);
        const x = () => Math.min(range[1], Math.max(range[0], 0.8 + 0.7 * normalFrom(random)));
        return Array.from({ length: 12 }, () => draw(blockRows, x));
      }, metric);
      expect(found.coverage).toBeGreaterThanOrEqual(0.98);
      expect(found.trusted).toBeGreaterThanOrEqual(0.9);
    },
  );

  test("beyond what the reference holds it is not trusted", () => {
    const found = fare(({ random }) => {
      const draw = drawWith(random, (x) => (x > 3.5 ? 0.1 : sigmoid(x)));
      return Array.from({ length: 12 }, () => draw(blockRows, () => 4 + normalFrom(random)));
    }, "accuracy");
    expect(found.share("outside_reference")).toBe(1);
  });
});

describe("under concept drift", () => {
  const drifted = (by: number, delay: number) => {
    const one = learn(3);
    const draw = drawWith(one.random, (x) => sigmoid(x - by));
    const drawn = Array.from({ length: 8 }, () => draw(blockRows, () => normalFrom(one.random)));
    const windows = windowsOf(one, drawn);
    const { estimates, meters } = estimateWindows(one.learned.trials, windows, delay);
    return { kinds: estimates.map((found) => found.accuracy?.distrust?.kind ?? null), meters };
  };

  test("an estimate loses its trust when the first labels come, not before", () => {
    expect(drifted(3, 0).kinds).toEqual([null, ...new Array(7).fill("off_lately")]);
    expect(drifted(3, 1_000_000).kinds).toEqual(new Array(8).fill(null));
  });

  test("a lesser one shows in its steady lean", () => {
    const found = fare(({ random }) => {
      const draw = drawWith(random, (x) => sigmoid(x - 0.5));
      return Array.from({ length: 12 }, () => draw(blockRows, () => normalFrom(random)));
    }, "precision");
    const late = found.kinds.flatMap((kinds) => kinds.slice(5));
    expect(late.filter((kind) => kind === "off_lately").length / late.length).toBeGreaterThan(0.9);
  });

  test("its meter says how often its band held, and how much wider it has become", () => {
    const { accuracy } = drifted(3, 0).meters;
    expect(accuracy?.windowCount).toBe(8);
    expect(accuracy?.coveredCount).toBeGreaterThanOrEqual(5);
    expect(accuracy?.coveredCount).toBeLessThan(8);
    expect(accuracy?.widening).toBeGreaterThan(1.5);
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

test("nothing is learned from one class, and a metric that is undefined has no estimate", () => {
  expect(learnBinary([[exactCell(0.5, true, true, 10)]])).toBeNull();
  const one = learn(5);
  const cells = [exactCell(0.2, false, null, 50)];
  const [window] = windowsOf(one, [{ cells, xs: [] }]);
  if (window === undefined) throw new Error("no window");
  const [found] = estimateWindows(one.learned.trials, [{ ...window, rowCount: 50 }], 0).estimates;
  expect(found?.precision).toBeUndefined();
  expect(found?.accuracy?.value).toBeGreaterThan(0.5);
});
