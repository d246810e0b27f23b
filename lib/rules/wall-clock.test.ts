import fc from "fast-check";
import { describe, expect, test } from "vitest";
import reference from "./reference/on-call.json" with { type: "json" };
import { dayMs, instantOf, minuteMs, startOfDay, wallOf, weekdayOf } from "./wall-clock.ts";

const zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"];

describe.each(reference.cases)("around the change of $zone at $change", ({ zone, walls }) => {
  test("every quarter of an hour is when zoneinfo says, what is left out and what comes twice included", () => {
    const found = walls.map(([wall = ""]) => instantOf(zone, Date.parse(wall)));
    expect(found).toEqual(walls.map(([, instant = ""]) => Date.parse(instant)));
  });
});

const someTime = fc.integer({
  min: Date.parse("2020-01-01T00:00:00Z") / minuteMs,
  max: Date.parse("2035-01-01T00:00:00Z") / minuteMs,
});

test("what a clock shows at an instant is when it first shows it, or comes back an hour later at most", () => {
  fc.assert(
    fc.property(fc.constantFrom(...zones), someTime, (zone, minute) => {
      const timeMs = minute * minuteMs;
      const again = instantOf(zone, wallOf(zone, timeMs));
      expect(wallOf(zone, again)).toBe(wallOf(zone, timeMs));
      expect(timeMs - again).toBeGreaterThanOrEqual(0);
      expect(timeMs - again).toBeLessThanOrEqual(60 * minuteMs);
    }),
  );
});

test("milliseconds are kept, before 1970 too", () => {
  for (const timeMs of [1_700_000_000_123, -1_500]) expect(wallOf("UTC", timeMs)).toBe(timeMs);
});

test("days begin at midnight and weeks on Monday", () => {
  const monday = Date.parse("2026-11-02T00:00:00Z");
  expect(startOfDay(monday + 5 * minuteMs)).toBe(monday);
  expect([0, 1, 6, 7, -1].map((days) => weekdayOf(monday + days * dayMs))).toEqual([1, 2, 7, 1, 7]);
  expect(weekdayOf(Date.parse("1969-12-31T12:00:00Z"))).toBe(3);
});
