import { describe, expect, test } from "vitest";
import type { JointColumn } from "#lib/stats/multivariate/joint-columns.ts";
import {
  learnDirectLoss,
  metricsOfLosses,
  PREDICTION,
  predictLosses,
  rowLosses,
} from "#lib/stats/performance/direct-loss.ts";
import type { EstimatedWindow, MetricNumbers } from "#lib/stats/performance/estimate.ts";
import { estimateWindows } from "#lib/stats/performance/estimate.ts";
import type { LabelledClassRow } from "#lib/stats/performance/multiclass-estimate.ts";
import {
  expectCells,
  learnMulticlass,
  metricsOfCells,
} from "#lib/stats/performance/multiclass-estimate.ts";
import { disagreement, readReference } from "#lib/stats/testing/reference.ts";

type Window = {
  first: number;
  tilt: number;
  estimated: Record<string, number>;
  realised: Record<string, number>;
};
const losses = readReference<{ windows: Window[] }>("performance-direct-loss").windows;
const classes = readReference<{ windows: Window[] }>("performance-multiclass-estimate").windows;

/** As scripts/estimates-reference.py makes them. */
const u = (i: number, factor: number, modulus: number) =>
  (((i * factor) % modulus) + 0.5) / modulus;
const upTo = (first: number, count: number) => Array.from({ length: count }, (_, k) => first + k);

const regressionRows = (first: number, count: number, tilt: number) => {
  const drawn = upTo(first, count).map((i) => {
    const a = u(i, 7919, 10_007);
    const size = a * (1 - tilt) + tilt * (0.5 + 0.5 * a);
    const other = u(i, 6271, 10_009);
    const kind = "abcd"[u(i, 4099, 9973) > tilt ? Math.floor(u(i, 5003, 9967) * 4) : 3] ?? "";
    const noise = u(i, 3571, 10_037) + u(i, 2657, 10_039) + u(i, 1873, 10_061) - 1.5;
    const spread = 0.5 + 4 * size * size + (kind === "d" ? 2 : 0);
    const truth = 20 + 30 * size + 5 * other;
    return { size, other, kind, prediction: truth, label: truth + spread * noise };
  });
  const columns: JointColumn[] = [
    { name: "size", kind: "numeric", values: drawn.map((row) => row.size) },
    { name: "other", kind: "numeric", values: drawn.map((row) => row.other) },
    { name: "kind", kind: "categorical", values: drawn.map((row) => row.kind) },
  ];
  return {
    columns,
    predictions: drawn.map((row) => row.prediction),
    labels: drawn.map((row) => row.label),
  };
};

const meansOf = (rows: Partial<Record<string, Float64Array>>) =>
  Object.fromEntries(
    Object.entries(rows).map(([loss, values]) => [
      loss,
      (values ?? new Float64Array(0)).reduce((sum, value) => sum + value, 0) /
        (values?.length ?? 1),
    ]),
  );

const reference = regressionRows(0, 4_000, 0);
const learned = await learnDirectLoss(reference.columns, reference.predictions, reference.labels);

describe("direct loss estimation", () => {
  if (learned === null) throw new Error("nothing was learned");
  const estimate = ({ columns, predictions }: ReturnType<typeof regressionRows>): MetricNumbers => {
    const every = [...columns, { name: PREDICTION, kind: "numeric", values: predictions } as const];
    return metricsOfLosses(meansOf(predictLosses(learned.model, every, predictions.length)));
  };
  const realise = ({ predictions, labels }: ReturnType<typeof regressionRows>): MetricNumbers =>
    metricsOfLosses(meansOf(rowLosses(predictions, labels)));

  test("agrees with LightGBM, and what turned out with scikit-learn", () => {
    for (const { first, tilt, estimated, realised } of losses) {
      const rows = regressionRows(first, 1_000, tilt);
      const [own, actual] = [estimate(rows), realise(rows)];
      for (const [name, value] of Object.entries(estimated))
        expect([first, name, disagreement(own[name] ?? null, value, { rtol: 0.05 })]).toEqual([
          first,
          name,
          undefined,
        ]);
      for (const [name, value] of Object.entries(realised))
        expect(disagreement(actual[name] ?? null, value, { rtol: 1e-9 })).toBeUndefined();
    }
  });

  test("is covered and trusted under covariate shift, and loses its trust under concept drift", () => {
    const windowOf = (i: number, tilt: number, drift: number): EstimatedWindow => {
      const rows = regressionRows(4_000 + i * 500, 500, tilt);
      const drifted = { ...rows, labels: rows.labels.map((label) => label + drift) };
      return {
        estimated: estimate(rows),
        realised: realise(drifted),
        rowCount: 500,
        labelledCount: 500,
        isMature: true,
        fromMs: i,
        untilMs: i + 1,
        outside: null,
      };
    };
    const shifted = upTo(0, 10).map((i) => windowOf(i, i / 30, 0));
    const { estimates, meters } = estimateWindows(learned.trials, shifted, 0);
    for (const name of ["mae", "rmse", "mape"]) {
      expect([name, meters[name]?.coveredCount]).toEqual([name, 10]);
      expect(estimates.every((one) => one[name]?.distrust === null)).toBe(true);
    }
    const drifted = upTo(0, 6).map((i) => windowOf(i, 0, 6));
    const found = estimateWindows(learned.trials, drifted, 0).estimates;
    expect(found.map(({ mae }) => mae?.distrust?.kind ?? null)).toEqual([
      null,
      ...new Array(5).fill("off_lately"),
    ]);
  });

  test("is plain data: kept and read it says the same", () => {
    const rows = regressionRows(4_000, 50, 0);
    const kept = JSON.parse(JSON.stringify(learned.model)) as typeof learned.model;
    expect(predictLosses(kept, rows.columns, 50)).toEqual(
      predictLosses(learned.model, rows.columns, 50),
    );
  });

  test("knows no logarithm of what is negative, and nothing without rows", async () => {
    expect(await learnDirectLoss([], [], [])).toBeNull();
    const few = await learnDirectLoss([], [1, -2, 3], [1, 2, 3]);
    expect(few?.trials.traits.msle).toBeUndefined();
    expect(few?.trials.cuts.map(({ blockCount }) => blockCount)).toEqual([1]);
    const constant = await learnDirectLoss([], new Array(60).fill(2), new Array(60).fill(2));
    const same = predictLosses(constant?.model ?? learned.model, [], 3);
    expect([...(same.absolute ?? [])]).toEqual([0, 0, 0]);
  });
});

const names = ["ant", "bee", "cat"];
const classRows = (first: number, count: number, tilt: number): LabelledClassRow[] =>
  upTo(first, count).map((i) => {
    const [a, b] = [u(i, 7919, 10_007), u(i, 6271, 10_009)];
    const logits = [2 * a - 1 + tilt, 2 * b - 1, 0.2];
    const weights = logits.map((x) => 1 + Math.max(0, 1 + x) ** 2);
    const sharp = weights.map((w) => w * w * w);
    const sum = sharp.reduce((total, s) => total + s, 0);
    const scores = sharp.map((s) => Math.round((s / sum) * 1_000) / 1_000);
    const [w0 = 0, w1 = 0] = weights;
    const draw = u(i, 3571, 10_037) * weights.reduce((total, w) => total + w, 0);
    const later = draw < w0 + w1 ? "bee" : "cat";
    const label = draw < w0 ? "ant" : later;
    return { scores, decision: names[scores.indexOf(Math.max(...scores))] ?? "", label };
  });

describe("CBPE of many classes", () => {
  const many = learnMulticlass(names, classRows(0, 3_000, 0));
  if (many === null) throw new Error("nothing was learned");

  test("agrees with its definition by scikit-learn", () => {
    for (const { first, tilt, estimated } of classes) {
      const found = metricsOfCells(expectCells(many.model, classRows(first, 1_000, tilt)));
      for (const [name, value] of Object.entries(estimated))
        expect([first, name, disagreement(found[name] ?? null, value, { rtol: 1e-9 })]).toEqual([
          first,
          name,
          undefined,
        ]);
    }
  });

  test("has the errors of blocks of every size, and a reach for every metric", () => {
    expect(many.trials.cuts.map(({ blockCount }) => blockCount)).toEqual([40, 20, 10, 8, 5]);
    expect(many.trials.cuts[0]?.errors.macro_f1).toHaveLength(40);
    const { accuracy, macro_precision: precision } = many.trials.traits;
    expect(accuracy?.reach).toBe(1);
    expect(accuracy?.samplingError?.deviation).toBeCloseTo(0.5, 1);
    expect(precision?.reach).toBeGreaterThan(2);
  });

  test("says of no rows nothing, of a row without scores that all classes are alike", () => {
    expect(metricsOfCells([]).accuracy).toBeNull();
    const cells = expectCells({ classes: ["a", "b"], calibrators: [null, null] }, [
      { scores: [0, 0], decision: "a" },
    ]);
    expect(cells.map(({ positives }) => positives)).toEqual([0.5, 0.5]);
    expect(learnMulticlass(["a"], [{ scores: [1], decision: "a", label: "a" }])).toBeNull();
  });
});
