import { expect, test } from "vitest";
import type { HealthFacts, JudgedKey } from "./compute-health.ts";
import { computeHealth } from "./compute-health.ts";

const key = (overrides: Partial<JudgedKey>): JudgedKey => ({
  subject: "feature",
  feature: "distance",
  verdict: "no_drift",
  reason: "within noise",
  ...overrides,
});
const facts = (overrides: Partial<HealthFacts>): HealthFacts => ({
  hasBaseline: true,
  judged: [key({}), key({ subject: "prediction", feature: "value" })],
  rowCount: 1_000,
  previousRowCount: 1_000,
  hasEverHadRows: true,
  ...overrides,
});
const drifts = (overrides: Partial<JudgedKey>) =>
  key({ verdict: "drift", reason: "PSI 0.31 where noise gives 0.02", ...overrides });
const undecided = (overrides: Partial<JudgedKey>) =>
  key({ verdict: "cannot_say", reason: "38 values in the window, 100 needed", ...overrides });

test.each<[string, Partial<HealthFacts>, string, string[]]>([
  ["nothing drifts", {}, "healthy", ["2 of 2 judged, none drifts"]],
  [
    "the prediction drifts",
    { judged: [drifts({ subject: "prediction", feature: "value" })] },
    "breach",
    ["prediction drifts: PSI 0.31 where noise gives 0.02"],
  ],
  [
    "no rows where there were some",
    { rowCount: 0 },
    "breach",
    ["no rows, where the window before had 1000", "no rows in this window"],
  ],
  [
    "values are bad, and the volume is not the usual one",
    {
      problems: [
        { kind: "quality", subject: "feature", feature: "origin", reason: "12.1 % null" },
        { kind: "quality", subject: "feature", feature: "age", reason: "2 % above 89" },
        { kind: "volume", subject: "row", feature: "", reason: "20 rows, where 40 are usual" },
      ],
    },
    "watch",
    ["bad values: origin and 1 more: 12.1 % null", "volume: 20 rows, where 40 are usual"],
  ],
  [
    "the prediction itself is bad",
    {
      problems: [
        { kind: "quality", subject: "prediction", feature: "value", reason: "3 % NaN" },
        { kind: "freshness", subject: "row", feature: "", reason: "80 % of rows, 99 % promised" },
      ],
    },
    "breach",
    ["prediction is bad: 3 % NaN", "freshness: 80 % of rows, 99 % promised"],
  ],
  [
    "one feature drifts",
    { judged: [drifts({}), key({ feature: "origin" })] },
    "watch",
    ["1 of 2 features drifts: distance"],
  ],
  [
    "many features drift",
    { judged: ["a", "b", "c", "d"].map((feature) => drifts({ feature })) },
    "watch",
    ["4 of 4 features drift: a, b, c and 1 more"],
  ],
  [
    "a feature drifts and there is no baseline",
    { hasBaseline: false, judged: [drifts({})] },
    "watch",
    ["1 of 1 features drifts: distance", "no baseline to compare with"],
  ],
  ["no baseline", { hasBaseline: false }, "unknown", ["no baseline to compare with"]],
  [
    "no rows ever",
    { hasEverHadRows: false, rowCount: 0, previousRowCount: 0 },
    "unknown",
    ["no rows yet"],
  ],
  [
    "no rows in both windows",
    { rowCount: 0, previousRowCount: 0 },
    "unknown",
    ["no rows in this window"],
  ],
  ["nothing was evaluated", { judged: [] }, "unknown", ["drift was not evaluated yet"]],
  [
    "nothing could be judged",
    { judged: [undecided({})] },
    "unknown",
    ["drift cannot be judged: 38 values in the window, 100 needed"],
  ],
  [
    "the prediction could not be judged",
    { judged: [key({}), undecided({ subject: "prediction" })] },
    "unknown",
    ["the prediction cannot be judged: 38 values in the window, 100 needed"],
  ],
  [
    "one of many features could not be judged",
    { judged: [key({}), key({}), undecided({})] },
    "healthy",
    ["2 of 3 judged, none drifts; 1 cannot be judged"],
  ],
])("%s", (_name, overrides, health, reasons) => {
  expect(computeHealth(facts(overrides))).toEqual({ health, reasons });
});
