import { describe, expect, test } from "vitest";
import type { Performance, PerformancePoint } from "#lib/api/performance.ts";
import { firstMetric, nameMetric, sayUndefined } from "./name-metric.ts";
import { prepareCalibration } from "./prepare-calibration.ts";
import { prepareCoverageChart } from "./prepare-coverage-chart.ts";
import { preparePerformanceAnswer } from "./prepare-performance-answer.ts";
import { preparePerformanceChart } from "./prepare-performance-chart.ts";
import { prepareResiduals } from "./prepare-residuals.ts";
import { toPlainText } from "./sentence.ts";

const metric = (value: number | null) => ({
  value,
  undefinedReason: value === null ? ("no_predicted_positive" as const) : null,
  lower: value === null ? null : value - 0.02,
  upper: value === null ? null : value + 0.02,
  sampleCount: value === null ? 0 : 400,
});

const point = (day: number, overrides: Partial<PerformancePoint> = {}): PerformancePoint => ({
  from: `2026-11-${day}T00:00:00.000Z`,
  until: `2026-11-${day + 1}T00:00:00.000Z`,
  rowCount: 1_000,
  labelledCount: 410,
  coverage: 0.41,
  maturity: "settled",
  isWaiting: false,
  metrics: { accuracy: metric(0.81), precision: metric(null) },
  estimates: { accuracy: { value: 0.79, lower: 0.7, upper: 0.88, distrust: null } },
  ...overrides,
});

const performance: Performance = {
  model: "eta",
  environment: "production",
  version: "1",
  segment: null,
  from: "2026-11-10T00:00:00.000Z",
  until: "2026-11-12T00:00:00.000Z",
  task: "binary",
  bucket: "day",
  classes: { positive: "late", negative: "on_time" },
  decisionSource: "model",
  window: point(10, { estimates: {} }),
  buckets: [
    point(10),
    point(11, { maturity: "provisional" }),
    point(12, { rowCount: 0, maturity: "no_predictions", isWaiting: true, metrics: {} }),
  ],
  labelDelay: { labelCount: 820, p50Ms: 3_600_000, p95Ms: 7_200_000, isSettled: true },
  calibration: null,
  confusion: [],
  atThreshold: null,
  scores: null,
  businessValue: null,
  residuals: [],
  byClass: [],
  notes: {
    leftOutCount: 0,
    clippedCount: 0,
    zeroLabelCount: 0,
    incompleteGroupCount: 0,
    groupsWithoutRelevantItemCount: 0,
    absentClasses: [],
    isExact: true,
  },
  estimate: {
    state: "ready",
    baseline: { id: "00000000-0000-4000-8000-000000000001", name: "training", rowCount: 9_000 },
    isCalibrated: true,
    trust: {},
  },
};

const whole = { ...performance, buckets: performance.buckets.slice(0, 2) };

const say = (one: Performance, name: string | null = "accuracy") => {
  const { health, headline, detail } = preparePerformanceAnswer(one, name, "over the last 7 days");
  return [health, toPlainText(headline), toPlainText(detail)];
};

describe("the answer", () => {
  test("is the metric with its interval, and how much of it is known", () => {
    expect(say(whole)).toEqual([
      null,
      "Accuracy of eta is 0.81 (0.79 to 0.83) over the last 7 days; 41\u202f% of labels are in.",
      "410 of 1,000 predictions labelled. 95 % of labels come within 2\u202fh. Estimated without labels, the latest day has 0.79 (0.7 to 0.88). No window has been tried yet: the band rests on the baseline alone.",
    ]);
  });

  test("says why a metric is undefined, and never calls it zero", () => {
    expect(say(whole, "precision")[1]).toContain("nothing was predicted positive");
  });

  test("is unknown without predictions, without a task and without labels", () => {
    const empty = { ...whole, window: point(10, { rowCount: 0, labelledCount: 0 }) };
    expect(say(empty)[0]).toBe("unknown");
    const stored = point(10, { rowCount: 0, labelledCount: 0, isWaiting: true });
    expect(say({ ...whole, window: stored })[1]).toContain("still being worked out");
    expect(say({ ...whole, task: null }, null)[1]).toContain("can't be judged");
    const waiting = { ...whole, window: point(10, { labelledCount: 0 }) };
    expect(say(waiting)[1]).toContain("No labels have come");
  });

  test("is withheld while more than a twentieth of the window was never looked at", () => {
    expect(say(performance)).toEqual([
      "unknown",
      "Cannot say yet how right eta is over the last 7 days: 33\u202f% of this window is still being worked out.",
      "1,000 predictions are in so far, and the figures below will change.",
    ]);
    const again = { ...whole, buckets: [point(10, { isWaiting: true }), point(11)] };
    expect(say(again)[0]).toBeNull();
  });

  test("says why an estimate can't be trusted", () => {
    const doubted = point(11, {
      estimates: { accuracy: { value: 0.5, lower: 0.1, upper: 0.9, distrust: "so it is" } },
    });
    expect(say({ ...performance, buckets: [doubted] })[2]).toContain("not to be trusted: so it is");
  });

  test.each([
    ["no_baseline", "Upload a labelled baseline"],
    ["no_labels_in_baseline", "no labelled rows"],
    ["no_scores", "no score"],
    ["not_for_task", "Rankings are not estimated"],
    ["ready", "has no estimate"],
  ] as const)("says why there is none: %s", (state, words) => {
    const none = {
      ...performance,
      buckets: [point(10, { estimates: {} })],
      estimate: { ...performance.estimate, state },
    };
    expect(say(none)[2]).toContain(words);
  });
});

describe("the chart", () => {
  const chart = preparePerformanceChart(performance, "accuracy", "UTC");

  test("sets realised beside estimated, with the band, and hatches what is provisional", () => {
    expect(chart.points[0]).toMatchObject({
      values: { realised: 0.81, estimated: 0.79 },
      band: [0.7, 0.88],
      isSmall: false,
    });
    expect(chart.series.map(({ id, shape }) => [id, shape])).toEqual([
      ["estimated", "dashed"],
      ["realised", "line"],
    ]);
    expect(chart.gaps).toHaveLength(1);
    expect(chart.gaps[0]?.untilMs).toBe(Date.parse("2026-11-13T00:00:00Z"));
    expect(chart.table.rows).toHaveLength(3);
  });

  test("names each line on the side where the other is not", () => {
    const isAbove = ({ series }: typeof chart) => {
      const shiftOf = (id: string) => series.find((one) => one.id === id)?.labelShift ?? 0;
      return shiftOf("realised") < shiftOf("estimated");
    };
    expect(isAbove(chart)).toBe(true);
    const fallen = [10, 11].map((day) => point(day, { metrics: { accuracy: metric(0.6) } }));
    const below = preparePerformanceChart({ ...performance, buckets: fallen }, "accuracy", "UTC");
    expect(isAbove(below)).toBe(false);
  });

  test("leaves a gap where the metric is undefined", () => {
    const undefinedOne = preparePerformanceChart(performance, "precision", "UTC");
    expect(undefinedOne.points[0]?.values.realised).toBeNull();
    expect(undefinedOne.isEmpty).toBe(true);
    expect(undefinedOne.series.map(({ id }) => id)).toEqual(["realised"]);
  });
});

test("calibration says how far scores are off, beside what chance gives", () => {
  expect(prepareCalibration(performance)).toBeNull();
  const bin = { from: 0.1, until: 0.2, count: 50, positiveCount: 10, meanScore: 0.15 };
  const figures = { reliability: 0.1, resolution: 0.1, uncertainty: 0.2 };
  const calibration = {
    ...figures,
    bins: [{ ...bin, positiveShare: 0.2, lower: 0.1, upper: 0.3 }],
    expectedError: 0.05,
    expectedErrorBias: 0.02,
  };
  const model = prepareCalibration({ ...performance, calibration });
  expect(model?.sentence).toBe(
    "Scores are off by 0.05 on average, where chance alone gives about 0.02.",
  );
  expect(model?.marks[0]).toMatchObject({ x: 0.15, y: 0.2 });
});

test("metrics have names, tasks a first one, and reasons words", () => {
  expect([nameMetric("roc_auc"), nameMetric("ndcg@10"), nameMetric("own")]).toEqual([
    "ROC AUC",
    "NDCG@10",
    "own",
  ]);
  expect([firstMetric("regression"), firstMetric(null)]).toEqual(["mae", null]);
  expect(sayUndefined(null)).toBe("not known");
});

test("labels: what share is in, bucket by bucket, and where more are to come", () => {
  const chart = prepareCoverageChart(whole, "UTC");
  expect(chart.sentence).toBe(
    "41\u202f% of 1,000 predictions are labelled. 95 % of labels come within 2\u202fh: 1 of 2 days are settled.",
  );
  expect(chart.points.map(({ values }) => values.labelled)).toEqual([0.41, 0.41]);
  expect(chart.gaps).toHaveLength(1);
  expect(prepareCoverageChart({ ...whole, labelDelay: null }, "UTC").sentence).toContain(
    "No label has come yet.",
  );
});

test("errors: where they lie, on which side, and how they lean", () => {
  expect(prepareResiduals(whole)).toBeNull();
  const model = prepareResiduals({
    ...whole,
    residuals: [
      { from: -2, until: 0, share: 0.25 },
      { from: 0, until: 2, share: 0.75 },
    ],
    window: { ...whole.window, metrics: { bias: metric(0.5) } },
  });
  expect(model?.sentence).toContain("99 % of errors lie between \u22122 and 2, and about 25");
  expect(model?.sentence).toContain("On average predictions are 0.5 too high: 0.5 (0.48 to 0.52).");
  expect(model?.bars.map(({ height }) => height)).toEqual([1 / 3, 1]);
  expect(model?.zero).toBe(0.5);
});

test("an estimate says how often its band held, and what that did to it", () => {
  const trust = { accuracy: { windowCount: 12, coveredCount: 11, widening: 1.3 } };
  const [, , detail] = say({ ...whole, estimate: { ...whole.estimate, trust } });
  expect(detail).toContain(
    "The band, at 99.7 %, held in 11 of 12 days whose labels came, which made it 1.3 times as wide.",
  );
});
