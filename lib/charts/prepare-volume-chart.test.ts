import { expect, test } from "vitest";
import type { Volume } from "#lib/api/volume.ts";
import { prepareVolumeChart } from "./prepare-volume-chart.ts";

const hour = (index: number) => new Date(Date.UTC(2026, 10, 17, index)).toISOString();

function buildVolume(versions: Volume["versions"]): Volume {
  const count = versions[0]?.rowCounts.length ?? 3;
  return {
    model: "eta",
    environment: "production",
    segment: null,
    from: hour(0),
    until: hour(count),
    rowCount: 0,
    previousRowCount: 0,
    labelCount: 0,
    rejectedCount: 0,
    bucketMs: 3_600_000,
    buckets: Array.from({ length: count }, (_, index) => hour(index)),
    versions,
    waitingBucketCount: 0,
    hours: { zone: "UTC", series: [], last: null },
  };
}

test("a bucket that is not profiled is a gap, an empty one is a zero", () => {
  const chart = prepareVolumeChart(
    buildVolume([{ version: "1", rowCounts: [5, null, null, 0, 7] }]),
    "UTC",
  );
  expect(chart.points.map(({ values }) => values.v0)).toEqual([5, null, null, 0, 7]);
  expect(chart.gaps).toEqual([
    { fromMs: Date.parse(hour(1)), untilMs: Date.parse(hour(3)), label: "not profiled yet" },
  ]);
});

test("versions past the palette are one series that says how many it holds", () => {
  const versions = Array.from({ length: 30 }, (_, index) => ({
    version: `v${index}`,
    rowCounts: [30 - index, index === 29 ? null : 1],
  }));
  const chart = prepareVolumeChart(buildVolume(versions), "UTC");
  expect(chart.series.map(({ label }) => label)).toEqual([
    ...["v0", "v1", "v2", "v3", "v4", "v5", "v6"],
    "23 more versions",
  ]);
  expect(chart.points[0]?.values.rest).toBe((23 * 24) / 2);
  expect(chart.points[1]?.values.rest).toBe(22);
  expect(chart.note).toContain("7 of 30 versions");
});

test("eight versions fit the palette and need no rest", () => {
  const versions = Array.from({ length: 8 }, (_, index) => ({
    version: `v${index}`,
    rowCounts: [index],
  }));
  expect(prepareVolumeChart(buildVolume(versions), "UTC").series).toHaveLength(8);
});

test("the table has every version, whatever the picture leaves out", () => {
  const versions = Array.from({ length: 30 }, (_, index) => ({
    version: `v${index}`,
    rowCounts: [index],
  }));
  expect(prepareVolumeChart(buildVolume(versions), "UTC").table.columns).toHaveLength(32);
});

test("nothing at all is empty and says so", () => {
  const chart = prepareVolumeChart(buildVolume([]), "UTC");
  expect(chart.isEmpty).toBe(true);
  expect(chart.sentence).toBe("No rows came in this window.");
});

test("rows that wait for their profile are not said to be none", () => {
  const waiting = { ...buildVolume([]), waitingBucketCount: 2 };
  expect(prepareVolumeChart(waiting, "UTC").sentence).toBe(
    "No rows are here yet: 2 of 3 buckets wait for their profile.",
  );
});
