import { expect, test } from "vitest";
import { groupKeyOf } from "./group-key.ts";

const labels = {
  modelId: "m",
  environment: "production",
  segmentKey: "",
  segmentValue: "",
  causeClass: "data_drift" as const,
};

test("the same model, environment, segment and cause are one group, whatever else an alert says", () => {
  const alert = { ...labels, version: "7", column: "distance" };
  expect(groupKeyOf(alert)).toBe(groupKeyOf({ ...labels, ...{ version: "8", column: "origin" } }));
});

test.each([
  { modelId: "n" },
  { environment: "staging" },
  { segmentKey: "region", segmentValue: "eu" },
  { causeClass: "freshness" as const },
])("%j is another group", (other) => {
  expect(groupKeyOf({ ...labels, ...other })).not.toBe(groupKeyOf(labels));
});

test("no value can be mistaken for a border between two", () => {
  const a = groupKeyOf({ ...labels, segmentKey: 'a","b', segmentValue: "c" });
  expect(a).not.toBe(groupKeyOf({ ...labels, segmentKey: "a", segmentValue: 'b","c' }));
});
