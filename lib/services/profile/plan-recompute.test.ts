import { describe, expect, test } from "vitest";
import type { BucketGroup } from "./plan-recompute.ts";
import { cutBatch, featureParts, planRecompute } from "./plan-recompute.ts";

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

describe("a batch is cut into stretches that together are all of it", () => {
  const cut = (groups: BucketGroup[], count: number, grain: "5m" | "1h" = "5m") => {
    const rowCount = groups.reduce((sum, one) => sum + one.rowCount, 0);
    const stretches = cutBatch({ fromTime, untilTime, groups, rowCount }, grain, count);
    const minutes = stretches.map((one) =>
      [one.fromTime, one.untilTime].map((time) => (time.getTime() - fromTime.getTime()) / 60_000),
    );
    expect(minutes[0]?.[0]).toBe(0);
    expect(minutes.at(-1)?.[1]).toBe(60);
    return minutes.map(([, until]) => until);
  };
  const even = Array.from({ length: 12 }, (_, i) => group(5 * i, 1_000));

  test.each<[string, BucketGroup[], number, "5m" | "1h", number[]]>([
    ["one, where one is asked for", even, 1, "5m", [60]],
    ["of about as many rows", even, 4, "5m", [15, 30, 45, 60]],
    ["of an hour by its five minutes", [group(0, 12_000)], 4, "1h", [15, 30, 45, 60]],
    [
      "never finer than five minutes",
      even,
      100,
      "5m",
      [5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60],
    ],
    [
      "by rows, not by time",
      [group(0, 9_000), group(30, 1_000), group(40, 8_000)],
      2,
      "5m",
      [5, 60],
    ],
    [
      "of buckets with several versions",
      even.flatMap((one) => [one, { ...one, version: "2" }]),
      3,
      "5m",
      [20, 40, 60],
    ],
    [
      "of an hour with several versions",
      [group(0, 6_000), group(0, 6_000, "2")],
      2,
      "1h",
      [30, 60],
    ],
    ["all of it, where there is nothing", [], 3, "5m", [60]],
  ])("%s", (_name, groups, count, grain, expected) => {
    expect(cut(groups, count, grain)).toEqual(expected);
  });
});
