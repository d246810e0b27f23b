import { expect, test } from "vitest";
import {
  chooseShift,
  demoDayMs,
  historyFromMs,
  productionFromMs,
  recordSpans,
} from "./demo-clock.ts";

const now = Date.UTC(2026, 10, 21, 5, 30);
const clock = chooseShift(now);

test("the record is moved by whole weeks, so a Monday stays a Monday and the hour stays the hour", () => {
  expect(clock.shiftMs % (7 * demoDayMs)).toBe(0);
});

test("most of the record lies in the past, and some of it ahead", () => {
  const historyDays = (now - historyFromMs(clock)) / demoDayMs;
  expect(historyDays).toBeGreaterThan(90);
  expect(historyDays).toBeLessThan(21 * 7);
});

test("a stretch of time inside one cycle is one span of the record", () => {
  expect(recordSpans(clock, now - demoDayMs, now)).toEqual([
    {
      fromMs: now - demoDayMs - clock.shiftMs,
      untilMs: now - clock.shiftMs,
      shiftMs: clock.shiftMs,
      cycle: 0,
    },
  ]);
});

test("at the end of the record the next cycle begins at once, without a gap or an overlap", () => {
  const endMs = historyFromMs(clock) + 21 * 7 * demoDayMs;
  const spans = recordSpans(clock, endMs - demoDayMs, endMs + demoDayMs);
  expect(spans.map((span) => span.cycle)).toEqual([0, 1]);
  const [first, second] = spans;
  expect((first?.untilMs ?? 0) + (first?.shiftMs ?? 0)).toBe(endMs);
  expect((second?.fromMs ?? 0) + (second?.shiftMs ?? 0)).toBe(endMs);
  expect(second?.fromMs).toBe(productionFromMs);
});

test("nothing of the record lies before its beginning", () => {
  expect(recordSpans(clock, historyFromMs(clock) - demoDayMs, historyFromMs(clock))).toEqual([]);
});
