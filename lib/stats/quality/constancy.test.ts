import { describe, expect, test } from "vitest";
import type { EarlierWindow } from "#lib/stats/quality/constancy.ts";
import { earlierOffsets, judgeConstancy } from "#lib/stats/quality/constancy.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** A Monday. */
const firstDay = Date.UTC(2025, 0, 6);

type Feature = (time: Date, row: number) => string;

const rowsPerWindow = 144;

/** What a window has of a feature that is asked every few minutes of it. */
function windowOf(feature: Feature, fromMs: number, lengthMs: number) {
  const counts = new Map<string, number>();
  for (let row = 0; row < rowsPerWindow; row += 1) {
    const name = feature(new Date(fromMs + (row * lengthMs) / rowsPerWindow), row);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const [name = "", least = 0] = [...counts].toSorted(([, a], [, b]) => b - a)[0] ?? [];
  return { name, least };
}

/** The verdict of a window, the feature having been sent since the first day; null where it is not one value. */
function judge(feature: Feature, fromMs: number, lengthMs: number, sinceMs = firstDay) {
  const now = windowOf(feature, fromMs, lengthMs);
  if (now.least < 0.95 * rowsPerWindow) return null;
  const earlier = earlierOffsets(lengthMs)
    .filter((offset) => fromMs - offset >= sinceMs)
    .map(
      (ageMs): EarlierWindow => ({
        ageMs,
        valueCount: rowsPerWindow,
        dominant: windowOf(feature, fromMs - ageMs, lengthMs),
      }),
    );
  return judgeConstancy(now.name, earlier, lengthMs).kind;
}

const isWeekend: Feature = (time) => String([0, 6].includes(time.getUTCDay()));
const calendar: [string, Feature][] = [
  ["the hour of the day", (time) => String(time.getUTCHours())],
  ["a flag of the weekend", isWeekend],
  [
    "a flag of the weekend of another zone",
    (time, row) => isWeekend(new Date(time.getTime() + 8 * hourMs), row),
  ],
  ["the day of the week", (time) => String(time.getUTCDay())],
  ["the day of the month", (time) => String(time.getUTCDate())],
  ["the month", (time) => String(time.getUTCMonth())],
  ["a rate that is set each day", (time) => String(Math.floor(time.getTime() / dayMs) * 7919)],
  ["a flag of the noon", (time) => String([12, 13].includes(time.getUTCHours()))],
  ["a flag of the night", (time) => String(time.getUTCHours() < 6)],
];

const lengths: [string, number][] = [
  ["5 minutes", hourMs / 12],
  ["an hour", hourMs],
  ["6 hours", 6 * hourMs],
  ["a day", dayMs],
  ["3 days", 3 * dayMs],
  ["a week", 7 * dayMs],
];

describe("what the calendar explains is never stuck", () => {
  test.each(
    calendar.flatMap(([name, feature]) =>
      lengths.map(([length, lengthMs]) => [name, length, feature, lengthMs] as const),
    ),
  )("%s in windows of %s", (_name, _length, feature, lengthMs) => {
    const found = new Set<string | null>();
    // Every eleventh hour of nine weeks, from six weeks on.
    for (let hour = 0; hour < 9 * 7 * 24; hour += 11)
      found.add(judge(feature, firstDay + 42 * dayMs + hour * hourMs, lengthMs));
    expect(found).not.toContain("stuck");
    expect(found).not.toContain("too_little_history");
  });
});

describe("what stuck is found", () => {
  const stuckFrom = firstDay + 50 * dayMs;
  const amount: Feature = (time, row) =>
    time.getTime() >= stuckFrom ? "7" : String((row * 7919) % 100);
  const hour: Feature = (time) => (time.getTime() >= stuckFrom ? "7" : String(time.getUTCHours()));
  test.each(lengths)("in windows of %s, at once and a fortnight later", (_length, lengthMs) => {
    expect(judge(amount, stuckFrom, lengthMs)).toBe("stuck");
    expect(judge(amount, stuckFrom + 14 * dayMs, lengthMs)).toBe("stuck");
  });
  test("also of the hour of the day, once a window should hold several", () =>
    expect(judge(hour, stuckFrom, dayMs)).toBe("stuck"));
  test("also where it stuck at another value once before", () => {
    const twice: Feature = (time, row) => {
      const day = Math.floor((time.getTime() - firstDay) / dayMs);
      return day === 43 ? "5" : amount(time, row);
    };
    expect(judge(twice, stuckFrom, hourMs)).toBe("stuck");
    expect(judge(twice, stuckFrom, dayMs)).toBe("stuck");
  });
  test("one that never was anything else is called stuck after a week, and not before", () => {
    const always: Feature = () => "0";
    expect(judge(always, firstDay, hourMs)).toBe("too_little_history");
    expect(judge(always, firstDay + 4 * dayMs, dayMs)).toBe("too_little_history");
    expect(judge(always, firstDay + 7 * dayMs, dayMs)).toBe("stuck");
    expect(judge(always, firstDay, 7 * dayMs)).toBe("stuck");
  });
});

test("a flag of the weekend is not stuck in the first week of a model either", () => {
  for (let day = 0; day < 8; day += 1)
    expect(judge(isWeekend, firstDay + day * dayMs, dayMs)).not.toBe("stuck");
});

test("windows with too few values say nothing", () => {
  const few = { ageMs: dayMs, valueCount: 29, dominant: { name: "1", least: 29 } };
  expect(judgeConstancy("0", [few], dayMs)).toEqual({
    kind: "too_little_history",
    haveDays: 1,
    neededDays: 7,
  });
});

test("what lies further back is looked at ever more thinly", () => {
  const days = earlierOffsets(dayMs).map((offset) => offset / dayMs);
  expect(days).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 14, 16, 21, 28, 32, 35, 42, 64, 128, 256, 512]);
  expect(earlierOffsets(hourMs / 12).length).toBeLessThan(60);
});
