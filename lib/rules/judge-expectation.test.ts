import { describe, expect, test } from "vitest";
import { judgeExpectation, ratioOf } from "./judge-expectation.ts";
import { parseExpectation } from "./parse-expectation.ts";

type Interval = [value: number, lower: number | null, upper: number | null];
const cases: [text: string, interval: Interval, outcome: string][] = [
  ["< 0.2", [0.1, null, null], "in_range"],
  ["< 0.2", [0.2, null, null], "out_of_range"],
  ["<= 0.2", [0.2, null, null], "in_range"],
  ["< 0.2", [0.19, 0.15, 0.25], "cannot_say"],
  ["< 0.2", [0.15, 0.1, 0.2], "cannot_say"],
  ["< 0.2", [0.25, 0.2, 0.3], "out_of_range"],
  ["<= 0.2", [0.25, 0.2, 0.3], "cannot_say"],
  ["> 0.8", [0.9, 0.85, 0.95], "in_range"],
  ["> 0.8", [0.7, 0.6, 0.79], "out_of_range"],
  ["0.1 to 0.3", [0.2, 0.1, 0.3], "in_range"],
  ["0.1 to 0.3", [0.05, 0.01, 0.09], "out_of_range"],
  ["0.1 to 0.3", [0.2, 0.05, 0.25], "cannot_say"],
  ["0.1 to 0.3", [0.2, 0.05, 0.35], "cannot_say"],
  ["-1 to 1", [0, null, null], "in_range"],
  ["5 %", [0, null, null], "refused"],
  ["< 5 %", [0.049, null, null], "in_range"],
  ["< 0.2", [Number.NaN, null, null], "cannot_say"],
  ["> 0", [Number.POSITIVE_INFINITY, null, null], "cannot_say"],
];

describe("a value is held against what is expected, the whole of its interval", () => {
  test.each(cases)("%s of %j: %s", (text, [value, lower, upper], outcome) => {
    const expected = parseExpectation(text, "drift", "psi");
    if (typeof expected === "string" || expected.kind === "verdict")
      return expect(outcome).toBe("refused");
    expect(judgeExpectation({ value, lower, upper }, expected)).toBe(outcome);
  });
});

describe("a share of the reference", () => {
  const plain = (value: number) => ({ value, lower: null, upper: null });
  test("is as wide as both intervals allow", () => {
    expect(
      ratioOf({ value: 50, lower: 40, upper: 60 }, { value: 100, lower: 80, upper: 120 }),
    ).toEqual({ value: 0.5, lower: 40 / 120, upper: 60 / 80 });
    expect(ratioOf(plain(50), plain(100))).toEqual({ value: 0.5, lower: 0.5, upper: 0.5 });
    expect(ratioOf(plain(0), plain(100))).toMatchObject({ value: 0 });
  });

  test("is none where there is nothing to divide by", () => {
    expect(ratioOf(plain(5), plain(0))).toBeNull();
    expect(ratioOf(plain(5), { value: 1, lower: -1, upper: 3 })).toBeNull();
    expect(ratioOf(plain(Number.NaN), plain(1))).toBeNull();
  });
});

test("times, shares and rows are read in their units", () => {
  const high = (text: string, kind: "freshness" | "quality" | "volume", statistic: string) => {
    const found = parseExpectation(text, kind, statistic);
    return typeof found === "string" || found.kind === "verdict" ? found : found.high?.at;
  };
  expect(high("<= 15 min", "freshness", "event_age")).toBe(900_000);
  expect(high("< 2h", "freshness", "event_age")).toBe(7_200_000);
  expect(high("< 0.5 %", "quality", "missing_share")).toBe(0.005);
  expect(high("< 120 % of reference", "volume", "rows")).toBe(1.2);
  expect(high("< 1.2 of reference", "volume", "rows")).toBe(1.2);
  expect(high("< 1000", "volume", "rows")).toBe(1_000);
  expect(high("80 to 120 %", "quality", "missing_share")).toBe(1.2);
});
