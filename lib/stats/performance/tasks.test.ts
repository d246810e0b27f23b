import { describe, expect, test } from "vitest";
import { NORMAL_QUANTILE_975 } from "#lib/stats/interval.ts";
import { numberOf } from "#lib/stats/performance/metric-value.ts";
import type { Moment } from "#lib/stats/performance/moments.ts";
import { mergeMoments } from "#lib/stats/performance/moments.ts";
import { computeMulticlass } from "#lib/stats/performance/multiclass.ts";
import {
  computeRankingMetrics,
  RANKING_METRICS,
  rankingMetricsOfGroup,
} from "#lib/stats/performance/ranking.ts";
import type { RegressionMoments } from "#lib/stats/performance/regression.ts";
import {
  computeQuantileLoss,
  computeRegressionMetrics,
  countZeroLabels,
} from "#lib/stats/performance/regression.ts";
import type { ScoreCell } from "#lib/stats/performance/score-cells.ts";
import { exactCell } from "#lib/stats/performance/score-cells.ts";
import { disagreement, readReference } from "#lib/stats/testing/reference.ts";

type Values = Record<string, number | null>;

const momentOf = (values: number[]): Moment => {
  const mean = values.reduce((sum, v) => sum + v, 0) / Math.max(1, values.length);
  return {
    count: values.length,
    mean,
    m2: values.reduce((sum, v) => sum + (v - mean) ** 2, 0),
  };
};

const regressionMomentsOf = (labels: number[], predictions: number[]): RegressionMoments => {
  const rows = labels.map((y, i) => ({ y, p: predictions[i] ?? 0, e: (predictions[i] ?? 0) - y }));
  const of = (
    pick: (row: (typeof rows)[number]) => number,
    keep = (_: { y: number; p: number }) => true,
  ) => momentOf(rows.filter(keep).map(pick));
  return {
    label: of(({ y }) => y),
    error: of(({ e }) => e),
    absolute_error: of(({ e }) => Math.abs(e)),
    squared_error: of(({ e }) => e * e),
    relative_error: of(
      ({ e, y }) => Math.abs(e) / Math.abs(y),
      ({ y }) => y !== 0,
    ),
    error_at_zero: of(
      ({ e }) => Math.abs(e),
      ({ y }) => y === 0,
    ),
    label_size: of(({ y }) => Math.abs(y)),
    error_and_size: of(({ e, y }) => Math.abs(e) + Math.abs(y)),
    over: of(({ e }) => Math.max(e, 0)),
    under: of(({ e }) => Math.max(-e, 0)),
    squared_log_error: of(
      ({ y, p }) => (Math.log1p(y) - Math.log1p(p)) ** 2,
      ({ y, p }) => y >= 0 && p >= 0,
    ),
  };
};

const regressions = readReference<{
  cases: {
    name: string;
    labels: number[];
    predictions: number[];
    values: Values;
    pinball90: number;
    errors: Record<string, number>;
  }[];
}>("performance-regression");

describe.each(regressions.cases)("regression: $name", (one) => {
  const moments = regressionMomentsOf(one.labels, one.predictions);
  const metrics = computeRegressionMetrics(moments);

  test("agrees with scikit-learn to 1e-9, and is undefined where it has no value", () => {
    for (const [name, expected] of Object.entries(one.values)) {
      const metric = metrics[name as keyof typeof metrics];
      if (expected === null) expect([name, metric.kind]).toEqual([name, "undefined"]);
      else {
        const found = disagreement(numberOf(metric), expected, { rtol: 1e-9, atol: 1e-12 });
        expect([name, found]).toEqual([name, undefined]);
      }
    }
    expect(
      disagreement(numberOf(computeQuantileLoss(moments, 0.9)), one.pinball90, {
        rtol: 1e-9,
        atol: 1e-12,
      }),
    ).toBeUndefined();
  });

  test("its errors are scipy's, or those of 3,000 bootstraps within 8 %", () => {
    for (const [name, expected] of Object.entries(one.errors)) {
      const metric = metrics[name as keyof typeof metrics];
      if (metric.kind === "undefined" || metric.lower === null)
        throw new Error(`${name} has no interval`);
      const found = disagreement((metric.value - metric.lower) / NORMAL_QUANTILE_975, expected, {
        rtol: 0.08,
      });
      expect([name, found]).toEqual([name, undefined]);
    }
  });

  test("buckets merged in any order give what the rows give together", () => {
    const half = Math.floor(one.labels.length / 3);
    const parts = [
      regressionMomentsOf(one.labels.slice(half), one.predictions.slice(half)),
      regressionMomentsOf(one.labels.slice(0, half), one.predictions.slice(0, half)),
    ];
    const merged = computeRegressionMetrics(mergeMoments(parts));
    for (const [name, metric] of Object.entries(metrics)) {
      const other = merged[name as keyof typeof metrics];
      expect([name, other.kind]).toEqual([name, metric.kind]);
      const value = numberOf(metric);
      if (value !== null)
        expect(disagreement(numberOf(other), value, { rtol: 1e-9, atol: 1e-12 })).toBeUndefined();
    }
  });
});

test("labels of zero are counted, and no labels are undefined", () => {
  expect(countZeroLabels(regressionMomentsOf([0, 0, 1], [1, 1, 1]))).toBe(2);
  for (const metric of Object.values(computeRegressionMetrics({})))
    expect(metric.kind).toBe("undefined");
});

const multiclass = readReference<{
  cases: {
    name: string;
    labels: string[];
    decisions: string[];
    absent: string[];
    values: Values;
    bootstrapErrors: Record<string, number>;
    probabilities?: number[][];
    classes?: string[];
  }[];
}>("performance-multiclass");

describe.each(multiclass.cases)("multiclass: $name", (one) => {
  const counts = new Map<string, { decision: string; label: string; count: number }>();
  one.labels.forEach((label, i) => {
    const decision = one.decisions[i] ?? "";
    const pair = counts.get(`${decision} ${label}`) ?? { decision, label, count: 0 };
    pair.count += 1;
    counts.set(`${decision} ${label}`, pair);
  });
  const cells = new Map<string, ScoreCell[]>(
    (one.classes ?? []).map((name, column) => [
      name,
      one.labels.map((label, i) =>
        exactCell(
          one.probabilities?.[i]?.[column] ?? 0,
          one.decisions[i] === name,
          label === name,
          1,
        ),
      ),
    ]),
  );
  const { metrics, absentClasses } = computeMulticlass([...counts.values()], cells);

  test("agrees with scikit-learn to 1e-9, absent classes left out and named", () => {
    for (const [name, expected] of Object.entries(one.values)) {
      const metric = metrics[name as keyof typeof metrics];
      if (expected === null) expect([name, metric.kind]).toEqual([name, "undefined"]);
      else {
        const found = disagreement(numberOf(metric), expected, { rtol: 1e-9, atol: 1e-12 });
        expect([name, found]).toEqual([name, undefined]);
      }
    }
    expect(absentClasses).toEqual(one.absent);
  });

  test("the delta method's errors are those of 400 bootstraps, within 20 %", () => {
    for (const [name, expected] of Object.entries(one.bootstrapErrors)) {
      const metric = metrics[name as keyof typeof metrics];
      if (metric.kind === "undefined" || metric.lower === null)
        throw new Error(`${name} has no interval`);
      const found = disagreement((metric.value - metric.lower) / NORMAL_QUANTILE_975, expected, {
        rtol: 0.2,
        atol: 1e-3,
      });
      expect([name, found]).toEqual([name, undefined]);
    }
  });
});

test("no rows of a multiclass model are undefined", () => {
  const { metrics, classes } = computeMulticlass([]);
  for (const metric of Object.values(metrics)) expect(metric.kind).toBe("undefined");
  expect(classes).toEqual([]);
});

const rankings = readReference<{ cases: { name: string; relevances: number[]; values: Values }[] }>(
  "performance-ranking",
);

test.each(rankings.cases)("ranking: $name agrees with scikit-learn and numpy to 1e-12", (one) => {
  const found = rankingMetricsOfGroup(one.relevances);
  for (const [name, expected] of Object.entries(one.values)) {
    if (expected === null || name === "averagePrecision") continue;
    const actual = found?.[name as keyof typeof found] ?? null;
    expect([name, disagreement(actual, expected, { atol: 1e-12 })]).toEqual([name, undefined]);
  }
  const whole = one.values.averagePrecision;
  if (whole != null && one.relevances.length <= 10)
    expect(found?.["map@10"]).toBeCloseTo(whole, 12);
});

test("a group without a relevant item says nothing; without any group the metrics are undefined", () => {
  expect(rankingMetricsOfGroup([0, 0, 0])).toBeNull();
  expect(rankingMetricsOfGroup([])).toBeNull();
  const metrics = computeRankingMetrics({});
  for (const name of RANKING_METRICS) expect(metrics[name].kind).toBe("undefined");
  const one = computeRankingMetrics({ "ndcg@1": { count: 4, mean: 0.5, m2: 1 } });
  expect(one["ndcg@1"]).toMatchObject({ value: 0.5, sampleCount: 4 });
});
