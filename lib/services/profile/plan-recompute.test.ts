import { describe, expect, test } from "vitest";
import type { BucketGroup } from "./plan-recompute.ts";
import { featureParts, planRecompute } from "./plan-recompute.ts";

const fromTime = new Date("2026-11-20T10:00:00Z");
const untilTime = new Date("2026-11-20T11:00:00Z");
const group = (minute: number, rowCount: number, version = "1"): BucketGroup => ({
  bucketSeconds: fromTime.getTime() / 1000 + minute * 60,
  environment: "production",
  version,
  rowCount,
  present: ["predictionValue"],
});
const plan = (groups: BucketGroup[], featureCount = 25) =>
  planRecompute({ grain: "5m", fromTime, untilTime, groups, featureCount }).map((batch) => [
    (batch.fromTime.getTime() - fromTime.getTime()) / 60_000,
    (batch.untilTime.getTime() - fromTime.getTime()) / 60_000,
    batch.rowCount,
  ]);

describe("a plan covers the whole stretch", () => {
  test.each<[string, BucketGroup[], number, number[][]]>([
    ["in one scan, when it is small", [group(0, 10), group(30, 10)], 25, [[0, 60, 20]]],
    ["in one scan, when nothing is left of it", [], 25, [[0, 60, 0]]],
    [
      "in several, when there are many counts",
      [group(0, 4_000), group(5, 4_000), group(10, 4_000)],
      800,
      [
        [0, 5, 4_000],
        [5, 10, 4_000],
        [10, 60, 4_000],
      ],
    ],
    [
      "in several, when there are many rows",
      [group(0, 900_000), group(5, 900_000), group(10, 900_000)],
      25,
      [
        [0, 10, 1_800_000],
        [10, 60, 900_000],
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

describe("features are counted", () => {
  test.each<[string, number, number, number[], number]>([
    ["at once, when they are few", 1_000_000, 25, [], 1],
    ["at once, when the rows are few", 300, 5_000, [], 1],
    ["in parts, when each has all its bins", 1_000_000, 10_000, [], 7],
    ["in parts, when they are cut by tags", 1_000_000, 1_000, [20, 5], 18],
    ["one by one at most", 1_000_000, 2, [100, 100, 100, 100, 100, 100, 100, 100, 100, 100], 2],
  ])("%s", (_name, rowCount, featureCount, valueCounts, expected) => {
    expect(featureParts([{ rowCount }], featureCount, valueCounts)).toBe(expected);
  });
});
