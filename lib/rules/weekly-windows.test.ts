import { describe, expect, test } from "vitest";
import { coveredMinutes, openIntervals, openUntil } from "./weekly-windows.ts";

const at = (iso: string) => Date.parse(iso);
const iso = (ms: number) => new Date(ms).toISOString().slice(0, 16);
const nights = [{ weekdays: [1, 2, 3, 4, 5, 6, 7], fromMinute: 22 * 60, untilMinute: 6 * 60 }];

describe("hours of the week", () => {
  test("follow the clock of their zone across its change", () => {
    const open = openIntervals(nights, "Europe/Berlin", {
      fromMs: at("2026-10-24T12:00:00Z"),
      untilMs: at("2026-10-26T12:00:00Z"),
    });
    // The night of the change is nine hours long.
    expect(open.map(({ fromMs, untilMs }) => [iso(fromMs), iso(untilMs)])).toEqual([
      ["2026-10-24T20:00", "2026-10-25T05:00"],
      ["2026-10-25T21:00", "2026-10-26T05:00"],
    ]);
  });

  test("that a clock leaves out have no length", () => {
    const hour = [{ weekdays: [7], fromMinute: 120, untilMinute: 180 }];
    const day = { fromMs: at("2026-03-29T00:00:00Z"), untilMs: at("2026-03-30T00:00:00Z") };
    expect(openIntervals(hour, "Europe/Berlin", day)).toEqual([]);
  });

  test("are whole, also where they are asked about in their middle", () => {
    const middle = at("2026-11-03T00:00:00Z");
    const [open] = openIntervals(nights, "UTC", { fromMs: middle, untilMs: middle + 1 });
    expect([iso(open?.fromMs ?? 0), iso(open?.untilMs ?? 0)]).toEqual([
      "2026-11-02T22:00",
      "2026-11-03T06:00",
    ]);
  });

  test.each([
    ["2026-11-02T21:59:59Z", null],
    ["2026-11-02T22:00:00Z", "2026-11-03T06:00"],
    ["2026-11-03T05:59:59Z", "2026-11-03T06:00"],
    ["2026-11-03T06:00:00Z", null],
  ])("at %s are open until %s", (time, until) => {
    const found = openUntil(nights, "UTC", at(time));
    expect(found === null ? null : iso(found)).toBe(until);
  });

  test("that follow each other are open until the last of them ends", () => {
    const two = [
      { weekdays: [1], fromMinute: 600, untilMinute: 720 },
      { weekdays: [1], fromMinute: 720, untilMinute: 1440 },
      { weekdays: [2], fromMinute: 0, untilMinute: 30 },
    ];
    expect(iso(openUntil(two, "UTC", at("2026-11-02T10:00:00Z")) ?? 0)).toBe("2026-11-03T00:30");
  });

  test("are counted once where they overlap, and across the end of the week", () => {
    expect(coveredMinutes(nights)).toBe(7 * 8 * 60);
    expect(
      coveredMinutes([
        { weekdays: [7], fromMinute: 1_380, untilMinute: 60 },
        { weekdays: [1], fromMinute: 0, untilMinute: 90 },
      ]),
    ).toBe(150);
    expect(
      coveredMinutes([{ weekdays: [1, 2, 3, 4, 5, 6, 7], fromMinute: 0, untilMinute: 1440 }]),
    ).toBe(10_080);
  });
});
