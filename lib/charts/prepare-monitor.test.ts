import { describe, expect, test } from "vitest";
import type { ListedMonitor, MonitorDetail, MonitorPoint } from "#lib/api/monitor.ts";
import { defaultQuestion } from "#lib/domain/monitor-definition.ts";
import { nameSeriesOf } from "./name-monitor.ts";
import { prepareMonitorAnswer, prepareMonitorListAnswer } from "./prepare-monitor-answer.ts";
import { prepareMonitorChart } from "./prepare-monitor-chart.ts";
import { prepareMonitorSpark } from "./prepare-monitor-spark.ts";
import { toPlainText } from "./sentence.ts";

const hourMs = 3_600_000;
const start = Date.parse("2026-11-20T00:00:00Z");
const iso = (hour: number) => new Date(start + hour * hourMs).toISOString();
const point = (hour: number, change: Partial<MonitorPoint> = {}): MonitorPoint => ({
  from: iso(hour - 1),
  until: iso(hour),
  kind: "value",
  value: 0.1,
  lower: 0.05,
  upper: 0.2,
  sampleCount: 100,
  judged: "clear",
  fireThreshold: 0.3,
  clearThreshold: 0.2,
  sentence: "fine",
  ...change,
});
const unknown = {
  kind: "no_data",
  value: null,
  lower: null,
  upper: null,
  judged: null,
  fireThreshold: null,
  clearThreshold: null,
  sentence: "no rows came",
} as const;

describe("the chart of a series", () => {
  const model = prepareMonitorChart(
    {
      points: [
        point(1),
        point(2, unknown),
        point(3, { value: 0.5, lower: 0.4, upper: 0.6, judged: "fire" }),
      ],
      unit: "share",
      what: "x",
      stepMs: hourMs,
    },
    "UTC",
  );

  test("draws values with their intervals, thresholds, and gaps where nothing is known", () => {
    expect(model.points.map(({ values, band }) => [values.value, values.fire, band])).toEqual([
      [0.1, 0.3, [0.05, 0.2]],
      [null, null, null],
      [0.5, 0.3, [0.4, 0.6]],
    ]);
    expect(model.gaps).toHaveLength(1);
    expect(model.series.map(({ id }) => id)).toEqual(["value", "fire"]);
    expect(model.valueAxis.domain[1]).toBeGreaterThanOrEqual(0.6);
  });

  test("says what it shows", () => {
    expect(model.sentence).toBe(
      "x: 1 of 2 windows beyond the threshold; the last value is 50\u202f%.",
    );
    expect(model.note).toBe("1 of 3 windows without a value");
    expect(model.points[1]?.lines.find(({ label }) => label === "judged")?.text).toBe(
      "no rows came",
    );
  });

  test("of nothing is empty, and no zero", () => {
    const empty = prepareMonitorChart(
      { points: [], unit: "none", what: "x", stepMs: hourMs },
      "UTC",
    );
    expect([empty.isEmpty, empty.points, empty.sentence]).toEqual([
      true,
      [],
      "No window has a value yet.",
    ]);
    const blind = prepareMonitorChart(
      { points: [point(1, unknown)], unit: "none", what: "x", stepMs: hourMs },
      "UTC",
    );
    expect(blind.isEmpty).toBe(true);
  });
});

const series = (column: string, version = "1") => ({
  environment: "production",
  version,
  subject: "feature" as const,
  column,
  segmentKey: "",
  segmentValue: "",
});
const question = defaultQuestion("drift");
const detail: MonitorDetail = {
  ...question,
  id: "00000000-0000-4000-8000-000000000001",
  model: "eta",
  name: "eta: drift",
  causeClass: "data_drift",
  severityOverride: null,
  ownerTeamId: null,
  ownerUserId: null,
  ownerName: null,
  runbookUrl: null,
  destinationIds: [],
  isEnabled: true,
  revision: 1,
  createdAt: iso(0),
  updatedAt: iso(0),
  evaluatedAt: iso(6),
  nextAt: iso(12),
  skippedCount: 0,
  skippedUntil: null,
  unit: "floors",
  state: "healthy",
  windowUntil: iso(6),
  series: ["a", "b"].map((column) => {
    const { from, until, ...result } = point(6);
    return { series: series(column), from, until, result };
  }),
};
const said = (monitor: MonitorDetail) =>
  toPlainText(prepareMonitorAnswer(monitor, start + 7 * hourMs).headline);

describe("the answer of a monitor", () => {
  test.each<[string, Partial<MonitorDetail>, string]>([
    ["nothing beyond", {}, "None of 2 series of eta is beyond its threshold."],
    [
      "one beyond",
      {
        state: "breach",
        series: detail.series.map((one, i) =>
          i === 0 ? { ...one, result: { ...one.result, judged: "fire" } } : one,
        ),
      },
      "a of eta is beyond the threshold.",
    ],
    ["off", { state: "off" }, "eta: drift is off: it is not asked, and nobody is told."],
    [
      "never asked",
      { state: "unknown", series: [], windowUntil: null },
      "eta: drift has not been asked yet.",
    ],
  ])("%s", (_name, change, words) => {
    expect(said({ ...detail, ...change })).toBe(words);
  });

  test("of all says what is beyond, what cannot say, and whom nobody watches", () => {
    const listed = (state: ListedMonitor["state"]): ListedMonitor => ({
      ...detail,
      state,
      seriesCount: 2,
      firingCount: 0,
      valueCount: 2,
      failedCount: 0,
      worst: null,
      spark: [],
    });
    const answer = (...states: ListedMonitor["state"][]) =>
      toPlainText(prepareMonitorListAnswer(states.map(listed), undefined).headline);
    expect(answer()).toContain("Nothing is watched");
    expect(answer("healthy", "breach")).toBe("eta: drift is beyond its threshold.");
    expect(answer("healthy", "unknown")).toBe(
      "1 of 2 monitors cannot say; none is beyond its threshold.",
    );
    expect(answer("healthy", "off")).toBe("None of 1 monitor is beyond its threshold.");
    expect(answer("off")).toBe("Every monitor is off.");
  });
});

test("a version that all series have goes without saying", () => {
  expect(nameSeriesOf([series("a"), series("b")])(series("a"))).toBe("a");
  expect(nameSeriesOf([series("a"), series("a", "2")])(series("a"))).toBe("a, version 1");
});

test("a few windows are a few bars at the right end; what is unknown is no bar", () => {
  const spark = [
    { until: iso(1), value: 2, firingCount: 0 },
    { until: iso(2), value: null, firingCount: 0 },
    { until: iso(3), value: -4, firingCount: 1 },
  ];
  const { bars, sentence } = prepareMonitorSpark(spark, "none");
  expect(bars.slice(-3)).toEqual([{ height: 0.5 }, null, { height: 1 }]);
  expect(bars.slice(0, -3).every((bar) => bar === null)).toBe(true);
  expect(sentence).toBe("2 of 3 windows with a value, at most 4; 1 beyond the threshold.");
});
