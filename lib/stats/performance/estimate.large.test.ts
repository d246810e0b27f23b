import { describe, expect, test } from "vitest";
import {
  countScoresOutside,
  estimatedNumbers,
  learnBinary,
  realisedNumbers,
} from "#lib/stats/performance/binary-estimate.ts";
import type { EstimatedWindow } from "#lib/stats/performance/estimate.ts";
import { estimateWindows } from "#lib/stats/performance/estimate.ts";
import { findOutside } from "#lib/stats/performance/outside.ts";
import type { ScoreCell } from "#lib/stats/performance/score-cells.ts";
import { exactCell, mergeScoreCells } from "#lib/stats/performance/score-cells.ts";
import { normalFrom, seededRandom } from "#lib/stats/testing/random.ts";

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

test("a metric that is undefined has no estimate", () => {
  const one = learn(5);
  const cells = [exactCell(0.2, false, null, 50)];
  const [window] = windowsOf(one, [{ cells, xs: [] }]);
  if (window === undefined) throw new Error("no window");
  const [found] = estimateWindows(one.learned.trials, [{ ...window, rowCount: 50 }], 0).estimates;
  expect(found?.precision).toBeUndefined();
  expect(found?.accuracy?.value).toBeGreaterThan(0.5);
});
