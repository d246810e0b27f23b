import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { computeShareChange } from "#lib/stats/quality/share-change.ts";
import { shareInterval } from "#lib/stats/share-interval.ts";
import { disagreement, readReference } from "#lib/stats/testing/reference.ts";

type Pair = [number, number];
const reference = readReference<{
  wilson: { count: number; total: number; lower: number; upper: number }[];
  newcombe: { window: Pair; baseline: Pair; lower: number; upper: number }[];
  z: { window: Pair; baseline: Pair; pValue: number }[];
}>("rate-change");

const side = ([count, total]: Pair) => ({ count, total });

describe("the change of a share", () => {
  test.each(reference.wilson)("Wilson's interval of $count of $total is scipy's", (expected) => {
    const actual = shareInterval(expected);
    for (const end of ["lower", "upper"] as const)
      expect(disagreement(actual?.[end] ?? null, expected[end], { atol: 1e-12 })).toBeUndefined();
  });

  test.each(reference.newcombe)("Newcombe's printed interval of $window and $baseline", (one) => {
    const actual = computeShareChange(side(one.baseline), side(one.window));
    // Four digits are printed.
    for (const end of ["lower", "upper"] as const)
      expect(disagreement(actual?.[end] ?? null, one[end], { atol: 0.00005 })).toBeUndefined();
  });

  test.each(reference.z)("p is that of the pooled z: $window against $baseline", (one) => {
    const actual = computeShareChange(side(one.baseline), side(one.window));
    expect(disagreement(actual?.pValue ?? null, one.pValue, { rtol: 1e-8 })).toBeUndefined();
  });

  test("a side without rows has no change", () => {
    expect(computeShareChange({ count: 0, total: 0 }, { count: 1, total: 5 })).toBeNull();
    expect(shareInterval({ count: 0, total: 0 })).toBeNull();
  });

  test("the same share of 0 on both sides is no difference, within an interval around it", () => {
    const change = computeShareChange({ count: 0, total: 500 }, { count: 0, total: 100 });
    expect(change).toMatchObject({ difference: 0, pValue: 1 });
    expect(change?.lower).toBeLessThan(0);
    expect(change?.upper).toBeGreaterThan(0);
  });

  const proportion = fc
    .integer({ min: 1, max: 5_000 })
    .chain((total) =>
      fc.record({ count: fc.integer({ min: 0, max: total }), total: fc.constant(total) }),
    );

  test("swapping the sides turns the interval round; it holds the difference and stays in range", () => {
    fc.assert(
      fc.property(proportion, proportion, (a, b) => {
        const there = computeShareChange(a, b);
        const back = computeShareChange(b, a);
        if (there === null || back === null) throw new Error("both sides have rows");
        expect(there.lower).toBeCloseTo(-back.upper, 12);
        expect(there.pValue).toBeCloseTo(back.pValue, 9);
        expect(there.lower).toBeLessThanOrEqual(there.difference);
        expect(there.upper).toBeGreaterThanOrEqual(there.difference);
        expect(there.lower).toBeGreaterThanOrEqual(-1 - 1e-12);
        expect(there.upper).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });
});
