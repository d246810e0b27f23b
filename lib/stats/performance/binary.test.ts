import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NORMAL_QUANTILE_975 } from "#lib/stats/interval.ts";
import { computeBinaryMetrics } from "#lib/stats/performance/binary.ts";
import { computeCalibration, computeEqualCountEce } from "#lib/stats/performance/calibration.ts";
import { fitCalibrator } from "#lib/stats/performance/calibrator.ts";
import { estimateBinaryMetrics } from "#lib/stats/performance/cbpe.ts";
import type { Confusion } from "#lib/stats/performance/confusion.ts";
import {
  addToConfusion,
  computeBusinessValue,
  computeConfusionMetrics,
  NO_CONFUSION,
} from "#lib/stats/performance/confusion.ts";
import { fitIsotonic, predictIsotonic } from "#lib/stats/performance/isotonic.ts";
import { numberOf } from "#lib/stats/performance/metric-value.ts";
import { countClipped } from "#lib/stats/performance/probability-loss.ts";
import { computeSamplingErrors, standardErrorOf } from "#lib/stats/performance/sampling-error.ts";
import type { ScoreCell } from "#lib/stats/performance/score-cells.ts";
import {
  confusionAt,
  exactCell,
  labelledGroups,
  mergeScoreCells,
} from "#lib/stats/performance/score-cells.ts";
import { GOLDEN_SKIPPED, readGolden } from "#lib/stats/testing/golden.ts";
import { disagreement, readReference } from "#lib/stats/testing/reference.ts";

type Rows = { scores: number[]; decisions: number[]; labels: number[] };
type Case = Rows & {
  name: string;
  shares: Record<string, [number, number, number] | null>;
  values: Record<string, number | null>;
  rocAucStandardError: number | null;
  bootstrapErrors?: Record<string, number>;
};
const reference = readReference<{
  cases: Case[];
  thresholds: { threshold: number; counts: number[] }[];
}>("performance-binary");
const calibration = readReference<{
  cases: ({ name: string } & Record<
    "expectedError" | "reliability" | "resolution" | "uncertainty",
    number
  >)[];
  fits: { name: string; at: number[]; probabilities: number[] }[];
}>("performance-calibration");

const cellsOf = ({ scores, decisions, labels }: Rows): ScoreCell[] =>
  mergeScoreCells(scores.map((s, i) => exactCell(s, decisions[i] === 1, labels[i] === 1, 1)));
const confusionOf = ({ decisions, labels }: Rows): Confusion =>
  decisions.reduce((sum, d, i) => addToConfusion(sum, d === 1, labels[i] === 1, 1), NO_CONFUSION);
const rowsNamed = (name: string): Case => {
  const found = reference.cases.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no case ${name}`);
  return found;
};

describe.each(reference.cases)("$name", (rows) => {
  const metrics = computeBinaryMetrics(confusionOf(rows), cellsOf(rows));

  test("agrees with scikit-learn to 1e-9, and is undefined where it has no value", () => {
    for (const [name, expected] of Object.entries(rows.values)) {
      const metric = metrics[name as keyof typeof metrics];
      if (expected === null) expect([name, metric.kind]).toEqual([name, "undefined"]);
      else {
        const found = disagreement(numberOf(metric), expected, { rtol: 1e-9, atol: 1e-12 });
        expect([name, found]).toEqual([name, undefined]);
      }
    }
  });

  test("its shares have scipy's Wilson intervals", () => {
    for (const [name, expected] of Object.entries(rows.shares)) {
      const metric = metrics[name as keyof typeof metrics];
      if (expected === null) expect(metric.kind).toBe("undefined");
      else {
        const [, low, high] = expected;
        expect(metric).toMatchObject({
          lower: expect.closeTo(low, 9),
          upper: expect.closeTo(high, 9),
        });
      }
    }
  });

  test("ROC AUC has the standard error of DeLong by every pair", () => {
    const auc = metrics.roc_auc;
    if (auc.kind === "undefined") return;
    if (rows.rocAucStandardError === null) expect([auc.lower, auc.upper]).toEqual([null, null]);
    else {
      const half = NORMAL_QUANTILE_975 * rows.rocAucStandardError;
      expect(auc.lower).toBeCloseTo(Math.max(0, auc.value - half), 9);
      expect(auc.upper).toBeCloseTo(Math.min(1, auc.value + half), 9);
    }
  });

  test("the delta method's errors are those of 3,000 bootstraps, within 8 %", () => {
    for (const [name, expected] of Object.entries(rows.bootstrapErrors ?? {})) {
      const metric = metrics[name as keyof typeof metrics];
      if (metric.kind === "undefined" || metric.lower === null)
        throw new Error(`${name} has no interval`);
      const found = disagreement((metric.value - metric.lower) / NORMAL_QUANTILE_975, expected, {
        rtol: 0.08,
      });
      expect([name, found]).toEqual([name, undefined]);
    }
  });

  test("its calibration bins give numpy's figures", () => {
    const expected = calibration.cases.find((one) => one.name === rows.name);
    const found = computeCalibration(cellsOf(rows));
    for (const key of ["expectedError", "reliability", "resolution", "uncertainty"] as const)
      expect(disagreement(found[key], expected?.[key] ?? Number.NaN, { atol: 1e-12 })).toBe(
        undefined,
      );
  });

  test("isotonic regression agrees with scikit-learn to 1e-12", () => {
    const fit = fitIsotonic(rows.scores.map((x, i) => ({ x, y: rows.labels[i] ?? 0, weight: 1 })));
    const { at, probabilities } = calibration.fits.find((one) => one.name === rows.name) ?? {
      at: [],
      probabilities: [Number.NaN],
    };
    at.forEach((x, i) => {
      const found = disagreement(predictIsotonic(fit, x), probabilities[i] ?? 0, { atol: 1e-12 });
      expect([x, found]).toEqual([x, undefined]);
    });
  });
});

test("a confusion at any threshold counts a score on the threshold as positive", () => {
  const cells = cellsOf(rowsNamed("eleven tied scores, exact 0 and 1 among them"));
  for (const { threshold, counts } of reference.thresholds) {
    const c = confusionAt(cells, threshold);
    expect([c.truePositive, c.falsePositive, c.falseNegative, c.trueNegative]).toEqual(counts);
  }
  expect(countClipped(cells)).toBeGreaterThan(0);
});

describe("without something to say", () => {
  test("no rows are undefined, every one", () => {
    const metrics = computeBinaryMetrics(NO_CONFUSION, []);
    for (const metric of Object.values(metrics)) expect(metric.kind).toBe("undefined");
    expect(computeCalibration([]).expectedError).toBeNull();
    expect(fitCalibrator([])).toBeNull();
  });

  test("nothing predicted positive is an undefined precision, estimated too", () => {
    const rows = rowsNamed("nothing decided positive");
    expect(computeConfusionMetrics(confusionOf(rows)).precision).toEqual({
      kind: "undefined",
      reason: "no_predicted_positive",
    });
    expect(estimateBinaryMetrics(cellsOf(rows), (s) => s).precision).toBeNull();
  });

  test("scores that are no probabilities have a ROC AUC, but no log loss", () => {
    const cells = [exactCell(-3, false, false, 4), exactCell(7, true, true, 4)];
    const metrics = computeBinaryMetrics(NO_CONFUSION, cells);
    expect(numberOf(metrics.roc_auc)).toBe(1);
    expect(metrics.log_loss).toEqual({ kind: "undefined", reason: "score_outside_unit" });
  });

  test("rows whose labels have not come change nothing but the estimate", () => {
    const rows = rowsNamed("distinct scores");
    const cells = cellsOf(rows);
    const waiting = [...cells, exactCell(0.9, true, null, 50)];
    expect(labelledGroups(waiting)).toEqual(labelledGroups(cells));
  });
});

describe("merging", () => {
  const cell = fc
    .tuple(
      fc.integer({ min: 0, max: 20 }),
      fc.constantFrom(true, false, null),
      fc.constantFrom(true, false, null),
      fc.integer({ min: 1, max: 9 }),
    )
    .map(([s, d, y, n]) => exactCell(s / 20, d, y, n));

  test("parts merged in any order give what the rows give together", () => {
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 40 }), fc.nat(39), (cells, at) => {
        const whole = computeBinaryMetrics(NO_CONFUSION, mergeScoreCells(cells));
        const parts = computeBinaryMetrics(
          NO_CONFUSION,
          mergeScoreCells([
            ...mergeScoreCells(cells.slice(at)),
            ...mergeScoreCells(cells.slice(0, at)),
          ]),
        );
        for (const name of ["roc_auc", "average_precision", "brier", "log_loss"] as const) {
          const [a, b] = [numberOf(whole[name]), numberOf(parts[name])];
          if (a === null || b === null) expect(a).toBe(b);
          else expect(a).toBeCloseTo(b, 10);
        }
      }),
    );
  });

  test("ROC AUC is mirrored when the labels are, and between 0 and 1", () => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: 2, maxLength: 40 }), (cells) => {
        const auc = numberOf(computeBinaryMetrics(NO_CONFUSION, cells).roc_auc);
        const turned = cells.map((one) => ({
          ...one,
          label: one.label === null ? null : !one.label,
        }));
        const mirrored = numberOf(computeBinaryMetrics(NO_CONFUSION, turned).roc_auc);
        if (auc === null || mirrored === null) return auc === mirrored;
        return auc >= 0 && auc <= 1 && Math.abs(auc + mirrored - 1) < 1e-9;
      }),
    );
  });
});

type Golden = {
  inputs: Record<"p" | "y_pred" | "p_squared" | "y_true", { values: number[] }>;
  cbpe: { expected: Record<string, number>; business_value_matrix: number[][] };
  cbpe_squared: { expected: { f1: number; roc_auc: number } };
  ece: { expected: number };
  sampling_error: {
    components: Record<string, { s: number; f: number }>;
    auroc_se_at_n_100: number;
  };
  isotonic: { x: number[]; y: number[]; predictions: { x: number; f: number }[] };
};
const golden = readGolden<Golden>("cbpe.json");

describe.skipIf(golden === null)(
  golden === null ? GOLDEN_SKIPPED : "NannyML 0.13.1 on 200 rows",
  () => {
    if (golden === null) return;
    const p = golden.inputs.p.values;
    const decisions = golden.inputs.y_pred.values;
    const labels = golden.inputs.y_true.values;
    const rows = { scores: p, decisions, labels };
    const cells = cellsOf(rows);

    test("CBPE with calibrated scores", () => {
      const found = estimateBinaryMetrics(cells, (s) => s);
      for (const [name, expected] of Object.entries(golden.cbpe.expected)) {
        if (name.startsWith("business")) continue;
        // NannyML rounds the cumulative counts of the two rank metrics to 5 decimals.
        const rtol = name === "roc_auc" || name === "average_precision" ? 1e-6 : 1e-9;
        const actual = found[name as keyof typeof found];
        expect([name, disagreement(actual, expected, { rtol })]).toEqual([name, undefined]);
      }
    });

    test("CBPE of the value that the decisions are worth", () => {
      const expected = golden.cbpe.expected;
      const sum = cells.reduce(
        (c, { decision, score, count }) => ({
          truePositive: c.truePositive + (decision === true ? score * count : 0),
          falsePositive: c.falsePositive + (decision === true ? (1 - score) * count : 0),
          falseNegative: c.falseNegative + (decision === true ? 0 : score * count),
          trueNegative: c.trueNegative + (decision === true ? 0 : (1 - score) * count),
        }),
        NO_CONFUSION,
      );
      const worth = { trueNegative: 0, falsePositive: -10, falseNegative: -100, truePositive: 50 };
      expect(computeBusinessValue(sum, worth)).toBeCloseTo(expected.business_value ?? 0, 6);
      expect(computeBusinessValue(sum, worth, { perPrediction: true })).toBeCloseTo(
        expected.business_value_per_prediction ?? 0,
        8,
      );
    });

    test("CBPE where the calibrated probability is the square of the score", () => {
      const found = estimateBinaryMetrics(cells, (s) => s * s);
      const { f1, roc_auc } = golden.cbpe_squared.expected;
      expect(disagreement(found.f1, f1, { rtol: 1e-9 })).toBeUndefined();
      expect(disagreement(found.roc_auc, roc_auc, { rtol: 1e-6 })).toBeUndefined();
    });

    test("the equal-count calibration error", () => {
      const found = computeEqualCountEce(labelledGroups(cells));
      expect(disagreement(found, golden.ece.expected, { rtol: 1e-9 })).toBeUndefined();
    });

    test("the components of the sampling errors", () => {
      const errors = computeSamplingErrors(confusionOf(rows), labelledGroups(cells));
      for (const [name, { s, f }] of Object.entries(golden.sampling_error.components)) {
        const error = errors[(name === "auroc" ? "roc_auc" : name) as keyof typeof errors];
        const found = [
          disagreement(error?.deviation ?? null, s, { rtol: 1e-9 }),
          disagreement(error?.share ?? null, f, { rtol: 1e-9 }),
        ];
        expect([name, ...found]).toEqual([name, undefined, undefined]);
      }
      expect(standardErrorOf(errors.roc_auc, 100)).toBeCloseTo(
        golden.sampling_error.auroc_se_at_n_100,
        10,
      );
    });

    test("isotonic regression, in exact fractions", () => {
      const { x, y, predictions } = golden.isotonic;
      const fit = fitIsotonic(x.map((at, i) => ({ x: at, y: y[i] ?? 0, weight: 1 })));
      for (const one of predictions)
        expect(disagreement(predictIsotonic(fit, one.x), one.f, { atol: 1e-12 })).toBeUndefined();
    });
  },
);
