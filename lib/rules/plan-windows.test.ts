import { describe, expect, test } from "vitest";
import {
  beginningOf,
  firstUntilOf,
  missedMax,
  planWindows,
  windowsBetween,
} from "./plan-windows.ts";

const at = (clock: string) => new Date(`2026-11-20T${clock}Z`);
const hourly = { window: "6h", cadence: "1h", settleSeconds: 60 } as const;
const shown = (next: string, now: string) => {
  const plan = planWindows(at(next), hourly, at(now));
  return [
    plan.windows.map(({ untilTime }) => untilTime.toISOString().slice(11, 16)),
    plan.nextUntil.toISOString().slice(11, 16),
  ];
};

describe("windows that are due", () => {
  test.each<[string, string, string, string[], string]>([
    ["none before the settling time has passed", "12:00:00", "12:00:59", [], "12:00"],
    ["one as soon as it has", "12:00:00", "12:01:00", ["12:00"], "13:00"],
    [
      "all that a stop left out, oldest first",
      "09:00:00",
      "12:30:00",
      ["09:00", "10:00", "11:00", "12:00"],
      "13:00",
    ],
    ["none of a clock that was put back", "15:00:00", "12:30:00", [], "15:00"],
    ["on the cadence, where the next was not", "11:20:00", "12:30:00", ["12:00"], "13:00"],
  ])("%s", (_name, next, now, ends, nextEnd) => {
    expect(shown(next, now)).toEqual([ends, nextEnd]);
  });

  test("are as long as was asked, and the next is due when it has settled", () => {
    const plan = planWindows(at("12:00:00"), hourly, at("12:05:00"));
    expect(plan.windows).toEqual([{ fromTime: at("06:00:00"), untilTime: at("12:00:00") }]);
    expect(plan.dueAt).toEqual(at("13:01:00"));
    expect([plan.skippedCount, plan.skippedUntil]).toEqual([0, null]);
  });

  test("after a long stop the oldest are skipped, and it is said how many and until when", () => {
    const plan = planWindows(new Date("2026-11-10T00:00:00Z"), hourly, at("12:30:00"));
    // From 10 November 0:00 to 20 November 12:00.
    const missed = 10 * 24 + 13;
    expect(plan.windows).toHaveLength(missedMax);
    expect(plan.skippedCount).toBe(missed - missedMax);
    expect(plan.windows.at(-1)?.untilTime).toEqual(at("12:00:00"));
    const [first] = plan.windows;
    expect(plan.skippedUntil?.getTime()).toBe((first?.untilTime.getTime() ?? 0) - 3_600_000);
  });
});

test("the newest window is the one that ended last", () => {
  expect(firstUntilOf("6h", at("17:59:59"))).toEqual(at("12:00:00"));
  expect(firstUntilOf("5m", at("17:59:59"))).toEqual(at("17:55:00"));
});

test("a new monitor begins with as many windows as it decides by", () => {
  expect(beginningOf(hourly, 3, at("17:59:59"))).toEqual(at("15:00:00"));
  expect(beginningOf(hourly, 1, at("17:59:59"))).toEqual(at("17:00:00"));
});

test("a replay asks for every window that lies within its time whole", () => {
  const windows = windowsBetween(at("03:30:00"), at("12:00:00"), hourly);
  expect(windows.map(({ untilTime }) => untilTime.getUTCHours())).toEqual([10, 11, 12]);
  expect(windows[0]?.fromTime).toEqual(at("04:00:00"));
  expect(windowsBetween(at("11:00:00"), at("12:00:00"), hourly)).toEqual([]);
});
