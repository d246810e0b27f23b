import { describe, expect, test } from "vitest";
import { AppError } from "#lib/domain/errors.ts";
import { planReference } from "./plan-reference.ts";

const now = new Date("2026-11-21T12:00:00Z");
const scopeOf = (from: string, until: string) => ({
  version: "2",
  now,
  window: { fromTime: new Date(from), untilTime: new Date(until), pieces: [] },
});
const day = scopeOf("2026-11-20T12:00:00Z", "2026-11-21T12:00:00Z");
const tenDays = scopeOf("2026-11-11T12:00:00Z", "2026-11-21T12:00:00Z");
const from = "2026-10-01T00:00:00Z";
const until = "2026-10-08T00:00:00Z";

describe("a reference is a stretch of time", () => {
  test.each([
    ["the week before a day", day, { reference: "trailing" }, "2026-11-13T12", "2026-11-20T12"],
    ["ten days before ten", tenDays, { reference: "trailing" }, "2026-11-01T12", "2026-11-11T12"],
    ["the day before a day", day, { reference: "previous" }, "2026-11-19T12", "2026-11-20T12"],
    ["the same day a week ago", day, { reference: "last_week" }, "2026-11-13T12", "2026-11-14T12"],
    [
      "two weeks back, where one would overlap",
      tenDays,
      { reference: "last_week" },
      "2026-10-28T12",
      "2026-11-07T12",
    ],
    [
      "a window that is named",
      day,
      { reference: "window", referenceFrom: from, referenceUntil: until },
      "2026-10-01T00",
      "2026-10-08T00",
    ],
  ] as const)("%s", (_name, scope, asked, first, last) => {
    const plan = planReference(scope, asked);
    expect(plan?.fromTime.toISOString().slice(0, 13)).toBe(first);
    expect(plan?.untilTime.toISOString().slice(0, 13)).toBe(last);
    expect(plan?.version).toBe("2");
  });

  test("of another version it is the same window", () => {
    expect(planReference(day, { reference: "version", referenceVersion: "1" })).toMatchObject({
      version: "1",
      label: "version 1 in the same window",
      fromTime: day.window.fromTime,
      untilTime: day.window.untilTime,
    });
  });

  test("a baseline is none", () => {
    expect(planReference(day, {})).toBeNull();
  });
});

test.each([
  ["a window without its start", { reference: "window", referenceUntil: until }, "referenceFrom"],
  ["a window without its end", { reference: "window", referenceFrom: from }, "referenceUntil"],
  ["another version without its name", { reference: "version" }, "referenceVersion"],
  [
    "a window that ends before it begins",
    { reference: "window", referenceFrom: until, referenceUntil: from },
    "until",
  ],
  [
    "a bound that the reference would ignore",
    { reference: "trailing", referenceFrom: from },
    "referenceFrom",
  ],
] as const)("%s is refused, and the field named", (_name, asked, path) => {
  try {
    planReference(day, asked);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: "invalid_request", details: [{ path }] });
  }
});
