import fc from "fast-check";
import { expect, test } from "vitest";
import { leftEdgeOn } from "#lib/stats/float-grid.ts";
import { residualHistogram, rightEdgeOf } from "#lib/stats/performance/residual-histogram.ts";

const edgeOf = leftEdgeOn({ resolution: 3, zeroFloor: 0 });
const countsOf = (errors: readonly number[]) => {
  const counts = new Map<number, number>();
  for (const error of errors) counts.set(edgeOf(error), (counts.get(edgeOf(error)) ?? 0) + 1);
  return counts;
};

test("a bin of the grid holds what was counted in it, on both sides of 0", () => {
  fc.assert(
    fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (error) => {
      fc.pre(error === 0 || Math.abs(error) > 1e-300);
      const edge = edgeOf(error);
      expect(edge).toBeLessThanOrEqual(error);
      expect(rightEdgeOf(edge)).toBeGreaterThanOrEqual(error);
    }),
  );
});

test("the shares of all bins are the whole, and lie where the errors do", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 300 }),
      (errors) => {
        const bins = residualHistogram(countsOf(errors));
        expect(bins.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
        expect(bins.every(({ share }) => share >= 0)).toBe(true);
      },
    ),
  );
  const errors = Array.from({ length: 2_000 }, (_, i) => ((i * 7919) % 2_000) / 1_000 - 1);
  const bins = residualHistogram(countsOf(errors), 10);
  const below = bins
    .filter(({ until }) => until <= 0.05)
    .reduce((sum, { share }) => sum + share, 0);
  expect(below).toBeGreaterThan(0.4);
  expect(below).toBeLessThan(0.56);
});

test("no errors have no bins, and equal ones a single bin", () => {
  expect(residualHistogram(new Map())).toEqual([]);
  expect(residualHistogram(new Map([[Number.POSITIVE_INFINITY, 3]]))).toEqual([]);
  expect(residualHistogram(new Map([[0, 5]]))).toEqual([{ from: 0, until: 0, share: 1 }]);
});
