import { expect, test } from "vitest";
import type { DestinationKind } from "#lib/domain/destination.ts";
import { nextAttempt } from "./next-attempt.ts";

const start = new Date("2026-10-01T12:00:00.000Z");

/** The delays in seconds from one failed attempt to the next, until it is given up. */
function delaysOf(kind: DestinationKind, random = 0): number[] {
  const delays: number[] = [];
  let now = start;
  for (let attempts = 1; attempts < 1_000; attempts += 1) {
    const next = nextAttempt({ kind, attempts, lifetimeFrom: start, now, afterMs: null, random });
    if (next === null) return delays;
    delays.push((next.getTime() - now.getTime()) / 1_000);
    now = next;
  }
  return delays;
}

test("a webhook is tried ten times over three days, as Standard Webhooks says", () => {
  const delays = delaysOf("webhook");
  expect(delays).toEqual([5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]);
  expect(delays.reduce((sum, delay) => sum + delay, 0)).toBe(75 * 3_600 + 35 * 60 + 5);
});

test("PagerDuty is tried after 30 s, 60 s and so on, doubling to a quarter of an hour, for a day", () => {
  const delays = delaysOf("pagerduty");
  expect(delays.slice(0, 7)).toEqual([30, 60, 120, 240, 480, 900, 900]);
  const total = delays.reduce((sum, delay) => sum + delay, 0);
  expect(total).toBeLessThanOrEqual(86_400);
  expect(total).toBeGreaterThan(86_400 - 900);
});

test("the others are tried after 5 s first", () => {
  expect(delaysOf("slack_webhook").slice(0, 4)).toEqual([5, 30, 60, 120]);
});

test("jitter makes it later, never sooner", () => {
  expect(delaysOf("pagerduty", 1)[0]).toBe(33);
});

test("what a receiver asks for holds; a webhook's next slot is never sooner for it", () => {
  const after = (kind: DestinationKind, afterMs: number) =>
    (nextAttempt({
      kind,
      attempts: 2,
      lifetimeFrom: start,
      now: start,
      afterMs,
      random: 1,
    })?.getTime() ?? 0) - start.getTime();
  expect(after("slack_webhook", 1_000)).toBe(1_000);
  expect(after("slack_webhook", 0)).toBe(1_000);
  expect(after("pagerduty", 90_000)).toBe(90_000);
  expect(after("webhook", 1_000)).toBe(300_000);
  expect(after("webhook", 600_000)).toBe(600_000);
});
