import { expect, test } from "vitest";
import { chooseHeatColumns } from "./choose-heat-columns.ts";

const now = new Date("2026-11-21T07:30:00Z");
const hourMs = 3_600_000;
const columnsOf = (hours: number) =>
  chooseHeatColumns({ fromTime: new Date(now.getTime() - hours * hourMs), untilTime: now }, now);

test.each([
  ["four hours are seen by five minutes", 4, hourMs / 12],
  ["half a day by the quarter", 12, hourMs / 4],
  ["a day by the hour: five minutes of it would be a dozen times as many bins", 24, hourMs],
  ["two days by the hour", 48, hourMs],
  ["three days by the day", 72, 24 * hourMs],
  ["a week by the day", 7 * 24, 24 * hourMs],
  ["thirty days by the day", 30 * 24, 24 * hourMs],
  ["ninety days by two days", 90 * 24, 48 * hourMs],
])("%s", (_name, hours, widthMs) => {
  const columns = columnsOf(hours);
  expect(columns.bucketMs).toBe(widthMs);
  expect(columns.starts.length).toBeLessThanOrEqual(60);
});
