import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Cells } from "#lib/stats/cells.ts";
import { computeCramersV } from "#lib/stats/cramers-v.ts";
import { computeG } from "#lib/stats/g-test.ts";
import { computeHellingerEffect } from "#lib/stats/hellinger.ts";
import type { Interval } from "#lib/stats/interval.ts";
import { jsDistanceBitInterval } from "#lib/stats/jensen-shannon.ts";
import { computeKl } from "#lib/stats/kullback-leibler.ts";
import { computeLInfinity } from "#lib/stats/l-infinity.ts";
import { computePsi } from "#lib/stats/psi.ts";
import { seededRandom } from "#lib/stats/testing/random.ts";
import { disagreement, readReference } from "#lib/stats/testing/reference.ts";
import { computeTotalVariation } from "#lib/stats/total-variation.ts";

type Case = Cells & {
  name: string;
  kl: number;
  totalVariation: number;
  lInfinity: number;
  cell: number;
  g?: number;
  gPValue?: number;
  cramersV?: number;
  cramersVCorrected?: number;
};
const { cases } = readReference<{ cases: Case[] }>("cells");
const tolerance = { rtol: 1e-9, atol: 1e-12 };

test.each(cases)("statistics of cells are those of scipy and numpy: $name", (expected) => {
  const largest = computeLInfinity(expected);
  const pairs = [
    [computeKl(expected)?.value, expected.kl],
    [computeTotalVariation(expected)?.value, expected.totalVariation],
    [largest?.value, expected.lInfinity],
    [computeG(expected)?.statistic, expected.g],
    [computeCramersV(expected)?.value, expected.cramersV],
    [computeCramersV(expected)?.corrected, expected.cramersVCorrected],
  ] as const;
  for (const [actual, wanted] of pairs) {
    if (wanted === undefined) expect(actual).toBe(0);
    else expect(disagreement(actual ?? null, wanted, tolerance)).toBeUndefined();
  }
  expect(largest?.cell).toBe(expected.cell);
  if (expected.gPValue === undefined) return;
  const p = computeG(expected)?.pValue ?? null;
  expect(disagreement(p, expected.gPValue, { rtol: 1e-9, atol: 1e-15 })).toBeUndefined();
});

const counts = fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 5, maxLength: 5 });
const cells: fc.Arbitrary<Cells> = fc
  .record({ baseline: counts, window: counts })
  .filter(({ baseline, window }) => baseline.some((x) => x > 0) && window.some((x) => x > 0));

const everyInterval = (sides: Cells): (Interval | undefined)[] => [
  computePsi(sides)?.interval,
  computeKl(sides)?.interval,
  jsDistanceBitInterval(sides) ?? undefined,
  computeTotalVariation(sides)?.interval,
  computeLInfinity(sides)?.interval,
  computeCramersV(sides)?.interval,
];

test("values are in range, and intervals finite and in order", () => {
  fc.assert(
    fc.property(cells, (sides) => {
      const shares = [
        computeTotalVariation(sides)?.value,
        computeLInfinity(sides)?.value,
        computeCramersV(sides)?.value,
        computeCramersV(sides)?.corrected,
      ];
      for (const share of shares) {
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
      }
      expect(computeKl(sides)?.value).toBeGreaterThanOrEqual(0);
      for (const interval of everyInterval(sides)) {
        expect(interval?.low).toBeGreaterThanOrEqual(0);
        expect(interval?.high).toBeGreaterThanOrEqual(interval?.low ?? 0);
        expect(Number.isFinite(interval?.high)).toBe(true);
      }
    }),
  );
});

/** How often the interval of each statistic held the true value; its mean with no drift over its expectation. */
function simulate(p: readonly number[], q: readonly number[], [n, m]: [number, number]) {
  const random = seededRandom(41);
  const draw = (shares: readonly number[], rows: number): number[] => {
    const drawn = new Array<number>(shares.length).fill(0);
    for (let row = 0; row < rows; row += 1) {
      let [left, i] = [random(), 0];
      while (i < shares.length - 1 && left >= (shares[i] ?? 0)) {
        left -= shares[i] ?? 0;
        i += 1;
      }
      drawn[i] = (drawn[i] ?? 0) + 1;
    }
    return drawn;
  };
  const scaled = (shares: readonly number[]) => shares.map((share) => share * 1e12);
  const truth = { baseline: scaled(p), window: scaled(q) };
  const hellinger = (sides: Cells) => computeHellingerEffect(sides);
  const statistics: Record<
    string,
    (sides: Cells) => { value: number; interval: Interval; null: number }
  > = {
    psi: (sides) => pick(computePsi(sides)),
    kl: (sides) => pick(computeKl(sides)),
    totalVariation: (sides) => pick(computeTotalVariation(sides)),
    cramersV: (sides) => pick(computeCramersV(sides)),
    hellinger: (sides) => {
      const effect = hellinger(sides);
      if (effect === null) throw new Error("both sides have rows");
      return {
        value: effect.distance,
        interval: { low: effect.lowerBound, high: effect.upperBound },
        null: effect.nullExpectation,
      };
    },
  };
  const runs = 400;
  const held: Record<string, number> = {};
  const ratio: Record<string, number> = {};
  for (let run = 0; run < runs; run += 1) {
    const sides = { baseline: draw(p, n), window: draw(q, m) };
    for (const [name, statistic] of Object.entries(statistics)) {
      const { interval, value, null: expectation } = statistic(sides);
      // Cramer's V depends on the sizes: its truth is that of the shares at these sizes.
      const rows = { baseline: p.map((x) => x * n), window: q.map((x) => x * m) };
      const target = statistic(name === "cramersV" ? rows : truth).value;
      if (interval.low <= target + 1e-9 && target <= interval.high + 1e-9)
        held[name] = (held[name] ?? 0) + 1 / runs;
      ratio[name] = (ratio[name] ?? 0) + value / expectation / runs;
    }
  }
  return { held, ratio };
}

const pick = (
  one: { value: number; interval: Interval; nullExpectation: number } | null,
): { value: number; interval: Interval; null: number } => {
  if (one === null) throw new Error("both sides have rows");
  return { value: one.value, interval: one.interval, null: one.nullExpectation };
};

describe("simulated", () => {
  const even = [0.2, 0.2, 0.2, 0.2, 0.2];
  const tilted = [0.12, 0.16, 0.2, 0.24, 0.28];

  test("intervals hold the true value about 95 times of 100 under drift", () => {
    const { held } = simulate(even, tilted, [1500, 900]);
    for (const share of Object.values(held)) expect(share).toBeGreaterThan(0.91);
  });

  test("intervals hold 0 with no drift, and the expectation is the mean", () => {
    const { held, ratio } = simulate(even, even, [1500, 900]);
    for (const share of Object.values(held)) expect(share).toBeGreaterThan(0.93);
    for (const name of ["psi", "kl", "totalVariation"]) {
      expect(ratio[name]).toBeGreaterThan(0.9);
      expect(ratio[name]).toBeLessThan(1.1);
    }
    // The root of an expectation lies above the expectation of a root.
    for (const name of ["hellinger", "cramersV"]) {
      expect(ratio[name]).toBeGreaterThan(0.85);
      expect(ratio[name]).toBeLessThan(1.02);
    }
  });
});

test("degenerate cells: an empty side has no answer, one cell no distance", () => {
  const all = [computeKl, computeTotalVariation, computeLInfinity, computeG, computeCramersV];
  for (const compute of all) {
    expect(compute({ baseline: [0, 0], window: [1, 2] })).toBeNull();
    expect(compute({ baseline: [1, 2], window: [0, 0] })).toBeNull();
  }
  const one = { baseline: [5], window: [9] };
  expect(computeG(one)).toEqual({ statistic: 0, degreesOfFreedom: 0, pValue: 1 });
  for (const compute of [computeKl, computeTotalVariation, computeLInfinity, computeCramersV])
    expect(compute(one)?.value).toBe(0);
});
