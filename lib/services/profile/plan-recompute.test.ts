import { describe, expect, test } from "vitest";
import type { BucketGroup } from "./plan-recompute.ts";
import { planRecompute, workingResolution } from "./plan-recompute.ts";

const fromTime = new Date("2026-11-20T10:00:00Z");
const untilTime = new Date("2026-11-20T11:00:00Z");
const group = (minute: number, rowCount: number, version = "1"): BucketGroup => ({
  bucketSeconds: fromTime.getTime() / 1000 + minute * 60,
  environment: "production",
  version,
  rowCount,
  hasStrings: 1,
  hasLabels: 0,
  hasBooleans: 0,
  hasNulls: 0,
});
const plan = (groups: BucketGroup[], featureCount = 25) =>
  planRecompute({ grain: "5m", fromTime, untilTime, groups, featureCount }).map((batch) => [
    (batch.fromTime.getTime() - fromTime.getTime()) / 60_000,
    (batch.untilTime.getTime() - fromTime.getTime()) / 60_000,
    batch.rowCount,
  ]);

describe("a plan covers the whole stretch", () => {
  test.each<[string, BucketGroup[], number, number[][]]>([
    ["in one statement, when it is small", [group(0, 10), group(30, 10)], 25, [[0, 60, 20]]],
    ["in one statement, when nothing is left of it", [], 25, [[0, 60, 0]]],
    [
      "in several, when there are many values",
      [group(0, 4_000), group(5, 4_000), group(10, 4_000)],
      100,
      [
        [0, 10, 8_000],
        [10, 60, 4_000],
      ],
    ],
    [
      "large buckets apart from small ones",
      [group(0, 100), group(5, 50_000), group(10, 100)],
      25,
      [
        [0, 5, 100],
        [5, 10, 50_000],
        [10, 60, 100],
      ],
    ],
    [
      "a bucket that is too large alone, and never cut",
      [group(0, 9_000_000, "1"), group(0, 9_000_000, "2"), group(5, 9_000_000)],
      25,
      [
        [0, 5, 18_000_000],
        [5, 60, 9_000_000],
      ],
    ],
  ])("%s", (_name, groups, featureCount, expected) => {
    expect(plan(groups, featureCount)).toEqual(expected);
  });
});

test.each([
  [undefined, 1_000_000, 52],
  [5, 4_096, 52],
  [5, 4_097, 6],
  [9, 1_000_000, 10],
  [52, 1_000_000, 52],
])("a sample that says %s of %i rows is counted at %i bits", (sampled, rows, expected) => {
  expect(workingResolution(sampled, rows)).toBe(expected);
});
