import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { binNumbersOf, NUMBERED_RESOLUTION_MAX } from "#lib/stats/bin-pages.ts";
import { CutCounter } from "#lib/stats/cut-counter.ts";
import type { HistogramPart, NumericHistogram } from "#lib/stats/numeric-histogram.ts";
import {
  coarsenHistogram,
  commonGridOf,
  histogramOf,
  mergeHistograms,
} from "#lib/stats/numeric-histogram.ts";
import { countInBins, referenceBinsOf } from "#lib/stats/reference-bins.ts";
import { normalFrom, seededRandom } from "#lib/stats/testing/random.ts";

const random = seededRandom(11);
const draw = (count: number, of: (x: number) => number) =>
  Array.from({ length: count }, () => of(normalFrom(random)));

/** As the store sends it. */
const sent = (histogram: NumericHistogram): HistogramPart =>
  histogram.resolution > NUMBERED_RESOLUTION_MAX
    ? histogram
    : { ...histogram, numbers: binNumbersOf(histogram.edges, histogram.resolution) };

const shapes: [string, number[], number[][]][] = [
  [
    "values on both sides of zero",
    draw(6_000, (x) => x),
    [draw(5_000, (x) => x + 0.2), draw(900, (x) => 2 * x)],
  ],
  [
    "heavy tails",
    draw(6_000, (x) => Math.exp(3 * x)),
    [draw(4_000, (x) => Math.exp(3 * x + 0.1)), draw(2_000, (x) => -Math.exp(x))],
  ],
  [
    "around 1e9",
    draw(6_000, (x) => 1e9 + x),
    [draw(3_000, (x) => 1e9 + 2 * x), draw(3_000, (x) => x)],
  ],
  [
    "around 1e-9",
    draw(6_000, (x) => 1e-9 * x),
    [draw(3_000, (x) => 1e-9 * x), draw(3_000, (x) => 1e-3 * x)],
  ],
  [
    "all below zero",
    draw(6_000, (x) => -Math.abs(x) - 1),
    [draw(3_000, (x) => -Math.abs(x)), draw(50, (x) => x)],
  ],
  [
    "a few whole numbers",
    draw(6_000, (x) => Math.round(x)),
    [draw(3_000, (x) => Math.round(2 * x)), [0, -0, 1, 1]],
  ],
  ["constant", [7, 7, 7], [[7, 7], [6], []]],
  ["nothing", [], [[1, 2, 3], []]],
];

describe("counts between cuts", () => {
  test.each(shapes)(
    "%s: parts by themselves give what their sum has in the bins of the baseline",
    (_name, baseline, windows) => {
      const parts = windows.map((values) => histogramOf(values));
      const whole = mergeHistograms(parts);
      const reference = histogramOf(baseline);
      const grid = commonGridOf([reference, whole]);
      const bins = referenceBinsOf(coarsenHistogram(reference, grid), 20);
      const counter = new CutCounter(bins.cuts, grid.zeroFloor);
      const counts = counter.zeros();
      for (const part of parts) counter.add(sent(part), counts);
      expect(counts).toEqual(countInBins(coarsenHistogram(whole, grid), bins));
    },
  );

  test("numbered bins and edges are told apart alike, at any floor", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 60 }),
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 8 }),
        fc.integer({ min: 0, max: NUMBERED_RESOLUTION_MAX }),
        fc.constantFrom(0, 2 ** -30, 1, 2 ** 40),
        (values, cutsAt, resolution, zeroFloor) => {
          const grid = { resolution, zeroFloor };
          const cuts = [...new Set(histogramOf(cutsAt, grid).edges)];
          const histogram = histogramOf(values, { resolution, zeroFloor: 0 });
          const [ofNumbers, ofEdges] = [sent(histogram), histogram].map((part) => {
            const counter = new CutCounter(cuts, zeroFloor);
            const counts = counter.zeros();
            counter.add(part, counts);
            return counts;
          });
          expect(ofNumbers).toEqual(ofEdges);
          expect(ofEdges?.reduce((sum, count) => sum + count, 0)).toBe(values.length);
        },
      ),
    );
  });
});
