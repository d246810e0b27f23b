import { expect, test } from "vitest";
import { compareNames } from "./compare-names.ts";

test("names are ordered as people look for them", () => {
  const names = ["feature_10", "feature_2", "b", "a", "feature_02", "A", "", "feature_1"];
  expect(names.sort(compareNames)).toEqual([
    "",
    "a",
    "A",
    "b",
    "feature_1",
    "feature_02",
    "feature_2",
    "feature_10",
  ]);
  expect(compareNames("x", "x")).toBe(0);
  expect(compareNames("f_02", "f_2")).toBe(-compareNames("f_2", "f_02"));
});
