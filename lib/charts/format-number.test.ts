import { describe, expect, test } from "vitest";
import {
  formatBytes,
  formatChange,
  formatCount,
  formatDistance,
  formatDuration,
  formatNumber,
  formatPValue,
  formatShare,
} from "./format-number.ts";

const spaced = (text: string) => text.replaceAll("\u202f", " ").replaceAll("\u2212", "-");

describe("figures have three significant digits and a unit", () => {
  test.each([
    [null, "–"],
    [0, "0"],
    [38, "38"],
    [9_999, "9,999"],
    [10_000, "10 k"],
    [12_345, "12.3 k"],
    [999_499, "999 k"],
    [999_500, "1 M"],
    [1_234_567, "1.23 M"],
    [4_500_000_000, "4.5 G"],
  ])("a count of %s reads %s", (count, text) => expect(spaced(formatCount(count))).toBe(text));

  test.each([
    [null, "–"],
    [0, "0"],
    [0.21456, "0.215"],
    [1234.5, "1,230"],
    [0.00001234, "1.23e-5"],
    [-Math.PI, "-3.14"],
    [123_456, "123 k"],
    [Number.NaN, "NaN"],
  ])("a number %s reads %s", (value, text) => expect(spaced(formatNumber(value))).toBe(text));

  test.each([
    [null, "–"],
    [0, "0 %"],
    [0.0004, "< 0.1 %"],
    [0.0123, "1.2 %"],
    [0.41, "41 %"],
    [0.9996, "> 99.9 %"],
    [1, "100 %"],
  ])("a share %s reads %s: tiny is not zero, almost is not all", (share, text) =>
    expect(spaced(formatShare(share))).toBe(text),
  );

  test.each([
    [0, "0 ms"],
    [12.5, "12.5 ms"],
    [340.4, "340 ms"],
    [4_200, "4.2 s"],
    [59_000, "59 s"],
    [180_000, "3 min"],
    [3_600_000, "1 h"],
    [5_400_000, "1 h 30 min"],
    [187_200_000, "2 d 4 h"],
    [-90_000, "-2 min"],
  ])("a duration of %s ms reads %s", (ms, text) => expect(spaced(formatDuration(ms))).toBe(text));

  test.each([
    [0, 0, "no change"],
    [5, 0, "new"],
    [112, 100, "+12 %"],
    [60, 100, "-40 %"],
    [1_000, 999, "no change"],
    [1_500, 100, "15 times"],
  ])("%s after %s reads %s", (now, before, text) =>
    expect(spaced(formatChange(now, before))).toBe(text),
  );

  test.each([
    [0, "0"],
    [0.2811, "0.281"],
    [0.00388, "0.004"],
    [0.000335, "< 0.001"],
    [1.5, "1.5"],
  ])("a distance of %s reads %s in a narrow column", (value, text) =>
    expect(spaced(formatDistance(value))).toBe(text),
  );

  test("bytes are counted in thousands", () =>
    expect(spaced(formatBytes(12_345_678))).toBe("12.3 MB"));
  test("a tiny p-value is a bound", () => expect(spaced(formatPValue(1e-9))).toBe("< 0.0001"));
});
