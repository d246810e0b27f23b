import { expect, test } from "vitest";
import { quantilesOfHistogram } from "#lib/stats/histogram-quantiles.ts";
import { histogramOf } from "#lib/stats/numeric-histogram.ts";

test("no values have no quantiles", () => {
  expect(quantilesOfHistogram({ edges: [], counts: [] }, null, [0.5])).toBeNull();
});

test("of 1 to 100 are exact", () => {
  const values = Array.from({ length: 100 }, (_, i) => i + 1);
  expect(quantilesOfHistogram(histogramOf(values), 1, [0.05, 0.25, 0.5, 0.75, 0.95])).toEqual([
    5, 25, 50, 75, 95,
  ]);
});

test("on a coarse grid are within a bin, and never below the smallest value", () => {
  const histogram = histogramOf([10.3, 10.4, 99], { resolution: 2, zeroFloor: 0 });
  expect(quantilesOfHistogram(histogram, 10.3, [0, 0.5, 1])).toEqual([10.3, 10.3, 96]);
});
