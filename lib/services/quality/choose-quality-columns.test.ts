import { expect, test } from "vitest";
import { chooseQualityColumns } from "./choose-quality-columns.ts";

const now = new Date("2026-11-21T07:30:00Z");
const hourMs = 3_600_000;
const widthOf = (hours: number, keyCount: number) =>
  chooseQualityColumns(
    { fromTime: new Date(now.getTime() - hours * hourMs), untilTime: now },
    now,
    keyCount,
  ).bucketMs / hourMs;

test.each([
  ["a day by the half hour", 24, 20, 0.5],
  ["the same of a hundred features", 24, 100, 0.5],
  ["of a thousand by the hour, or a dozen times as many profiles would be read", 24, 1_000, 1],
  ["four hours of a thousand by five minutes", 4, 1_000, 1 / 12],
  ["a week by three hours", 168, 100, 3],
  ["a week of a thousand by the day", 168, 1_000, 24],
  ["without keys as with one", 24, 0, 0.5],
])("%s", (_name, hours, keyCount, width) => {
  expect(widthOf(hours, keyCount)).toBeCloseTo(width);
});
