import { describe, expect, test } from "vitest";
import type { Measured } from "./judge-series.ts";
import { judgeFixed, judgeLearned } from "./judge-series.ts";

const exactly = (value: number): Measured => ({ value, lower: null, upper: null });
const about = (value: number, lower: number, upper: number): Measured => ({ value, lower, upper });

describe("a fixed threshold that fires above 10 and clears at 8", () => {
  const threshold = { direction: "above", fire: 10, clear: 8 } as const;
  test.each<[string, Measured, boolean, string]>([
    ["above it", exactly(10.1), true, "fire"],
    ["on it: not beyond it", exactly(10), true, "between"],
    ["between the two", exactly(9), true, "between"],
    ["on the clear threshold: over", exactly(8), true, "clear"],
    ["above it for sure", about(12, 10.1, 14), true, "fire"],
    ["above it, perhaps", about(12, 9, 15), true, "between"],
    ["above it, perhaps, and the interval does not count", about(12, 9, 15), false, "fire"],
    ["under the clear threshold for sure", about(6, 5, 8), true, "clear"],
    ["under it, perhaps", about(7, 5, 9), true, "between"],
    ["under it, perhaps, and the interval does not count", about(7, 5, 9), false, "clear"],
  ])("%s", (_name, measured, usesInterval, judged) => {
    expect(judgeFixed(measured, threshold, usesInterval)).toEqual({
      judged,
      fireThreshold: 10,
      clearThreshold: 8,
    });
  });
});

describe("a fixed threshold that fires below 0.7 and clears at 0.75", () => {
  const threshold = { direction: "below", fire: 0.7, clear: 0.75 } as const;
  test.each<[string, Measured, string]>([
    ["under it for sure", about(0.6, 0.5, 0.69), "fire"],
    ["under it, perhaps", about(0.6, 0.5, 0.72), "between"],
    ["on it", exactly(0.7), "between"],
    ["over for sure", about(0.8, 0.75, 0.85), "clear"],
    ["over, perhaps", about(0.8, 0.74, 0.85), "between"],
  ])("%s", (_name, measured, judged) => {
    expect(judgeFixed(measured, threshold, true).judged).toBe(judged);
  });
});

describe("a learned band from 80 to 130 about 100", () => {
  const band = { expected: 100, lower: 80, upper: 130 };
  test.each<[string, Measured, "above" | "below" | "either", string, number, number]>([
    ["above it", exactly(131), "either", "fire", 130, 115],
    ["below it", exactly(79), "either", "fire", 80, 90],
    ["below it, where only above counts", exactly(79), "above", "clear", 130, 115],
    ["above it, where only below counts", exactly(131), "below", "clear", 80, 90],
    ["usual", exactly(104), "either", "clear", 130, 115],
    ["on its edge: not outside", exactly(130), "either", "between", 130, 115],
    ["just inside: not over yet", exactly(120), "either", "between", 130, 115],
    ["halfway to what is expected: over", exactly(115), "either", "clear", 130, 115],
    ["outside, perhaps", about(140, 120, 160), "either", "between", 130, 115],
    [
      "usual, with an interval that is wider than the band",
      about(100, 50, 150),
      "either",
      "clear",
      130,
      115,
    ],
  ])("%s", (_name, measured, direction, judged, fireThreshold, clearThreshold) => {
    expect(judgeLearned(measured, band, direction, true)).toEqual({
      judged,
      fireThreshold,
      clearThreshold,
    });
  });

  test("that is a single point fires for any other value, and clears on it", () => {
    const point = { expected: 0, lower: 0, upper: 0 };
    expect(judgeLearned(exactly(0), point, "either", true).judged).toBe("clear");
    expect(judgeLearned(exactly(0.1), point, "either", true).judged).toBe("fire");
  });
});
