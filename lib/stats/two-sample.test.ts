import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { computeCramerVonMises } from "#lib/stats/cramer-von-mises.ts";
import { computeEnergyDistance } from "#lib/stats/energy-distance.ts";
import { computeMeanChange } from "#lib/stats/mean-change.ts";
import { momentsOf, standardDeviationOf } from "#lib/stats/moments.ts";
import { histogramOf, NO_HISTOGRAM } from "#lib/stats/numeric-histogram.ts";
import { normalFrom, seededRandom } from "#lib/stats/testing/random.ts";
import { disagreement, readReference } from "#lib/stats/testing/reference.ts";
import type { TwoSample } from "#lib/stats/two-sample.ts";
import { twoSampleOf, twoSampleOfHistograms } from "#lib/stats/two-sample.ts";
import {
  computeWasserstein,
  normWasserstein,
  wassersteinInterval,
} from "#lib/stats/wasserstein.ts";

type Answers = {
  name: string;
  wasserstein: number;
  deviation: number;
  energy: number;
  cvm: number;
  cvmPValue: number;
  difference: number;
  t: number;
  degreesOfFreedom: number;
  tPValue: number;
  low: number;
  high: number;
};
const { cases } = readReference<{ cases: (Answers & { baseline: number[]; window: number[] })[] }>(
  "two-sample",
);

const walk = (two: TwoSample | null): TwoSample => {
  if (two === null) throw new Error("both sides have rows");
  return two;
};
const profileOf = (values: readonly number[], binCountMax?: number) => {
  const histogram = histogramOf(values);
  const { minimum, maximum, mean } = momentsOf(values);
  return binCountMax === undefined
    ? { ...histogram, minimum, maximum, mean }
    : { ...histogramOf(values, { resolution: 3, zeroFloor: 0 }), minimum, maximum, mean };
};
const normals = (count: number, random: () => number, shift = 0, scale = 1): number[] =>
  Array.from({ length: count }, () => shift + scale * normalFrom(random));

describe.each(cases)("from raw rows as scipy has it: $name", (expected) => {
  const { baseline, window } = expected;
  const two = walk(twoSampleOf(baseline, window));

  test("Wasserstein, plain and over the true standard deviation", () => {
    const w = computeWasserstein(two);
    expect(disagreement(w?.value ?? null, expected.wasserstein, { rtol: 1e-9 })).toBeUndefined();
    expect([w?.low, w?.high]).toEqual([w?.value, w?.value]);
    const normed = w === null ? null : normWasserstein(w, expected.deviation);
    const wanted = expected.wasserstein / expected.deviation;
    expect(disagreement(normed?.value ?? null, wanted, { rtol: 1e-9 })).toBeUndefined();
  });

  test("energy distance", () => {
    const energy = computeEnergyDistance(two);
    expect(disagreement(energy?.value ?? null, expected.energy, { rtol: 1e-9 })).toBeUndefined();
  });

  test("Cramer-von Mises and its p-value", () => {
    const cvm = computeCramerVonMises(two, "midranks");
    expect(disagreement(cvm?.statistic ?? null, expected.cvm, { rtol: 1e-9 })).toBeUndefined();
    // Without ties there is nothing to break.
    if (two.left.length === two.baselineCount + two.windowCount)
      expect(computeCramerVonMises(two)?.statistic).toBeCloseTo(cvm?.statistic ?? 0, 9);
    // scipy breaks its series off at terms of 1e-7; distributions.test.ts holds the tail to the whole series.
    const tolerance = { rtol: 1e-6, atol: 1e-9 };
    expect(disagreement(cvm?.pValue ?? null, expected.cvmPValue, tolerance)).toBeUndefined();
  });

  test("change of the mean, by Welch", () => {
    const change = computeMeanChange(momentsOf(baseline), momentsOf(window));
    // At 1e9 a mean is known to about 1e-7.
    const tolerance = { rtol: 1e-7, atol: expected.name.includes("1e9") ? 1e-6 : 0 };
    const pairs = [
      [change?.difference, expected.difference],
      [change?.statistic, expected.t],
      [change?.degreesOfFreedom, expected.degreesOfFreedom],
      [change?.pValue, expected.tPValue],
      [change?.interval.low, expected.low],
      [change?.interval.high, expected.high],
    ] as const;
    for (const [actual, wanted] of pairs)
      expect(disagreement(actual ?? null, wanted, tolerance)).toBeUndefined();
  });

  test("profiles of it give the same, within the bounds that they state", () => {
    for (const binCountMax of [undefined, 1]) {
      const [a, b] = [profileOf(baseline, binCountMax), profileOf(window, binCountMax)];
      const binned = walk(twoSampleOfHistograms(a, b));
      const w = computeWasserstein(binned, b.mean - a.mean);
      const energy = computeEnergyDistance(binned);
      const slack = 1e-12 * (expected.wasserstein + expected.energy);
      expect(w?.low).toBeLessThanOrEqual(expected.wasserstein + slack);
      expect(w?.high).toBeGreaterThanOrEqual(expected.wasserstein - slack);
      expect(energy?.low).toBeLessThanOrEqual(expected.energy + slack);
      expect(energy?.high).toBeGreaterThanOrEqual(expected.energy - slack);
      if (!binned.isExact) continue;
      expect(disagreement(w?.value ?? null, expected.wasserstein, { rtol: 1e-9 })).toBeUndefined();
      const cvm = computeCramerVonMises(binned, "midranks");
      expect(disagreement(cvm?.statistic ?? null, expected.cvm, { rtol: 1e-9 })).toBeUndefined();
    }
  });
});

const finite = fc.oneof(
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.integer({ min: -3, max: 3 }),
);
const values = fc.array(finite, { minLength: 2, maxLength: 60 });

describe("distances along the line", () => {
  test("are symmetric, at least 0, 0 for equal samples, and do not see the order of rows", () => {
    fc.assert(
      fc.property(values, values, (x, y) => {
        const [there, back] = [walk(twoSampleOf(x, y)), walk(twoSampleOf(y, [...x].reverse()))];
        const same = walk(twoSampleOf(x, [...x].reverse()));
        const w = computeWasserstein(there)?.value ?? Number.NaN;
        expect(w).toBeGreaterThanOrEqual(0);
        expect(computeWasserstein(back)?.value).toBeCloseTo(w, 6);
        expect(computeEnergyDistance(back)?.value).toBeCloseTo(
          computeEnergyDistance(there)?.value ?? Number.NaN,
          6,
        );
        expect(computeWasserstein(same)?.value).toBe(0);
        expect(computeEnergyDistance(same)?.value).toBe(0);
      }),
    );
  });

  test("a shift of all values is the Wasserstein distance, whatever their scale", () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0.5, max: 1e3, noNaN: true }), (x, by) => {
        const w = computeWasserstein(
          walk(
            twoSampleOf(
              x,
              x.map((each) => each + by),
            ),
          ),
        );
        expect(disagreement(w?.value ?? null, by, { rtol: 1e-6 })).toBeUndefined();
      }),
    );
  });

  test("the bounds of bins hold for any values inside them", () => {
    fc.assert(
      fc.property(values, values, fc.integer({ min: 0, max: 8 }), (x, y, resolution) => {
        const grid = { resolution, zeroFloor: 0.25 };
        const [a, b] = [momentsOf(x), momentsOf(y)];
        const binned = walk(
          twoSampleOfHistograms(
            { ...histogramOf(x, grid), ...a },
            { ...histogramOf(y, grid), ...b },
          ),
        );
        const exact = walk(twoSampleOf(x, y));
        const w = computeWasserstein(exact)?.value ?? Number.NaN;
        const slack = 1e-9 * (1 + w);
        for (const change of [null, b.mean - a.mean]) {
          const bound = computeWasserstein(binned, change);
          expect(bound?.low).toBeLessThanOrEqual(w + slack);
          expect(bound?.high).toBeGreaterThanOrEqual(w - slack);
          expect(bound?.value).toBeGreaterThanOrEqual((bound?.low ?? 0) - slack);
          expect(bound?.value).toBeLessThanOrEqual((bound?.high ?? 0) + slack);
        }
        const e = computeEnergyDistance(exact)?.value ?? Number.NaN;
        const energy = computeEnergyDistance(binned);
        expect(energy?.low).toBeLessThanOrEqual(e + 1e-6);
        expect(energy?.high).toBeGreaterThanOrEqual(e - 1e-6);
      }),
    );
  });
});

describe("what noise gives", () => {
  const random = seededRandom(31);
  const [n, m, runs] = [400, 250, 300];
  const noise = 1 / n + 1 / m;

  test("the expectations with no drift are those of simulated samples", () => {
    const sums = { w: 0, w0: 0, energy: 0, energy0: 0, cvm: 0, below: 0 };
    for (let run = 0; run < runs; run += 1) {
      const two = walk(twoSampleOf(normals(n, random), normals(m, random)));
      const w = computeWasserstein(two);
      const energy = computeEnergyDistance(two);
      const cvm = computeCramerVonMises(two);
      sums.w += w?.value ?? 0;
      sums.w0 += w?.nullExpectation ?? 0;
      sums.energy += (energy?.value ?? 0) ** 2;
      sums.energy0 += (energy?.nullExpectation ?? 0) ** 2;
      sums.cvm += cvm?.statistic ?? 0;
      if ((cvm?.pValue ?? 1) <= 0.05) sums.below += 1;
    }
    // Five standard errors of the simulation are about 10 %.
    expect(sums.w / runs / (1.288 * Math.sqrt(noise))).toBeCloseTo(1, 0.7);
    expect(sums.w0 / runs / (1.288 * Math.sqrt(noise))).toBeCloseTo(1, 1);
    expect(sums.energy / sums.energy0).toBeGreaterThan(0.85);
    expect(sums.energy / sums.energy0).toBeLessThan(1.15);
    expect(sums.cvm / runs).toBeGreaterThan(0.14);
    expect(sums.cvm / runs).toBeLessThan(0.195);
    expect(sums.below).toBeLessThanOrEqual(29);
  });

  test("the interval of a Wasserstein distance holds the true one about 95 times of 100", () => {
    let held = 0;
    let heldEnergy = 0;
    for (let run = 0; run < runs; run += 1) {
      const two = walk(twoSampleOf(normals(n, random), normals(m, random, 0.5)));
      const w = computeWasserstein(two);
      if (w === null) continue;
      const { low, high } = wassersteinInterval(w);
      if (low <= 0.5 && 0.5 <= high) held += 1;
      const energy = computeEnergyDistance(two)?.interval ?? { low: 1, high: 0 };
      // Of a normal shifted by half a standard deviation (closed form, four digits).
      if (energy.low <= 0.3736 && 0.3736 <= energy.high) heldEnergy += 1;
    }
    expect(held / runs).toBeGreaterThan(0.91);
    expect(heldEnergy / runs).toBeGreaterThan(0.91);
  });
});

test("Cramer-von Mises of ties is the mean over all ways to break them", () => {
  const [x, y] = [
    [1, 2, 2, 3, 3, 3],
    [2, 3, 3, 4],
  ];
  const random = seededRandom(51);
  const broken = (values: readonly number[]) => values.map((value) => value + random() / 2);
  let sum = 0;
  const runs = 20_000;
  for (let run = 0; run < runs; run += 1)
    sum += computeCramerVonMises(walk(twoSampleOf(broken(x), broken(y))))?.statistic ?? 0;
  const averaged = computeCramerVonMises(walk(twoSampleOf(x, y)))?.statistic ?? Number.NaN;
  // Twenty thousand ways: to about half a percent.
  expect(sum / runs / averaged).toBeCloseTo(1, 1.9);
});

test("10,000 rows in bins against 200 alarm as often as they should with no drift", () => {
  const random = seededRandom(52);
  const runs = 120;
  let below = 0;
  for (let run = 0; run < runs; run += 1) {
    const [a, b] = [normals(10_000, random), normals(200, random)].map((side) =>
      histogramOf(side, { resolution: 4, zeroFloor: 2 ** -6 }),
    );
    if (a === undefined || b === undefined) continue;
    const two = walk(twoSampleOfHistograms(a, b));
    if ((computeCramerVonMises(two)?.pValue ?? 0) <= 0.05) below += 1;
  }
  expect(below).toBeLessThanOrEqual(13);
});

describe("degenerate input has a defined answer", () => {
  test("an empty side cannot be walked", () => {
    expect(twoSampleOf([], [1])).toBeNull();
    expect(twoSampleOf([1], [])).toBeNull();
    expect(twoSampleOfHistograms(NO_HISTOGRAM, histogramOf([1]))).toBeNull();
  });

  test("NaN is refused, not skipped", () => {
    expect(() => twoSampleOf([1, Number.NaN], [1])).toThrow("finite");
  });

  test("one row, or constants", () => {
    const one = walk(twoSampleOf([7], [9]));
    expect(computeWasserstein(one)).toMatchObject({ value: 2, low: 2, high: 2 });
    expect(computeCramerVonMises(one)).toBeNull();
    const same = walk(twoSampleOf([7, 7, 7], [7, 7]));
    expect(computeWasserstein(same)).toMatchObject({ value: 0, nullExpectation: 0 });
    expect(computeCramerVonMises(same)?.pValue).toBe(1);
    const distance = computeWasserstein(same);
    expect(distance === null ? 0 : normWasserstein(distance, 0)).toBeNull();
  });

  test("what overflows a double is null, never infinite", () => {
    const ends = walk(twoSampleOf([-1.7e308, 1.7e308], [1.7e308, 1.7e308]));
    expect(computeWasserstein(ends)).toBeNull();
    expect(computeEnergyDistance(ends)).toBeNull();
    expect(standardDeviationOf(momentsOf([-1.7e308, 1.7e308]))).toBeNull();
  });

  test("means of constants: certain that they are equal, or that they are not", () => {
    const of = (value: number) => ({ count: 5, mean: value, m2: 0 });
    expect(computeMeanChange(of(1), of(1))).toMatchObject({ difference: 0, pValue: 1 });
    expect(computeMeanChange(of(1), of(2))).toMatchObject({ difference: 1, pValue: 0 });
    expect(computeMeanChange({ count: 1, mean: 1, m2: 0 }, of(2))).toBeNull();
    expect(computeMeanChange({ ...of(1), m2: Number.POSITIVE_INFINITY }, of(2))).toBeNull();
  });
});
