import { expect, test } from "vitest";
import { judgeReproduction } from "./judge-reproduction.ts";

test.each<[string, [number, number], [number, number], string]>([
  ["the same value of the same rows", [0.5, 100], [0.5, 100], "same"],
  ["another order of the same sum", [0.3, 100], [0.1 + 0.2, 100], "same"],
  ["another value", [0.5, 100], [0.4, 100], "differs"],
  ["the same value of more rows", [0.5, 100], [0.5, 120], "differs"],
  ["a value of zero where there was none before", [0, 100], [1e-6, 100], "differs"],
  ["a large value that moved in its last digit", [1e9, 100], [1e9 + 0.5, 100], "same"],
])("%s", (_, [value, sampleCount], [now, nowCount], verdict) => {
  const judged = judgeReproduction({ value, sampleCount }, { value: now, sampleCount: nowCount });
  expect(judged.verdict).toBe(verdict);
  expect(judged.difference).toBeCloseTo(now - value, 12);
});

test("a difference says what became of the rows", () => {
  const say = (now: number) =>
    judgeReproduction({ value: 1, sampleCount: 10 }, { value: 2, sampleCount: now }).reason;
  expect(say(12)).toBe("2 values more than then: late rows came");
  expect(say(7)).toBe("3 values fewer than then: rows were deleted");
  expect(say(10)).toContain("rows were sent again");
});
