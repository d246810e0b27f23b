import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { sayAtPace } from "./say-at-pace.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("work of less than a second says nothing", () => {
  const said: string[] = [];
  const progress = sayAtPace((line) => said.push(line));
  progress.note("0 of 2");
  vi.advanceTimersByTime(500);
  progress.note("1 of 2");
  vi.advanceTimersByTime(499);
  progress.stop();
  vi.advanceTimersByTime(60_000);
  expect(said).toEqual([]);
});

test("longer work says how far it is after a second and then every five, however often it changes", () => {
  const said: string[] = [];
  const progress = sayAtPace((line) => said.push(line));
  for (let done = 0; done < 100; done += 1) {
    progress.note(`${done} of 100`);
    vi.advanceTimersByTime(100);
  }
  expect(said).toEqual(["9 of 100", "59 of 100"]);
  vi.advanceTimersByTime(10_000);
  expect(said).toEqual(["9 of 100", "59 of 100", "99 of 100", "99 of 100"]);
  progress.stop();
  vi.advanceTimersByTime(60_000);
  expect(said).toHaveLength(4);
});
