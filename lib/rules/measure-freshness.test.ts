import { describe, expect, test } from "vitest";
import { judgeShare, measureEventAge, measureSlices } from "./measure-freshness.ts";

const minuteMs = 60_000;
const base = Date.parse("2026-11-20T10:00:00Z");
const slice = (minute: number, lagMinutes = 0) => ({
  fromMs: base + minute * minuteMs,
  newestEventMs: base + (minute + 4) * minuteMs,
  lagMinMs: lagMinutes * minuteMs,
});
const measure = (slices: ReturnType<typeof slice>[], waiting: number[] = []) =>
  measureSlices(slices, {
    fromMs: base,
    untilMs: base + 60 * minuteMs,
    ageMs: 15 * minuteMs,
    waiting: new Set(waiting.map((minute) => base + minute * minuteMs)),
  });
const every = Array.from({ length: 12 }, (_, i) => slice(i * 5));

describe("fresh slices of five minutes", () => {
  test("rows in every slice, in time: all are fresh", () => {
    expect(measure(every)).toEqual({ sliceCount: 12, freshCount: 12, unknownCount: 0 });
  });
  test("a gap is bridged for as long as the promise lasts, and stale after", () => {
    // Rows until 10:29; the slices that end at 10:35 and 10:40 are fresh still, 10:45 to 11:00 are not.
    expect(measure(every.slice(0, 6))).toEqual({ sliceCount: 12, freshCount: 8, unknownCount: 0 });
  });
  test("rows that came too late make nothing fresh", () => {
    expect(measure(every.map((_, i) => slice(i * 5, 20)))).toMatchObject({ freshCount: 0 });
  });
  test("no rows at all: no slice is fresh", () => {
    expect(measure([])).toEqual({ sliceCount: 12, freshCount: 0, unknownCount: 0 });
  });
  test("what is not profiled yet is neither", () => {
    expect(measure(every.slice(0, 6), [40, 45, 50, 55])).toEqual({
      sliceCount: 8,
      freshCount: 8,
      unknownCount: 4,
    });
  });
});

test.each([
  ["no rows", { least: 0, most: 0, total: 0 }, "cannot_say"],
  ["exactly the objective", { least: 99, most: 99, total: 100 }, "met"],
  ["below it", { least: 98, most: 98, total: 100 }, "missed"],
  ["a bin that straddles it", { least: 98, most: 100, total: 100 }, "cannot_say"],
])("an objective of 99 %% with %s", (_name, counts, verdict) => {
  expect(judgeShare(counts, 0.99)).toBe(verdict);
});

describe("the age of the newest event", () => {
  const minuteMs = 60_000;
  const slice = (fromMinute: number, newestMinute: number, lagMinute: number) => ({
    fromMs: fromMinute * minuteMs,
    newestEventMs: newestMinute * minuteMs,
    lagMinMs: lagMinute * minuteMs,
  });
  const ageAt = (slices: ReturnType<typeof slice>[], minute: number, fromMinute = 0) => {
    const found = measureEventAge(slices, {
      atMs: minute * minuteMs,
      fromMs: fromMinute * minuteMs,
      widthMs: 5 * minuteMs,
    });
    return found === null ? null : found / minuteMs;
  };
  test.each<[string, ReturnType<typeof slice>[], number, number | null]>([
    ["that came at once", [slice(0, 4, 0)], 10, 6],
    ["the newest of several", [slice(0, 4, 0), slice(5, 7, 0)], 10, 3],
    ["of what comes a minute late, a minute at least", [slice(5, 10, 1)], 10, 1],
    ["that had not come yet is not seen", [slice(0, 4, 0), slice(5, 9, 30)], 10, 6],
    ["that had come later is", [slice(0, 4, 0), slice(5, 9, 30)], 45, 36],
    ["of a clock ahead is not negative", [slice(5, 10, -3)], 10, 0],
    ["that was made after the moment is not seen", [slice(0, 4, 0), slice(10, 12, 0)], 10, 6],
    ["without any", [], 10, null],
  ])("%s", (_name, slices, minute, age) => {
    expect(ageAt(slices, minute)).toBe(age);
  });

  test("is not looked for before the start", () => {
    expect(ageAt([slice(0, 4, 0)], 60, 30)).toBeNull();
  });
});
