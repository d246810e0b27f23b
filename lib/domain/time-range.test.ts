import { expect, test } from "vitest";
import { resolveTimeRange } from "./time-range.ts";

const now = new Date("2026-11-21T07:30:00Z");

test("without two instants the window ends now and is as long as was asked for, or a week", () => {
  expect(resolveTimeRange({ range: "24h" }, now).from.toISOString()).toBe(
    "2026-11-20T07:30:00.000Z",
  );
  expect(resolveTimeRange({}, now)).toEqual({ from: new Date("2026-11-14T07:30:00Z"), until: now });
});

test.each([
  ["ends before it begins", "2026-11-02T00:00:00Z", "2026-11-01T00:00:00Z"],
  ["is empty", "2026-11-01T00:00:00Z", "2026-11-01T00:00:00Z"],
  ["begins before all rows", "1969-12-31T23:59:59Z", "2026-11-01T00:00:00Z"],
  ["ends where the stores' times end", "2026-11-01T00:00:00Z", "9999-01-01T00:00:00Z"],
])("a window that %s is refused by name", (_name, from, until) => {
  expect(() => resolveTimeRange({ from, until }, now)).toThrow(/window can't be used/);
});
