import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { adjustPValuesHolm } from "#lib/stats/holm.ts";
import { computeAgreement } from "#lib/stats/paired/agreement.ts";
import type { Answered, PairedRow } from "#lib/stats/paired/compare-pairs.ts";
import { comparePairs } from "#lib/stats/paired/compare-pairs.ts";
import { compareRankings } from "#lib/stats/paired/compare-rankings.ts";
import { computeMcnemar } from "#lib/stats/paired/mcnemar.ts";
import { computePairedAuc } from "#lib/stats/paired/paired-auc.ts";
import type { PairedMetric } from "#lib/stats/paired/paired-comparison.ts";
import { computePairedMean } from "#lib/stats/paired/paired-mean.ts";
import { computePairedRmse } from "#lib/stats/paired/paired-rmse.ts";
import { computePairedShare } from "#lib/stats/paired/paired-share.ts";
import { summarizeDifferences } from "#lib/stats/paired/summarize-differences.ts";
import { shareMetric } from "#lib/stats/performance/intervals.ts";
import { computeUnpairedDifference } from "#lib/stats/performance/unpaired-difference.ts";
import { seededRandom } from "#lib/stats/seeded-random.ts";
import { disagreement, readReference } from "#lib/stats/testing/reference.ts";

type Expected = Record<
  string,
  {
    first: number;
    second: number;
    low: number;
    high: number;
    p: number;
    exact?: number;
    holm?: number;
  }
>;
const reference = readReference<{
  mcnemar: { onlyFirst: number; onlySecond: number; exact: number; mid: number }[];
  shares: { counts: [number, number, number, number]; low: number; high: number }[];
  binary: {
    name: string;
    first: number[];
    second: number[];
    label: number[];
    expected: Expected;
    kappa: number;
    agreed: number;
  }[];
  regression: {
    name: string;
    first: number[];
    second: number[];
    label: number[];
    expected: Expected;
    rmseBootstrapError: number;
    quantiles: number[];
  }[];
  ranking: {
    name: string;
    first: number[][];
    second: number[][];
    expected: Expected;
  }[];
  unpaired: { first: [number, number]; second: [number, number]; low: number; high: number }[];
}>("paired");

const silent: Answered = { decision: "", score: null, value: null, labelProbability: null };
const classes = { positive: "1", negative: "0" };

const scored = (first: number[], second: number[], label: (number | null)[]): PairedRow[] =>
  label.map((one, i) => ({
    first: { ...silent, score: first[i] ?? 0 },
    second: { ...silent, score: second[i] ?? 0 },
    label: one === null ? null : { name: String(one), number: one },
  }));
const measured = (first: number[], second: number[], label: number[]): PairedRow[] =>
  label.map((one, i) => ({
    first: { ...silent, value: first[i] ?? 0 },
    second: { ...silent, value: second[i] ?? 0 },
    label: { name: String(one), number: one },
  }));

const holdAgainst = (metrics: readonly PairedMetric[], expected: Expected) => {
  expect(metrics.map(({ metric }) => metric).sort()).toEqual(Object.keys(expected).sort());
  for (const one of metrics) {
    const wanted = expected[one.metric];
    if (wanted === undefined) throw new Error(one.metric);
    // Numeric derivatives of the reference are good to 1e-7; the rest is to rounding.
    const isNumeric = one.metric === "precision" || one.metric === "f1";
    const tolerance = isNumeric ? { atol: 1e-6 } : { rtol: 1e-9, atol: 1e-12 };
    const hold = (value: number | null, target: number) =>
      expect(disagreement(value, target, tolerance), one.metric).toBeUndefined();
    hold(one.first, wanted.first);
    hold(one.second, wanted.second);
    hold(one.interval?.low ?? null, wanted.low);
    hold(one.interval?.high ?? null, wanted.high);
    hold(one.pValue, wanted.p);
    if (wanted.exact !== undefined) hold(one.exactPValue, wanted.exact);
    if (wanted.holm !== undefined && !isNumeric)
      expect(disagreement(one.adjustedPValue, wanted.holm, { atol: 1e-5 })).toBeUndefined();
  }
};

test.each(reference.mcnemar)(
  "McNemar of $onlyFirst against $onlySecond is statsmodels'",
  ({ onlyFirst, onlySecond, exact, mid }) => {
    const found = computeMcnemar(onlyFirst, onlySecond);
    // A tail of 1e-264 keeps ten digits: its logarithm is a difference of numbers near 6,000.
    expect(disagreement(found.exactPValue, exact, { rtol: 1e-8 })).toBeUndefined();
    expect(disagreement(found.midPValue, mid, { rtol: 1e-8 })).toBeUndefined();
  },
);

test.each(reference.shares)("the paired interval of $counts is Newcombe's", (one) => {
  const [both, onlyFirst, onlySecond, neither] = one.counts;
  const found = computePairedShare({ both, onlyFirst, onlySecond, neither });
  expect(found?.interval.low).toBeCloseTo(one.low, 12);
  expect(found?.interval.high).toBeCloseTo(one.high, 12);
});

test("the printed intervals of Newcombe and of Fagerland come out", () => {
  const of = (both: number, onlyFirst: number, onlySecond: number, neither: number) => {
    const interval = computePairedShare({ both, onlyFirst, onlySecond, neither })?.interval;
    return [interval?.low.toFixed(4), interval?.high.toFixed(4)];
  };
  expect(of(36, 12, 2, 0)).toEqual(["-0.3404", "-0.0569"]);
  expect(of(1, 7, 1, 12)).toEqual(["-0.5069", "-0.0256"]);
});

describe.each(reference.binary)("two scores: $name", (one) => {
  const found = comparePairs(scored(one.first, one.second, one.label), "binary", classes);
  test("every metric, its interval and its p-value are the libraries'", () => {
    holdAgainst(found.metrics, one.expected);
  });
  test("agreement is scikit-learn's", () => {
    expect(found.agreement?.agreedCount).toBe(one.agreed);
    expect(found.agreement?.kappa).toBeCloseTo(one.kappa, 12);
  });
});

describe.each(reference.regression)("two numbers: $name", (one) => {
  const found = comparePairs(measured(one.first, one.second, one.label), "regression", null);
  test("every metric, its interval and its p-value are scipy's and numpy's", () => {
    holdAgainst(found.metrics, one.expected);
  });
  test("the interval of RMSE is as wide as a bootstrap's, within a tenth and what few rows do", () => {
    const rmse = found.metrics.find(({ metric }) => metric === "rmse");
    const width = ((rmse?.interval?.high ?? 0) - (rmse?.interval?.low ?? 0)) / 2 / 1.96;
    const allowed = one.label.length < 100 ? 0.3 : 0.1;
    expect(Math.abs(width / one.rmseBootstrapError - 1)).toBeLessThan(allowed);
  });
  test("quantiles of the differences are numpy's", () => {
    const summary = summarizeDifferences(
      one.first.map((first, i) => ({ first, second: one.second[i] ?? 0 })),
    );
    summary?.quantiles.forEach((value, i) => {
      expect(value).toBeCloseTo(one.quantiles[i] ?? Number.NaN, 12);
    });
    const counted = summary?.bins.reduce((sum, { count }) => sum + count, 0) ?? 0;
    expect(counted + (summary?.belowCount ?? 0) + (summary?.aboveCount ?? 0)).toBe(
      one.label.length,
    );
  });
});

test.each(reference.unpaired)("without pairs $first against $second is Newcombe's", (one) => {
  const share = ([count, total]: [number, number]) => shareMetric(count, total, "no_labels");
  const found = computeUnpairedDifference("accuracy", share(one.first), share(one.second));
  expect(found?.interval.low).toBeCloseTo(one.low, 10);
  expect(found?.interval.high).toBeCloseTo(one.high, 10);
});

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const rowsOf = fc.array(fc.tuple(unit, unit, fc.integer({ min: 0, max: 1 })), {
  minLength: 2,
  maxLength: 60,
});

describe("whatever the rows", () => {
  test("to exchange the two models turns every difference around and no p-value", () => {
    fc.assert(
      fc.property(rowsOf, (rows) => {
        const [a, b, y] = [rows.map((r) => r[0]), rows.map((r) => r[1]), rows.map((r) => r[2])];
        for (const task of ["binary", "regression"] as const) {
          const build = task === "binary" ? scored : measured;
          const there = comparePairs(build(a, b, y), task, classes).metrics;
          const back = comparePairs(build(b, a, y), task, classes).metrics;
          expect(back.map(({ metric }) => metric)).toEqual(there.map(({ metric }) => metric));
          there.forEach((one, i) => {
            const other = back[i];
            expect(other?.difference).toBeCloseTo(-one.difference, 9);
            expect(other?.pValue).toBeCloseTo(one.pValue, 9);
            if (one.interval !== null && other?.interval != null) {
              expect(other.interval.low).toBeCloseTo(-one.interval.high, 9);
              expect(other.interval.high).toBeCloseTo(-one.interval.low, 9);
            }
          });
        }
      }),
    );
  });

  test("a model against itself differs by nothing, and nothing is found", () => {
    fc.assert(
      fc.property(rowsOf, (rows) => {
        const [a, y] = [rows.map((r) => r[0]), rows.map((r) => r[2])];
        for (const one of comparePairs(scored(a, a, y), "binary", classes).metrics) {
          expect(one.difference).toBe(0);
          expect(one.pValue).toBe(1);
        }
      }),
    );
  });

  test("the order of the rows changes nothing, and the interval holds the difference", () => {
    fc.assert(
      fc.property(rowsOf, (rows) => {
        const compare = (of: typeof rows) =>
          comparePairs(
            scored(
              of.map((r) => r[0]),
              of.map((r) => r[1]),
              of.map((r) => r[2]),
            ),
            "binary",
            classes,
          ).metrics;
        const forth = compare(rows);
        compare(rows.toReversed()).forEach((one, i) => {
          expect(one.difference).toBeCloseTo(forth[i]?.difference ?? Number.NaN, 9);
          expect(one.interval?.low ?? 0).toBeLessThanOrEqual(one.difference + 1e-12);
          expect(one.interval?.high ?? 0).toBeGreaterThanOrEqual(one.difference - 1e-12);
        });
      }),
    );
  });

  test("of two equal models rarely any metric is called different: the family errs in at most 5 %", () => {
    const random = seededRandom(20);
    let falseCount = 0;
    const runs = 400;
    for (let run = 0; run < runs; run += 1) {
      const truth = Array.from({ length: 200 }, () => random());
      const noisy = () => truth.map((t) => 0.6 * t + 0.4 * random());
      const label = truth.map((t) => (random() < t ? 1 : 0));
      const found = comparePairs(scored(noisy(), noisy(), label), "binary", classes);
      if (found.metrics.some(({ adjustedPValue }) => adjustedPValue <= 0.05)) falseCount += 1;
    }
    // 5 % of 400 is 20; 3 standard errors more is 33.
    expect(falseCount).toBeLessThanOrEqual(33);
  });
});

describe("degenerate input", () => {
  const reasonOf = (rows: PairedRow[], metric: string, task: "binary" | "regression" = "binary") =>
    comparePairs(rows, task, classes).lacking.find((one) => one.metric === metric)?.reason;

  test("no rows, and rows without labels, are unknown and not zero", () => {
    expect(comparePairs([], "binary", classes)).toMatchObject({
      pairCount: 0,
      labelledCount: 0,
      agreement: null,
      metrics: [],
    });
    const unlabelled = comparePairs(scored([0.2], [0.7], [null]), "binary", classes);
    expect(unlabelled).toMatchObject({ pairCount: 1, labelledCount: 0, metrics: [] });
    expect(unlabelled.agreement).toMatchObject({ count: 1, agreedCount: 0 });
    expect(comparePairs([], "regression", null).lacking).toEqual([
      { metric: "mae", reason: "no_labels" },
      { metric: "rmse", reason: "no_labels" },
    ]);
  });

  test("labels of one class have no ROC AUC, and their empty side has no recall", () => {
    const rows = scored([0.2, 0.7, 0.4], [0.3, 0.6, 0.9], [0, 0, 0]);
    expect(reasonOf(rows, "roc_auc")).toBe("one_class");
    expect(reasonOf(rows, "recall")).toBe("no_positive");
  });

  test("a score outside 0 to 1 is no probability", () => {
    const rows = scored([0.2, 1.7, 0.4, 2], [0.3, 0.6, 0.9, 1], [0, 1, 0, 1]);
    expect(reasonOf(rows, "brier")).toBe("score_outside_unit");
    expect(reasonOf(rows, "roc_auc")).toBeUndefined();
  });

  test("values that are not finite are left out", () => {
    const rows = measured([1, Number.NaN, 3, 4], [1, 2, Infinity, 5], [1, 2, 3, 4]);
    const { metrics } = comparePairs(rows, "regression", null);
    expect(metrics.map(({ count }) => count)).toEqual([2, 2]);
    expect(summarizeDifferences([{ first: 1, second: Number.NaN }])).toBeNull();
  });

  test("one row has no interval, so it has no figure", () => {
    expect(computePairedMean([1], [2])).toBeNull();
    expect(computePairedRmse([1], [2])).toBeNull();
    expect(computePairedAuc([0.1, 0.9], [0.2, 0.8], [false, true])).toBeNull();
    expect(computePairedShare({ both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 })).toBeNull();
    expect(computeAgreement([])).toBeNull();
  });

  test("a model without any error has an RMSE of zero, and no interval of the difference", () => {
    const { metrics } = comparePairs(
      measured([1, 2, 3], [1.5, 2.1, 3.9], [1, 2, 3]),
      "regression",
      null,
    );
    expect(metrics.find(({ metric }) => metric === "rmse")).toMatchObject({
      first: 0,
      interval: null,
    });
  });

  test("nobody knows the positive class: accuracy alone is compared", () => {
    const named = (decision: string): Answered => ({ ...silent, decision });
    const rows = ["a", "b", "a"].map((label) => ({
      first: named("a"),
      second: named("b"),
      label: { name: label, number: null },
    }));
    const found = comparePairs(rows, "binary", null);
    expect(found.metrics).toMatchObject([{ metric: "accuracy", count: 3 }]);
    expect(new Set(found.lacking.map(({ reason }) => reason))).toEqual(
      new Set(["positive_class_unknown"]),
    );
  });

  test("many classes: accuracy, and the log loss of what turned out", () => {
    const answer = (decision: string, labelProbability: number): Answered => ({
      ...silent,
      decision,
      labelProbability,
    });
    const rows = ["a", "b", "c", "a"].map((label, i) => ({
      first: answer("a", 0.2 + i / 20),
      second: answer(label, 0.6),
      label: { name: label, number: null },
    }));
    const found = comparePairs(rows, "multiclass", null);
    expect(found.metrics.map(({ metric, second }) => [metric, second])).toEqual([
      ["accuracy", 1],
      ["log_loss", expect.closeTo(-Math.log(0.6), 12)],
    ]);
    expect(comparePairs(rows, "ranking", null).metrics).toEqual([]);
  });

  test("Holm of nothing is nothing", () => {
    expect(adjustPValuesHolm([])).toEqual([]);
    expect(adjustPValuesHolm([0.5, 0.9])).toEqual([1, 1]);
  });
});

describe("two rankings of the same items", () => {
  const zip = (first: number[][], second: number[][]) =>
    first.map((one, i) => ({ first: one, second: second[i] ?? [] }));

  test.each(reference.ranking.map((one) => [one.name, one] as const))(
    "are compared as scikit-learn and scipy compare them: %s",
    (_name, { first, second, expected }) => {
      const { metrics, lacking } = compareRankings(zip(first, second), first.length);
      holdAgainst(metrics, expected);
      expect(lacking).toEqual([]);
    },
  );

  test("groups without a relevant item say nothing, and none at all gives no metric", () => {
    const idle = Array.from({ length: 40 }, () => ({ first: [0, 0, 0], second: [0, 0, 0] }));
    expect(compareRankings(idle, 50)).toMatchObject({
      pairCount: 50,
      labelledCount: 40,
      metrics: [],
      lacking: Array(5).fill({ reason: "no_group_with_relevant_item" }),
    });
    const { metrics } = compareRankings([...idle, { first: [1, 0], second: [0, 1] }], 41);
    expect(metrics.map(({ metric, count }) => [metric, count])).toEqual([["hit_rate@10", 1]]);
  });

  test("exchanged, turn every difference around; a ranking beside itself is no different", () => {
    const random = seededRandom(7);
    const draw = () => Array.from({ length: 12 }, () => Number(random() < 0.2));
    const groups = Array.from({ length: 60 }, () => ({ first: draw(), second: draw() })).map(
      ({ first }) => ({ first, second: [...first].sort(() => random() - 0.5) }),
    );
    const there = compareRankings(groups, 60);
    const back = compareRankings(
      groups.map(({ first, second }) => ({ first: second, second: first })),
      60,
    );
    there.metrics.forEach((one, i) => {
      expect(back.metrics[i]?.difference).toBeCloseTo(-one.difference, 12);
      expect(back.metrics[i]?.adjustedPValue).toBeCloseTo(one.adjustedPValue, 12);
    });
    const same = compareRankings(
      groups.map(({ first }) => ({ first, second: first })),
      60,
    );
    for (const { difference, pValue } of same.metrics) {
      expect(difference).toBe(0);
      expect(pValue).toBe(1);
    }
  });
});
