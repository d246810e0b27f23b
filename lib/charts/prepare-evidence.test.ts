import { expect, test } from "vitest";
import type { FrozenEvidence } from "#lib/domain/evidence.ts";
import { prepareEvidenceFacts } from "./prepare-evidence.ts";

const id = "00000000-0000-4000-8000-000000000001";
const evidence: FrozenEvidence = {
  schemaVersion: 1,
  frozenAt: "2026-11-20T12:01:00.000Z",
  sentence: "distance drifts",
  monitor: { id, name: "Distance", kind: "drift", revision: 1, settings: {} },
  model: { id, name: "eta" },
  series: {
    environment: "production",
    version: "1",
    subject: "feature",
    column: "distance",
    segmentKey: "",
    segmentValue: "",
  },
  statistic: "verdict",
  unit: "floors",
  value: 14.1,
  lower: 9.97,
  upper: 18.3,
  fireThreshold: 1,
  clearThreshold: 1,
  window: {
    from: "2026-11-20T11:00:00.000Z",
    until: "2026-11-20T12:00:00.000Z",
    rowCount: 200,
    sampleCount: 200,
  },
  reference: null,
  distribution: null,
  history: [],
  query: null,
};
const textOf = (change: Partial<FrozenEvidence>, label: string) =>
  prepareEvidenceFacts({ ...evidence, ...change }, "UTC").find((fact) => fact.label === label)
    ?.text;

test.each<[string, Partial<FrozenEvidence>, string, string]>([
  [
    "a verdict in multiples of what is negligible",
    {},
    "verdict",
    "14.1 times what is negligible (95 % interval 9.97 to 18.3)",
  ],
  ["a threshold in the same", {}, "fires at", "1 times what is negligible"],
  [
    "an age as a duration",
    { unit: "ms", statistic: "event_age", value: 3_660_000, lower: null, upper: null },
    "event age",
    "1\u202fh 1\u202fmin",
  ],
  [
    "a share in per cent",
    { unit: "share", statistic: "missing_share", value: 0.12, lower: null, upper: null },
    "missing share",
    "12\u202f%",
  ],
  ["no threshold as none", { clearThreshold: null }, "clears at", "none"],
  [
    "a unit of its own as it is",
    { unit: "times the even pace", statistic: "burn_rate", value: 14.4, lower: null, upper: null },
    "burn rate",
    "14.4 times the even pace",
  ],
])("says %s", (_name, change, label, expected) => {
  expect(textOf(change, label)).toBe(expected);
});
