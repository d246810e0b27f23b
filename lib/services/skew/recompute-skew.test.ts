import { expect, test } from "vitest";
import { cutHours } from "./recompute-skew.ts";

const hour = 3_600;
const range = { fromTime: new Date(0), untilTime: new Date(10 * hour * 1000) };
const cut = (...rowCounts: [hourNumber: number, rowCount: number][]) =>
  cutHours(
    range,
    rowCounts.map(([at, rowCount]) => ({ hourSeconds: at * hour, rowCount })),
  ).map(({ fromTime, untilTime }) => [
    fromTime.getTime() / 1000 / hour,
    untilTime.getTime() / 1000 / hour,
  ]);

test("hours are joined together up to the bound, and every hour of the range is in one piece", () => {
  expect(cut()).toEqual([[0, 10]]);
  expect(cut([1, 10], [2, 10], [9, 10])).toEqual([[0, 10]]);
  expect(cut([1, 150_000], [3, 60_000], [4, 100_000])).toEqual([
    [0, 3],
    [3, 10],
  ]);
  expect(cut([1, 900_000], [2, 900_000])).toEqual([
    [0, 2],
    [2, 10],
  ]);
});
