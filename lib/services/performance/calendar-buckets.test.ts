import { expect, test } from "vitest";
import { chooseBucket, cutByCalendar } from "./calendar-buckets.ts";

const at = (iso: string) => Date.parse(`${iso}Z`);
const cut = (from: string, until: string, bucket: Parameters<typeof cutByCalendar>[2]) =>
  cutByCalendar(at(from), at(until), bucket).map(({ fromMs, untilMs }) => [
    new Date(fromMs).toISOString().slice(0, 16),
    new Date(untilMs).toISOString().slice(0, 16),
  ]);

test("months have their own lengths, and the ends are cut", () => {
  expect(cut("2024-01-30T06:00", "2024-03-02T00:00", "month")).toEqual([
    ["2024-01-30T06:00", "2024-02-01T00:00"],
    ["2024-02-01T00:00", "2024-03-01T00:00"],
    ["2024-03-01T00:00", "2024-03-02T00:00"],
  ]);
});

test("weeks begin on Monday", () => {
  expect(cut("2026-11-21T00:00", "2026-11-25T00:00", "week")).toEqual([
    ["2026-11-21T00:00", "2026-11-23T00:00"],
    ["2026-11-23T00:00", "2026-11-25T00:00"],
  ]);
});

test("hours and days tile without a gap", () => {
  expect(cut("2026-11-21T22:00", "2026-11-22T01:00", "hour")).toHaveLength(3);
  expect(cut("2026-11-21T22:00", "2026-11-22T01:00", "day")).toEqual([
    ["2026-11-21T22:00", "2026-11-22T00:00"],
    ["2026-11-22T00:00", "2026-11-22T01:00"],
  ]);
});

test.each([
  [1, "hour"],
  [7, "day"],
  [90, "day"],
  [365, "week"],
  [1_000, "month"],
])("a window of %i days is cut by the %s", (days, bucket) => {
  expect(chooseBucket(0, days * 86_400_000)).toBe(bucket);
});
