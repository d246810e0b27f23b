import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Cells } from "#lib/stats/cells.ts";
import { computeHellingerEffect } from "#lib/stats/hellinger.ts";
import {
  computeJsDistanceBit,
  computeJsDistanceNat,
  computeJsDivergenceBit,
} from "#lib/stats/jensen-shannon.ts";
import { computePsi } from "#lib/stats/psi.ts";
import { disagreement, readReference } from "#lib/stats/testing/reference.ts";

type Case = Cells & { name: string };
const psiCases = readReference<{ cases: (Case & { smoothing: string; value: number })[] }>(
  "psi",
).cases;
const jsCases = readReference<{ cases: (Case & { distanceNat: number; distanceBit: number })[] }>(
  "jensen-shannon",
).cases;
const hellingerCases = readReference<{ cases: (Case & { distance: number })[] }>("hellinger").cases;

const counts = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 6, maxLength: 6 });
const cells: fc.Arbitrary<Cells> = fc
  .record({ baseline: counts, window: counts })
  .filter(({ baseline, window }) => baseline.some((x) => x > 0) && window.some((x) => x > 0));
const flip = ({ baseline, window }: Cells): Cells => ({ baseline: window, window: baseline });

describe("PSI", () => {
  test.each(psiCases)("agrees with scipy to 1e-9: $name", ({ smoothing, value, ...sides }) => {
    const psi = computePsi(sides);
    expect(disagreement(psi?.value ?? null, value, { rtol: 1e-9, atol: 1e-12 })).toBeUndefined();
    expect(psi?.smoothing).toBe(smoothing);
  });

  test("is symmetric, finite, at least 0, and 0 for equal counts", () => {
    fc.assert(
      fc.property(cells, (sides) => {
        const psi = computePsi(sides)?.value ?? Number.NaN;
        expect(psi).toBeGreaterThanOrEqual(0);
        expect(Number.isFinite(psi)).toBe(true);
        expect(computePsi(flip(sides))?.value).toBeCloseTo(psi, 10);
        expect(computePsi({ baseline: sides.window, window: sides.window })?.value).toBe(0);
      }),
    );
  });

  test("its expectation counts only occupied cells", () => {
    const psi = computePsi({ baseline: [500, 500, 0], window: [100, 100, 0] });
    expect(psi).toMatchObject({
      value: 0,
      nullExpectation: 0.006,
      cellCount: 2,
      smoothing: "none",
    });
  });

  test("an empty side has no PSI", () => {
    expect(computePsi({ baseline: [0, 0], window: [1, 2] })).toBeNull();
    expect(computePsi({ baseline: [1, 2], window: [0, 0] })).toBeNull();
    expect(computePsi({ baseline: [], window: [] })).toBeNull();
  });
});

describe("Jensen-Shannon", () => {
  test.each(jsCases)(
    "agrees with scipy to 1e-9: $name",
    ({ distanceNat, distanceBit, ...sides }) => {
      // A leftover mass of 1e-16 is already a distance of 1e-8, so zero is compared at 1e-7.
      const tolerance = { rtol: 1e-9, atol: distanceNat < 1e-7 ? 1e-7 : 0 };
      expect(disagreement(computeJsDistanceNat(sides), distanceNat, tolerance)).toBeUndefined();
      expect(disagreement(computeJsDistanceBit(sides), distanceBit, tolerance)).toBeUndefined();
    },
  );

  test("is symmetric, within 0 and 1 bit, and 0 for equal counts", () => {
    fc.assert(
      fc.property(cells, (sides) => {
        const bits = computeJsDivergenceBit(sides) ?? Number.NaN;
        expect(bits).toBeGreaterThanOrEqual(0);
        expect(bits).toBeLessThanOrEqual(1);
        expect(computeJsDivergenceBit(flip(sides))).toBeCloseTo(bits, 12);
        expect(computeJsDistanceBit({ baseline: sides.window, window: sides.window })).toBe(0);
      }),
    );
  });

  test("an empty side has no distance", () => {
    expect(computeJsDistanceBit({ baseline: [0], window: [1] })).toBeNull();
  });
});

describe("Hellinger", () => {
  test.each(hellingerCases)("agrees with numpy: $name", ({ distance, ...sides }) => {
    // A leftover of 1e-16 in the square is 1e-8 in the distance.
    const tolerance = { rtol: 1e-9, atol: distance < 1e-7 ? 1e-7 : 0 };
    expect(
      disagreement(computeHellingerEffect(sides)?.distance ?? null, distance, tolerance),
    ).toBeUndefined();
  });

  test("its lower bound never exceeds the corrected distance, nor that the distance", () => {
    fc.assert(
      fc.property(cells, (sides) => {
        const effect = computeHellingerEffect(sides);
        expect(effect?.lowerBound).toBeLessThanOrEqual(effect?.correctedDistance ?? Number.NaN);
        expect(effect?.correctedDistance).toBeLessThanOrEqual(effect?.distance ?? Number.NaN);
      }),
    );
  });
});
