import { expect, test } from "vitest";
import type { Quality } from "#lib/api/quality.ts";
import { prepareQualityHeat } from "./prepare-quality-heat.ts";

const feature = (name: string): Quality["features"][number] => ({
  subject: "feature",
  feature: name,
  type: "numeric",
  verdict: "ok",
  reason: "",
  since: null,
  until: null,
  checks: [],
  recent: null,
  expectation: {
    minimum: null,
    maximum: null,
    allowedValues: null,
    allowedCount: null,
    isRequired: false,
  },
  distinct: { window: 0, baseline: null, isExact: true },
  unseen: [],
  unseenCount: 0,
});

const quality: Quality = {
  model: "eta",
  environment: "production",
  version: "1",
  segment: null,
  from: "2026-11-20T10:00:00.000Z",
  until: "2026-11-20T13:00:00.000Z",
  reference: null,
  referenceLack: null,
  windowRowCount: 300,
  waitingShare: 0,
  family: {
    size: 2,
    problemCount: 0,
    okCount: 2,
    cannotSayCount: 0,
    failedCount: 0,
    testCount: 0,
    falseDiscoveryRate: 0.05,
  },
  features: [feature("good"), feature("bad")],
  changes: [],
  bucketMs: 3_600_000,
  buckets: ["2026-11-20T10:00:00.000Z", "2026-11-20T11:00:00.000Z", "2026-11-20T12:00:00.000Z"],
  bucketRowCounts: [100, 0, 200],
  heat: [
    { subject: "feature", feature: "good", cells: [] },
    {
      subject: "feature",
      feature: "bad",
      cells: [{ column: 2, verdict: "problem", check: "null", share: 0.25 }],
    },
  ],
};

test("a cell that was not sent is good, or without rows says nothing", () => {
  const { rows, table } = prepareQualityHeat(quality, "UTC");
  expect(rows[0]?.cells).toEqual([
    { level: 0, verdict: "no_drift", text: "no bad row: 100 rows" },
    { level: null, verdict: "cannot_say", text: "cannot say: 0 rows" },
    { level: 0, verdict: "no_drift", text: "no bad row: 200 rows" },
  ]);
  expect(rows[1]?.cells.map(({ level, verdict }) => [level, verdict])).toEqual([
    [0, "no_drift"],
    [null, "cannot_say"],
    [7, "drift"],
  ]);
  expect(table?.rows.map((row) => row.slice(3))).toEqual([
    ["ok", null, 0, 100],
    ["cannot_say", null, null, 0],
    ["ok", null, 0, 200],
    ["ok", null, 0, 100],
    ["cannot_say", null, null, 0],
    ["problem", "null", 0.25, 200],
  ]);
});
