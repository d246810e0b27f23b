import { describe, expect, test } from "vitest";
import type { FeatureDriftDetail } from "#lib/api/drift.ts";
import { prepareDistribution } from "./prepare-distribution.ts";

type Bin = FeatureDriftDetail["bins"][number];

const range = (from: number, until: number, reference: number, window: number): Bin => ({
  label: `${from} to ${until}`,
  kind: "range",
  from,
  until,
  referenceCount: reference * 100,
  windowCount: window * 100,
  referenceShare: reference,
  windowShare: window,
});
const value = (
  label: string,
  reference: number,
  window: number,
  kind: Bin["kind"] = "value",
): Bin => ({
  ...range(0, 1, reference, window),
  label,
  kind,
  from: null,
  until: null,
});

function buildDetail(bins: Bin[], hasReference = true): FeatureDriftDetail {
  const side = {
    rowCount: 100,
    valueCount: 100,
    missingCount: 0,
    nonFiniteCount: 0,
    violationCount: 0,
    distinctCount: null,
    mean: 1,
    standardDeviation: 1,
    minimum: 0,
    maximum: 4,
    quantiles: [0, 1, 2, 3, 4],
  };
  return {
    model: "eta",
    environment: "production",
    version: "1",
    segment: null,
    referenceLack: null,
    from: "2026-11-17T00:00:00.000Z",
    until: "2026-11-18T00:00:00.000Z",
    reference: null,
    drift: null,
    bins,
    referenceSide: hasReference ? side : null,
    windowSide: side,
    bucketMs: 3_600_000,
    series: [],
  };
}

describe("numbers", () => {
  test("equal bins stand at their shares", () => {
    const model = prepareDistribution(buildDetail([range(0, 2, 0.5, 0.2), range(2, 4, 0.5, 0.8)]));
    const top = model.valueAxis.domain[1];
    expect(model.steps.map(({ from, until }) => [from, until])).toEqual([
      [0, 0.5],
      [0.5, 1],
    ]);
    expect(model.steps.map((step) => step.window * top)).toEqual([0.2, 0.8]);
    expect(model.note).toBeNull();
  });

  test("a bin three times as wide with the same share is a third as high: areas compare", () => {
    const model = prepareDistribution(buildDetail([range(0, 1, 0.5, 0.5), range(1, 4, 0.5, 0.5)]));
    const [narrow, wide] = model.steps;
    expect((narrow?.window ?? 0) / (wide?.window ?? 1)).toBeCloseTo(3, 12);
    expect(model.note).toContain("areas compare");
  });

  test("bins that differ wildly are drawn equally wide, and it is said", () => {
    const model = prepareDistribution(
      buildDetail([range(0, 0.001, 0.5, 0.5), range(0.001, 1_000, 0.5, 0.5)]),
    );
    expect(model.steps.map(({ until }) => until)).toEqual([0.5, 1]);
    expect(model.note).toContain("drawn equally wide");
  });

  test("single values with nothing between them are bars under their own names", () => {
    const hours = Array.from({ length: 24 }, (_, hour) => ({
      ...range(hour, hour + 1e-9, 1 / 24, 1 / 24),
      label: String(hour),
    }));
    const model = prepareDistribution(buildDetail(hours));
    expect(model.xTicks.map(({ label }) => label)).toEqual([
      "0",
      "3",
      "6",
      "9",
      "12",
      "15",
      "18",
      "21",
    ]);
    expect(model.steps[1]?.from).toBeCloseTo(1 / 24, 12);
    expect(model.note).toBeNull();
  });

  test("a constant is one full bar", () => {
    const model = prepareDistribution(buildDetail([{ ...range(7, 7, 1, 1), label: "7" }]));
    expect(model.steps.map(({ from, until, label }) => [from, until, label])).toEqual([
      [0, 1, "7"],
    ]);
    expect(model.quantiles.window.every(Number.isFinite)).toBe(true);
  });

  test("missing values stand apart at the edge, and only when there are any", () => {
    const missing = value("missing", 0.002, 0.03, "missing");
    const none = value("nan", 0, 0, "nan");
    const model = prepareDistribution(buildDetail([range(0, 1, 0.998, 0.97), missing, none]));
    expect(model.edges.map(({ label }) => label)).toEqual(["missing"]);
  });

  test("what lies beyond the axis is clipped to it", () => {
    const model = prepareDistribution(buildDetail([range(1, 2, 1, 1)]));
    expect(model.quantiles.window).toEqual([0, 0, 1, 1, 1]);
  });
});

describe("categories", () => {
  test("the most frequent are shown, the rest is one bar, and it is said", () => {
    const bins = Array.from({ length: 25 }, (_, index) => value(`v${index}`, 0.04, 0.04));
    const model = prepareDistribution(buildDetail(bins));
    expect(model.rows).toHaveLength(21);
    expect(model.rows.at(-1)?.label).toBe("all other values");
    expect(model.rows.at(-1)?.windowText).toContain("20");
    expect(model.note).toBe("The 20 most frequent values; the rest together.");
  });

  test("a value that the baseline never had is marked as new", () => {
    const model = prepareDistribution(buildDetail([value("ATL", 1, 0.9), value("DEN", 0, 0.1)]));
    expect(model.rows.map(({ label, isNew }) => [label, isNew])).toEqual([
      ["ATL", false],
      ["DEN", true],
    ]);
  });

  test("the sentence names the largest change", () =>
    expect(
      prepareDistribution(buildDetail([value("ATL", 0.6, 0.55), value("DEN", 0.1, 0.4)])).sentence,
    ).toBe("Largest change: DEN, from 10\u202f% to 40\u202f% of rows."));
});

test("no bins is empty, and says so", () => {
  const model = prepareDistribution(buildDetail([]));
  expect([model.kind, model.sentence]).toEqual(["empty", "No values to show."]);
});

test("the table has every bin with both counts", () =>
  expect(prepareDistribution(buildDetail([range(0, 1, 1, 1)])).table.rows).toEqual([
    ["0 to 1", "range", 100, 100, 1, 1],
  ]));
