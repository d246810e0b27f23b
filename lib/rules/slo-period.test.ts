import { expect, test } from "vitest";
import type { SloPeriod } from "#lib/domain/slo.ts";
import { periodAt, periodLengthMs } from "./slo-period.ts";
import { dayMs } from "./wall-clock.ts";

const berlin = (unit: "week" | "month" | "quarter"): SloPeriod => ({
  kind: "calendar",
  unit,
  timeZone: "Europe/Berlin",
});

test.each<[SloPeriod, string, string, string]>([
  [
    { kind: "rolling", days: 28 },
    "2026-11-04T12:00:00Z",
    "2026-10-07T12:00:00Z",
    "2026-11-04T12:00:00Z",
  ],
  [berlin("month"), "2026-03-31T21:59:59Z", "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z"],
  [berlin("month"), "2026-03-31T22:00:00Z", "2026-03-31T22:00:00Z", "2026-04-30T22:00:00Z"],
  [berlin("week"), "2026-10-25T12:00:00Z", "2026-10-18T22:00:00Z", "2026-10-25T23:00:00Z"],
  [berlin("quarter"), "2026-12-31T22:59:59Z", "2026-09-30T22:00:00Z", "2026-12-31T23:00:00Z"],
])("%j at %s is from %s until %s", (period, now, from, until) => {
  expect(periodAt(period, new Date(now))).toEqual({
    fromTime: new Date(from),
    untilTime: new Date(until),
  });
});

test("a month is thirty days for a pace", () => {
  expect(periodLengthMs(berlin("month"))).toBe(30 * dayMs);
});
