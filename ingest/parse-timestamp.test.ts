import { expect, test } from "vitest";
import { parseTimestamp, partitionOf } from "./parse-timestamp.ts";

const noon = Date.UTC(2026, 10, 21, 12, 0, 0, 123);

test.each([
  ["2026-11-21T12:00:00.123Z", noon],
  ["2026-11-21T12:00:00.123Z", noon],
  ["2026-11-21T12:00:00.123456789Z", noon],
  ["2026-11-21t12:00:00,123z", noon],
  ["2026-11-21 13:00:00.123+01:00", noon],
  ["2026-11-21T03:30:00.123-0830", noon],
  ["2026-11-22T00:00:00.123+12:00", noon],
  ["2026-11-21T12:00:00Z", noon - 123],
  ["2026-11-21T12:00Z", noon - 123],
  ["2024-02-29T00:00:00.000Z", Date.UTC(2024, 1, 29)],
  ["0001-01-01T00:00:00Z", -62_135_596_800_000],
  [noon, noon],
])("%s is read as %i", (text, expected) => {
  expect(parseTimestamp(text)).toBe(expected);
});

test.each([
  ["2026-11-21T12:00:00.123", "zone"],
  ["2026-11-21", "format"],
  ["2026-11-21T24:00:00Z", "date"],
  ["2026-11-21T12:60:00.000Z", "date"],
  ["2026-11-21T12:00:60.000Z", "date"],
  ["2023-02-29T00:00:00.000Z", "date"],
  ["2026-13-01T00:00:00.000Z", "date"],
  ["2026-11-21T12:00:00+24:00", "date"],
  ["2026-11-21T1x:00:00.000Z", "format"],
  ["+12026-11-21T12:00:00Z", "format"],
  ["", "format"],
  [1_795_262_400, "seconds"],
  [0, "seconds"],
  [1.5, "type"],
  [null, "type"],
])("%s is refused as %s", (value, problem) => {
  expect(parseTimestamp(value)).toBe(problem);
});

test("the partition is the month in UTC, on either side of its edges", () => {
  const edge = Date.UTC(2027, 0, 1);
  expect([edge - 1, edge, edge - 1, 0].map(partitionOf)).toEqual([202612, 202701, 202612, 197001]);
});
