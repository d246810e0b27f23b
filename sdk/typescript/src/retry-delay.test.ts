import { expect, test } from "vitest";
import { retryDelayMs } from "./retry-delay.ts";

const nowMs = Date.parse("2026-11-21T03:22:00Z");

test.each([
  ["the first pause is a quarter of a second at most", 0, null, 1, 250],
  ["and half of that at least", 0, null, 0, 125],
  ["pauses double", 3, null, 1, 2_000],
  ["up to half a minute", 60, null, 1, 30_000],
  ["Retry-After in seconds is obeyed", 5, "2", 0, 2_000],
  ["clients don't come back in the same instant", 5, "2", 1, 2_100],
  ["Retry-After as a date is obeyed", 0, "Sat, 21 Nov 2026 03:22:07 GMT", 0, 7_000],
  ["a date in the past is now", 0, "Sat, 21 Nov 2026 03:21:00 GMT", 0, 0],
  ["an absurd Retry-After is bounded", 0, "86400", 0, 300_000],
  ["nonsense is no Retry-After", 0, "soon", 1, 250],
])("%s", (_name, attempt, retryAfter, random, expected) => {
  expect(retryDelayMs(attempt, retryAfter, nowMs, random)).toBe(expected);
});
