import { describe, expect, test } from "vitest";
import { judgeShare, measureSlices } from "./measure-freshness.ts";

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
