import { describe, expect, test } from "vitest";
import type { DescribedReading } from "./describe-reading.ts";
import { describeReading, formatReading } from "./describe-reading.ts";

const reading: DescribedReading = {
  kind: "performance",
  statistic: "accuracy",
  unit: "none",
  threshold: { kind: "fixed", direction: "below", fire: 0.7, clear: 0.75 },
  value: 0.64,
  lower: 0.61,
  upper: 0.67,
  sampleCount: 1_234,
  fireThreshold: 0.7,
  expected: null,
};
const plain = (text: string) => text.replaceAll("\u202f", " ");

describe("what a window says", () => {
  test.each<[string, Partial<DescribedReading>, string]>([
    [
      "its value, interval, size and threshold",
      {},
      "accuracy 0.64 (0.61 to 0.67), n = 1,234; fires below 0.7",
    ],
    [
      "what it rests on",
      { words: "labels of 1234 of 2000 predictions" },
      "accuracy 0.64 (0.61 to 0.67), n = 1,234; fires below 0.7; labels of 1234 of 2000 predictions",
    ],
    [
      "no interval where there is none",
      { lower: null, upper: null },
      "accuracy 0.64, n = 1,234; fires below 0.7",
    ],
    [
      "what is usual, where that was learned",
      {
        kind: "volume",
        statistic: "rows",
        unit: "rows",
        threshold: { kind: "learned", direction: "either", coverage: 0.99 },
        value: 12,
        lower: null,
        upper: null,
        expected: 100,
        fireThreshold: 80,
      },
      "12 rows; 100 is usual at this time of the week, fires below 80",
    ],
    [
      "an age as a time",
      {
        kind: "freshness",
        statistic: "event_age",
        unit: "ms",
        threshold: { kind: "fixed", direction: "above", fire: 3_600_000, clear: 0 },
        value: 7_260_000,
        lower: null,
        upper: null,
        fireThreshold: 3_600_000,
      },
      "age of the newest event 2 h 1 min; fires above 1 h",
    ],
    [
      "a verdict in its own words",
      {
        kind: "drift",
        statistic: "verdict",
        unit: "floors",
        threshold: { kind: "verdict" },
        words: "within noise",
      },
      "within noise, n = 1,234",
    ],
  ])("%s", (_name, change, words) => {
    expect(plain(describeReading({ ...reading, ...change }))).toBe(words);
  });

  test("units", () => {
    expect(
      (["share", "ms", "rows", "deviation", "floors", "none"] as const).map((unit) =>
        plain(formatReading(0.25, unit)),
      ),
    ).toEqual(["25 %", "0.25 ms", "0", "0.25 standard deviations", "0.25 ×", "0.25"]);
  });
});
