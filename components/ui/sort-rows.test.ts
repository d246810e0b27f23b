import { expect, test } from "vitest";
import { sortRows } from "./sort-rows.ts";

const sorted = (keys: (string | number | null)[], isDescending = false) =>
  sortRows(keys, (key) => key, isDescending);

test("what is not known comes last, whichever way it is sorted", () => {
  expect(sorted([2, null, 1])).toEqual([1, 2, null]);
  expect(sorted([2, null, 1], true)).toEqual([2, 1, null]);
});

test("digits inside words count as numbers", () =>
  expect(sorted(["feature_10", "feature_9", "feature_1"])).toEqual([
    "feature_1",
    "feature_9",
    "feature_10",
  ]));

test("equals keep the order in which they came", () => {
  const rows = [
    { name: "b", rank: 1 },
    { name: "a", rank: 1 },
  ];
  expect(sortRows(rows, ({ rank }) => rank, true)).toEqual(rows);
});
