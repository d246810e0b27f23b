import { describe, expect, test } from "vitest";
import { isOverdue, nextReminder, sayDue } from "./remind-item.ts";

const remind = (after: string, zone = "UTC") =>
  nextReminder("2026-03-20", { zone, after: new Date(after) })?.toISOString();

describe("reminders of an item that is due on 20 March", () => {
  test.each([
    ["2026-01-01T00:00:00Z", "2026-03-17T09:00:00.000Z"],
    ["2026-03-17T08:59:59Z", "2026-03-17T09:00:00.000Z"],
    ["2026-03-17T09:00:00Z", "2026-03-20T09:00:00.000Z"],
    ["2026-03-20T09:00:00Z", "2026-03-27T09:00:00.000Z"],
    ["2026-03-27T09:00:00Z", "2026-04-03T09:00:00.000Z"],
    ["2027-03-20T09:00:00Z", "2027-03-26T09:00:00.000Z"],
  ])("after %s come at %s", (after, at) => expect(remind(after)).toBe(at));

  test("keep to nine o'clock across a change of the clocks", () => {
    expect(remind("2026-03-20T09:00:00Z", "Europe/Berlin")).toBe("2026-03-27T08:00:00.000Z");
    expect(remind("2026-03-27T09:00:00Z", "Europe/Berlin")).toBe("2026-04-03T07:00:00.000Z");
  });

  test("never end, each a week after the other", () => {
    let at = new Date("2026-03-20T09:00:00Z");
    for (let week = 1; week <= 60; week += 1) {
      const next = nextReminder("2026-03-20", { zone: "America/New_York", after: at });
      expect(Math.round(((next?.getTime() ?? 0) - at.getTime()) / 3_600_000)).toBeGreaterThan(3);
      at = next ?? at;
    }
  });

  test("are none without a day", () => {
    expect(nextReminder(null, { zone: "UTC", after: new Date(0) })).toBeNull();
  });
});

test.each([
  ["2026-03-20T23:59:00Z", "UTC", false, "due today"],
  ["2026-03-21T00:00:00Z", "UTC", true, "1 day overdue"],
  ["2026-03-21T00:00:00Z", "America/New_York", false, "due today"],
  ["2026-03-17T10:00:00Z", "UTC", false, "due in 3 days"],
])("at %s in %s", (now, zone, overdue, words) => {
  expect(isOverdue("2026-03-20", zone, new Date(now))).toBe(overdue);
  expect(sayDue("2026-03-20", zone, new Date(now))).toBe(words);
});
