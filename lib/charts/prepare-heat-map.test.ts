import { describe, expect, test } from "vitest";
import type { Drift } from "#lib/api/drift.ts";
import type { Verdict } from "#lib/domain/health.ts";
import { heatLevel, prepareHeatMap } from "./prepare-heat-map.ts";

const bucket = (index: number) => new Date(Date.UTC(2026, 10, 17, index)).toISOString();
type Cell = Drift["heat"][number]["cells"][number];
const cell = (value: number | null, verdict: Verdict): Cell => ({
  value,
  nullExpectation: value === null ? null : 0.01,
  verdict,
  rowCount: value === null ? 0 : 1_203,
});

function buildDrift(
  rows: { feature: string; psi: number; verdict: Verdict; cells: Cell[] }[],
): Drift {
  return {
    model: "eta",
    environment: "production",
    version: "1",
    segment: null,
    referenceLack: null,
    from: bucket(0),
    until: bucket(2),
    reference: null,
    statistic: "psi",
    windowRowCount: 1,
    labels: null,
    waitingShare: 0,
    family: {
      size: 0,
      testCount: 9,
      driftCount: 0,
      noDriftCount: 0,
      cannotSayCount: 0,
      falseDiscoveryRate: 0.05,
    },
    features: rows.map(({ feature, psi, verdict }) => ({
      subject: "feature",
      feature,
      type: "numeric",
      verdict,
      reason: "",
      statistics: [
        {
          statistic: "psi",
          value: psi,
          unit: "nat",
          lowerBound: psi,
          upperBound: psi,
          isExact: false,
          interval: null,
          smoothing: null,
          category: null,
          nullExpectation: 0.01,
          bound: 0,
          pValue: null,
          binCount: 10,
        },
      ],
      decidedQuestion: "values",
      unavailable: [],
      tests: [],
      newCategories: [],
      vanishedCategories: [],
      adjustedPValue: null,
      referenceCount: 1,
      windowCount: 1,
      referenceMissingShare: null,
      windowMissingShare: null,
      isExact: true,
    })),
    bucketMs: 3_600_000,
    buckets: [bucket(0), bucket(1)],
    heat: rows.map(({ feature, cells }) => ({ subject: "feature", feature, cells })),
  };
}

describe("the order", () => {
  const map = prepareHeatMap(
    buildDrift([
      { feature: "loud but within noise", psi: 0.4, verdict: "no_drift", cells: [] },
      { feature: "too few rows", psi: 0.9, verdict: "cannot_say", cells: [] },
      { feature: "small but real", psi: 0.03, verdict: "drift", cells: [] },
      { feature: "large and real", psi: 0.3, verdict: "drift", cells: [] },
    ]),
    "UTC",
  );
  test("drift comes first, and what cannot be said last, however large it looks", () =>
    expect(map.rows.map(({ label }) => label)).toEqual([
      "large and real",
      "small but real",
      "loud but within noise",
      "too few rows",
    ]));
  test("the sentence names the worst that is real", () =>
    expect(map.sentence).toBe(
      "2 of 4 rows of the map drift; most of all large and real with PSI 0.3.",
    ));
});

test("a cell without a value has no colour, and says how many rows it had", () => {
  const map = prepareHeatMap(
    buildDrift([
      {
        feature: "a",
        psi: 0.3,
        verdict: "drift",
        cells: [cell(null, "cannot_say"), cell(0.31, "drift")],
      },
    ]),
    "UTC",
  );
  expect(map.rows[0]?.cells).toEqual([
    { level: null, verdict: "cannot_say", text: "cannot say: 0 rows" },
    { level: 6, verdict: "drift", text: "PSI 0.31 where noise gives 0.01: drift, 1,203 rows" },
  ]);
});

test.each([
  [0, 0],
  [0.0999, 2],
  [0.1, 3],
  [0.25, 6],
  [7, 9],
])("PSI %s is step %s of the ramp on every page", (value, level) =>
  expect(heatLevel(value, "psi")).toBe(level),
);

test("nothing to compare is an empty map with a sentence", () => {
  const map = prepareHeatMap({ ...buildDrift([]), buckets: [] }, "UTC");
  expect([map.rows, map.ticks, map.sentence]).toEqual([[], [], "There is nothing to compare."]);
});
