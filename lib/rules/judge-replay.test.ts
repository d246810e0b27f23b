import { describe, expect, test } from "vitest";
import type { ReplayToJudge } from "./judge-replay.ts";
import { countFalseAlerts, judgeReplay } from "./judge-replay.ts";

const hour = 3_600_000;
/** Hourly windows from hour 1 to 100; the impact begins with hour 50 and is due by hour 54, a minute to settle. */
const windows = (change: (untilHour: number) => object = () => ({})) =>
  Array.from({ length: 100 }, (_, i) => ({
    untilMs: (i + 1) * hour,
    hasValue: true,
    isKept: true,
    ...change(i + 1),
  }));
const replay: ReplayToJudge = {
  windows: windows(),
  firings: [],
  impactMs: 50 * hour,
  deadlineMs: 54 * hour,
  settleMs: 60_000,
  cadenceMs: hour,
  nowMs: 1_000 * hour,
};
const fire = (from: number, until: number | null = null) => ({
  fromMs: from * hour,
  untilMs: until === null ? null : until * hour,
});

describe("a replay", () => {
  test.each<[string, Partial<ReplayToJudge>, string]>([
    ["that fires in time has found it", { firings: [fire(52)] }, "fired"],
    [
      "that fires with the window that ends as the impact begins has not",
      { firings: [fire(50, 50.5)] },
      "already",
    ],
    ["whose window ends in time but is told too late has not", { firings: [fire(54)] }, "silent"],
    ["that fired before and still does finds nothing", { firings: [fire(20)] }, "already"],
    ["that fired before and cleared is silent", { firings: [fire(20, 40)] }, "silent"],
    [
      "that fires for another series while one fired before has found it",
      { firings: [fire(20), fire(51)] },
      "fired",
    ],
    ["that never fires is silent", {}, "silent"],
    [
      "without a value cannot say",
      { windows: windows((h) => ({ hasValue: h <= 50 })) },
      "cannot_say",
    ],
    [
      "with one window gone cannot say",
      { windows: windows((h) => (h === 52 ? { isKept: false } : {})) },
      "cannot_say",
    ],
    ["that begins after the impact cannot say", { windows: windows().slice(60) }, "cannot_say"],
    ["that is due ahead of now cannot say", { nowMs: 53 * hour }, "cannot_say"],
    [
      "that is due ahead of now and has fired has found it",
      { nowMs: 53 * hour, firings: [fire(52)] },
      "fired",
    ],
    ["of which no window ends in time is silent", { deadlineMs: 50.5 * hour }, "silent"],
  ])("%s", (_name, change, kind) => {
    expect(judgeReplay({ ...replay, ...change }).kind).toBe(kind);
  });

  test("says the window that decided, and when it would have been told", () => {
    expect(judgeReplay({ ...replay, firings: [fire(53), fire(51)] })).toEqual({
      kind: "fired",
      windowUntilMs: 51 * hour,
      firedAtMs: 51 * hour + 60_000,
    });
  });
});

describe("what it costs", () => {
  test("is what fires outside of the impact, over the history that had values", () => {
    const firings = [fire(5, 6), fire(52, 60), fire(80, 81)];
    // 50 windows before the impact and 40 after it, ten of them without a value: 80 hours.
    const found = countFalseAlerts(
      { ...replay, firings, windows: windows((h) => ({ hasValue: h > 10 })) },
      60 * hour,
    );
    expect([found.count, found.days * 24]).toEqual([2, 80]);
    expect(found.per30Days).toBeCloseTo((2 / (80 / 24)) * 30, 9);
  });

  test("of less than a day is not known", () => {
    const few = { ...replay, windows: windows().slice(40, 60), firings: [fire(45, 46)] };
    expect(countFalseAlerts(few, 60 * hour)).toMatchObject({ count: 1, per30Days: null });
  });
});
