import { describe, expect, test } from "vitest";
import type { HourCount } from "./judge-volume.ts";
import { describeVolume, judgeVolume, seasonOf } from "./judge-volume.ts";

const hourMs = 3_600_000;

/** Hours of a zone whose count is that of the local hour: 100 at night, 1,000 from nine to five. */
function localHours(from: string, count: number, zone: string): HourCount[] {
  const fromMs = Date.parse(from);
  return Array.from({ length: count }, (_, i) => {
    const at = fromMs + i * hourMs;
    const { hourOfDay } = seasonOf(at, zone);
    const level = hourOfDay >= 9 && hourOfDay < 17 ? 1_000 : 100;
    return { fromMs: at, rowCount: level + ((i * 7) % 11) - 5 };
  });
}

const last = (hours: readonly HourCount[], zone = "UTC") =>
  judgeVolume(hours, { fromMs: hours.at(-1)?.fromMs ?? 0, zone })[0];

describe("the season of an hour", () => {
  test("is that of the wall clock, on both sides of a change of it", () => {
    // New York leaves daylight-saving time on 1 November 2026, at 06:00 UTC.
    expect(seasonOf(Date.parse("2026-10-30T13:00:00Z"), "America/New_York")).toEqual({
      hourOfDay: 9,
      hourOfWeek: 5 * 24 + 9,
    });
    expect(seasonOf(Date.parse("2026-11-06T14:00:00Z"), "America/New_York")).toEqual({
      hourOfDay: 9,
      hourOfWeek: 5 * 24 + 9,
    });
  });

  test("of the hour that comes twice is the same both times", () => {
    const twice = ["2026-11-01T05:00:00Z", "2026-11-01T06:00:00Z"];
    const seasons = twice.map((at) => seasonOf(Date.parse(at), "America/New_York").hourOfWeek);
    expect(seasons).toEqual([1, 1]);
  });

  test("of a zone that is half an hour off begins with its own hour", () => {
    expect(seasonOf(Date.parse("2026-11-02T03:00:00Z"), "Asia/Kolkata").hourOfDay).toBe(8);
  });
});

describe("the volume of an hour", () => {
  const zone = "America/New_York";

  test("is usual after a change of the clock, where hours of UTC would call it low", () => {
    // Nine o'clock in New York on Monday 2 November: 14:00 UTC, after eight weeks of 13:00 UTC.
    const hours = localHours("2026-09-07T00:00:00Z", 56 * 24 + 15, zone);
    expect(last(hours, zone)).toMatchObject({ verdict: "usual" });
    // Eight o'clock in New York is 13:00 UTC now: quiet, where UTC's 13:00 was busy before.
    const before = hours.slice(0, -1);
    expect(last(before, zone)).toMatchObject({ verdict: "usual" });
    expect(last(before, "UTC")).toMatchObject({ verdict: "low" });
  });

  test("without rows is low once the model has been seen, and never before", () => {
    const hours = localHours("2026-09-07T00:00:00Z", 56 * 24 + 15, "UTC");
    const silent = hours.map((hour, i) =>
      i === hours.length - 1 ? { ...hour, rowCount: 0 } : hour,
    );
    expect(last(silent)).toMatchObject({ verdict: "low", rowCount: 0 });
    const never = hours.map((hour) => ({ ...hour, rowCount: 0 }));
    expect(last(never)).toMatchObject({ verdict: "cannot_say" });
  });

  test("cannot be said of too short a past, and says how short", () => {
    const hours = localHours("2026-10-01T00:00:00Z", 12 * 24 + 15, "UTC");
    const judged = last(hours);
    expect(judged?.verdict).toBe("cannot_say");
    expect(judged === undefined ? "" : describeVolume(judged)).toBe("12 of 30 past hours");
  });

  test("that is not profiled yet is unknown, and does not count as an empty past", () => {
    const hours = localHours("2026-09-07T00:00:00Z", 56 * 24 + 15, "UTC");
    const unknown = hours.map((hour, i) => ({
      ...hour,
      rowCount: i % 24 === 14 ? null : hour.rowCount,
    }));
    const judged = last(unknown);
    expect(judged).toMatchObject({ verdict: "cannot_say", rowCount: null });
    expect(judged === undefined ? "" : describeVolume(judged)).toBe("not profiled yet");
  });

  test("ten times as large is high", () => {
    const hours = localHours("2026-09-07T00:00:00Z", 56 * 24 + 15, "UTC");
    const flood = hours.map((hour, i) =>
      i === hours.length - 1 ? { ...hour, rowCount: 10_000 } : hour,
    );
    expect(last(flood)).toMatchObject({ verdict: "high" });
  });

  test("no hours: none judged", () => {
    expect(judgeVolume([], { fromMs: 0, zone: "UTC" })).toEqual([]);
  });
});
