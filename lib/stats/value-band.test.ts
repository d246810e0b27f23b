import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normalQuantile } from "#lib/stats/normal-distribution.ts";
import { disagreement, readReference } from "#lib/stats/testing/reference.ts";
import type { ValuePoint } from "#lib/stats/value-band.ts";
import { valueBandOf } from "#lib/stats/value-band.ts";

const reference = readReference<{
  quantiles: { share: number; z: number }[];
  bands: {
    name: string;
    seasonClass: number;
    coverage: number;
    expected: number;
    scale: number;
    lower: number;
    upper: number;
    points: ValuePoint[];
  }[];
}>("value-band");

test("the normal quantile agrees with scipy", () => {
  // What is left of a share near 1 has the rounding of 1.
  for (const { share, z } of reference.quantiles)
    expect([share, disagreement(normalQuantile(share), z, { rtol: 1e-8, atol: 1e-12 })]).toEqual([
      share,
      undefined,
    ]);
  expect([normalQuantile(0), normalQuantile(1), normalQuantile(2)]).toEqual([
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
    Number.NaN,
  ]);
});

describe("the band", () => {
  test.each(reference.bands)("$name: agrees with numpy and scipy", (given) => {
    const band = valueBandOf(given.points, given.seasonClass, { coverage: given.coverage });
    if (band.kind !== "band") throw new Error("no band");
    for (const key of ["expected", "scale", "lower", "upper"] as const)
      expect([key, disagreement(band[key], given[key], { rtol: 1e-10, atol: 1e-12 })]).toEqual([
        key,
        undefined,
      ]);
  });

  test("says how many points it lacks, of all and of its own class", () => {
    const points = (count: number, seasonClass: number) =>
      Array.from({ length: count }, (_, i) => ({ seasonClass, value: i }));
    expect(valueBandOf(points(29, 0), 0)).toEqual({ kind: "cannot_say", have: 29, needed: 30 });
    expect(valueBandOf([...points(40, 0), ...points(3, 1)], 1)).toEqual({
      kind: "cannot_say",
      have: 3,
      needed: 4,
    });
    expect(valueBandOf([], 0)).toEqual({ kind: "cannot_say", have: 0, needed: 30 });
  });

  test("what is not finite is no point", () => {
    const points = Array.from({ length: 30 }, () => ({ seasonClass: 0, value: 1 }));
    const odd = [Number.NaN, Number.POSITIVE_INFINITY].map((value) => ({ seasonClass: 0, value }));
    expect(valueBandOf([...points, ...odd], 0)).toEqual(valueBandOf(points, 0));
  });

  test("holds its expectation, is the same in any order, and moves and stretches with its values", () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
      minLength: 30,
      maxLength: 60,
    });
    fc.assert(
      fc.property(values, (given) => {
        const points = given.map((value, i) => ({ seasonClass: i % 3, value }));
        const band = valueBandOf(points, 0);
        expect(valueBandOf(points.toReversed(), 0)).toEqual(band);
        const moved = valueBandOf(
          points.map((point) => ({ ...point, value: 2 * point.value + 3 })),
          0,
        );
        if (band.kind !== "band" || moved.kind !== "band") throw new Error("no band");
        expect(band.lower).toBeLessThanOrEqual(band.expected);
        expect(band.upper).toBeGreaterThanOrEqual(band.expected);
        expect(moved.expected).toBeCloseTo(2 * band.expected + 3, 4);
        expect(moved.scale).toBeCloseTo(2 * band.scale, 4);
      }),
    );
  });
});
