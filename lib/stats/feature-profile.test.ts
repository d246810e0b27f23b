import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mergeCategoricalProfiles } from "#lib/stats/categorical-profile.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import {
  featureProfileOf,
  fromStoredProfile,
  mergeFeatureProfiles,
  NO_PROFILE,
} from "#lib/stats/feature-profile.ts";
import { binOf, leftEdgeOfBin } from "#lib/stats/float-grid.ts";
import { mergeMoments, momentsOf, standardDeviationOf } from "#lib/stats/moments.ts";
import type { NumericHistogram } from "#lib/stats/numeric-histogram.ts";
import {
  coarsenHistogram,
  histogramOf,
  mergeHistograms,
  totalCountOf,
} from "#lib/stats/numeric-histogram.ts";
import { mergeNumericProfiles, numericProfileOf } from "#lib/stats/numeric-profile.ts";
import type { FeatureValue } from "#lib/stats/profile-counts.ts";

type MomentVectors = { cases: { name: string; values: number[]; mean: number; m2: number }[] };
const momentVectors = JSON.parse(
  readFileSync(new URL("./reference/moments.json", import.meta.url), "utf8"),
) as MomentVectors;

const value: fc.Arbitrary<FeatureValue> = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
  { weight: 3, arbitrary: fc.integer({ min: -5, max: 5 }) },
  fc.constantFrom(Number.NaN, Infinity, -Infinity, null, undefined, true, false, "a", "b", "00728"),
);
const values = fc.array(value, { maxLength: 60 });

const scaleOf = (profile: FeatureProfile) =>
  Math.max(1, Math.abs(profile.minimum ?? 0), Math.abs(profile.maximum ?? 0));

const expectSame = (actual: FeatureProfile, expected: FeatureProfile) => {
  const { mean, m2, ...rest } = actual;
  const { mean: meanExpected, m2: m2Expected, ...restExpected } = expected;
  expect(rest).toEqual(restExpected);
  // Rounding differs with the order of addition: a few ulps of the largest value, squared for M2.
  const scale = scaleOf(expected);
  expect(Math.abs(mean - meanExpected)).toBeLessThanOrEqual(1e-12 * scale);
  expect(Math.abs(m2 - m2Expected)).toBeLessThanOrEqual(1e-12 * scale * scale * 60);
};

describe("feature profiles", () => {
  test("a merge of parts is the profile of all their rows", () => {
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        const parts = [a, b, c].map((part) => featureProfileOf(part));
        expectSame(mergeFeatureProfiles(parts), featureProfileOf([...a, ...b, ...c]));
      }),
    );
  });

  test("a merge does not depend on the order or the grouping of its parts", () => {
    fc.assert(
      fc.property(values, values, values, (a, b, c) => {
        const [x, y, z] = [featureProfileOf(a), featureProfileOf(b), featureProfileOf(c)];
        const all = mergeFeatureProfiles([x, y, z]);
        expectSame(mergeFeatureProfiles([z, x, y]), all);
        expectSame(mergeFeatureProfiles([mergeFeatureProfiles([x, y]), z]), all);
        expectSame(mergeFeatureProfiles([x, mergeFeatureProfiles([y, z])]), all);
      }),
    );
  });

  test("the empty profile changes nothing, whatever grid it carries", () => {
    const profile = featureProfileOf([1, 2, 2, null, "x"]);
    const emptyOnACoarseGrid = { ...NO_PROFILE, resolution: 0, rowCount: 3, nullCount: 3 };
    expectSame(mergeFeatureProfiles([NO_PROFILE, profile]), profile);
    const merged = mergeFeatureProfiles([profile, emptyOnACoarseGrid]);
    expect(merged).toEqual({ ...profile, rowCount: 8, nullCount: 4 });
    expect(mergeFeatureProfiles([])).toEqual(NO_PROFILE);
  });

  test("every row is counted as exactly one kind", () => {
    const profile = featureProfileOf([
      1,
      Number.NaN,
      Infinity,
      -Infinity,
      null,
      undefined,
      "1",
      true,
    ]);
    expect(profile).toMatchObject({
      rowCount: 8,
      numericCount: 1,
      nanCount: 1,
      positiveInfinityCount: 1,
      negativeInfinityCount: 1,
      nullCount: 1,
      absentCount: 1,
      stringCount: 1,
      booleanCount: 1,
    });
    expect(profile.valueNames).toEqual(["1", "true"]);
    expect(profile.edges).toEqual([1]);
  });

  test("all missing has no minimum, no maximum and no bins", () => {
    expect(featureProfileOf([null, undefined, Number.NaN])).toMatchObject({
      minimum: null,
      maximum: null,
      edges: [],
      m2: 0,
    });
  });

  test("a stored row without numbers has no minimum and no maximum, one with numbers keeps them", () => {
    const { edges, minimum, maximum, ...rest } = featureProfileOf([1, 3, null]);
    const stored = { ...rest, bins: edges, minimum: minimum ?? 0, maximum: maximum ?? 0 };
    expect(fromStoredProfile(stored)).toEqual(featureProfileOf([1, 3, null]));
    const { edges: none, ...empty } = NO_PROFILE;
    expect(fromStoredProfile({ ...empty, bins: none, minimum: 0, maximum: 0 })).toEqual(NO_PROFILE);
  });

  test("survives JSON unchanged", () => {
    const profile = featureProfileOf([-1.5, 1e-310, 1e150, 0.1, "ü"]);
    expect(JSON.parse(JSON.stringify(profile))).toEqual(profile);
  });
});

describe("moments", () => {
  test.each(momentVectors.cases)("agree with exact fractions to 1e-9: $name", (vector) => {
    const moments = momentsOf(vector.values);
    expect(Math.abs(moments.mean - vector.mean)).toBeLessThanOrEqual(1e-9 * Math.abs(vector.mean));
    expect(Math.abs(moments.m2 - vector.m2)).toBeLessThanOrEqual(1e-9 * vector.m2);
  });

  test.each(momentVectors.cases)("merged, agree as far as stored means allow: $name", (vector) => {
    const split = Math.floor(vector.values.length / 3);
    const first = momentsOf(vector.values.slice(0, split));
    const second = momentsOf(vector.values.slice(split));
    const merged = mergeMoments([first, second]);
    expect(Math.abs(merged.mean - vector.mean)).toBeLessThanOrEqual(
      1e-9 * Math.abs(vector.mean) + 1e-14,
    );
    // Each stored mean is rounded by up to half an ulp, and M2 takes in the square of their difference.
    const ulp = Number.EPSILON * Math.abs(vector.mean);
    const delta = Math.abs(second.mean - first.mean);
    const weight = (first.count * second.count) / merged.count;
    const rounding = (2 * delta * ulp + ulp * ulp) * weight;
    expect(Math.abs(merged.m2 - vector.m2)).toBeLessThanOrEqual(1e-9 * vector.m2 + rounding);
  });

  test("at an offset of 1e9 and a spread of 25, merged hourly parts are right to 1e-9", () => {
    const values = momentVectors.cases.find(({ name }) => name.includes("30 days"));
    if (values === undefined) throw new Error("the reference lacks the case");
    const hours = Array.from({ length: 720 }, (_, hour) =>
      momentsOf(values.values.slice(hour * 3, hour * 3 + 3)),
    );
    const merged = mergeMoments(hours);
    expect(Math.abs(merged.m2 - values.m2)).toBeLessThanOrEqual(1e-9 * values.m2);
  });

  test("a standard deviation without values is unknown, of one value it is 0", () => {
    expect(standardDeviationOf({ count: 0, m2: 0 })).toBeNull();
    expect(standardDeviationOf(momentsOf([-1e200, 1e200]))).toBeNull();
    expect(standardDeviationOf(momentsOf([5]))).toBe(0);
  });
});

describe("histograms", () => {
  const wave = (count: number, offset: number) =>
    Array.from({ length: count }, (_, i) => ((i * 7919 + offset) % 100_003) / 64 - 700);

  const numbered = ({ edges, counts, resolution, zeroFloor }: NumericHistogram) => {
    const grid = { resolution, zeroFloor: 0 };
    const numbers = edges.map((edge) => Number(binOf(edge, grid) - binOf(0, grid)));
    return {
      resolution,
      zeroFloor,
      numbers: Int32Array.from(numbers),
      counts: Float64Array.from(counts),
    };
  };

  test("stay within the cap when merged, and lose no count", () => {
    const parts = [0, 1, 2, 3, 4, 5].map((offset) => histogramOf(wave(1000, offset)));
    const merged = mergeHistograms(parts, 1024);
    expect(merged.edges.length).toBeLessThanOrEqual(1024);
    expect(merged.edges.length).toBeGreaterThan(256);
    expect(totalCountOf(merged)).toBe(6000);
    const regrouped = mergeHistograms(
      [mergeHistograms(parts.slice(0, 2), 1024), ...parts.slice(2)],
      1024,
    );
    expect(regrouped).toEqual(merged);
  });

  test("take the coarser resolution and the larger zero floor of their parts", () => {
    const fine = histogramOf([-0.01, 0.3, 0.30000001], { resolution: 30, zeroFloor: 0 });
    const coarse = histogramOf([0.3, 5], { resolution: 6, zeroFloor: 2 ** -5 });
    const merged = mergeHistograms([fine, coarse]);
    expect(merged).toMatchObject({ resolution: 6, zeroFloor: 2 ** -5, counts: [1, 3, 1] });
    expect(merged.edges[0]).toBe(0);
  });

  test("of parts on any grids are what their bins are on the coarsest of them, bin number by bin number", () => {
    const part = fc.record({
      values: fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { maxLength: 40 }),
      resolution: fc.constantFrom(0, 3, 5, 20, 21, 52),
      zeroFloor: fc.constantFrom(0, 2 ** -8, 2 ** -3),
      isNumbered: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 30 }), (all) => {
        const own = all.filter(({ values: held }) => held.length > 0);
        const grid = {
          resolution: Math.min(52, ...own.map(({ resolution }) => resolution)),
          zeroFloor: Math.max(0, ...own.map(({ zeroFloor }) => zeroFloor)),
        };
        const counts = new Map<bigint, number>();
        for (const x of own.flatMap(({ values: held }) => held))
          counts.set(binOf(x, grid), (counts.get(binOf(x, grid)) ?? 0) + 1);
        const expected = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
        const merged = mergeHistograms(
          all.map(({ values: held, isNumbered, ...on }) =>
            isNumbered && on.resolution <= 20
              ? numbered(histogramOf(held, on))
              : histogramOf(held, on),
          ),
        );
        expect(merged).toMatchObject(grid);
        expect(merged.edges).toEqual(
          expected.map(([bin]) => leftEdgeOfBin(bin, grid.resolution) + 0),
        );
        expect(merged.counts).toEqual(expected.map(([, count]) => count));
      }),
    );
  });

  test("are the same whether their bins are neighbours or far apart, and in which order they come", () => {
    const partOf = (step: number, from: number) => {
      const numbers = Int32Array.from({ length: 900 }, (_, i) => from + i * step);
      const counts = Float64Array.from(numbers, (n) => 1 + (n & 7));
      return { resolution: 20, zeroFloor: 0, numbers, counts };
    };
    const parts = [partOf(1, 1_000), partOf(1, 1_450), partOf(997, -400_000), partOf(1, -50)];
    const expected = new Map<number, number>();
    for (const { numbers, counts } of parts)
      for (const [i, n] of numbers.entries())
        expected.set(n, (expected.get(n) ?? 0) + (counts[i] ?? 0));
    const zero = binOf(0, { resolution: 20, zeroFloor: 0 });
    const sorted = [...expected].sort(([a], [b]) => a - b);
    for (const order of [parts, parts.toReversed(), [...parts.slice(2), ...parts.slice(0, 2)]]) {
      const merged = mergeHistograms(order);
      expect(merged.counts).toEqual(sorted.map(([, count]) => count));
      expect(merged.edges).toEqual(sorted.map(([n]) => leftEdgeOfBin(zero + BigInt(n), 20)));
    }
  });

  test("do not depend on the order of their parts even where caps bind and zero floors differ", () => {
    const parts = Array.from({ length: 24 }, (_, i) => {
      const zeroFloor = i % 5 === 0 ? 2 ** -4 : 0;
      return histogramOf(
        wave(1_000, i * 1_009).map((x) => x + i / 4_096),
        { resolution: 52, zeroFloor },
      );
    });
    const merged = mergeHistograms(parts);
    expect(totalCountOf(merged)).toBe(24_000);
    expect(merged.edges.length).toBeLessThanOrEqual(4_096);
    expect(mergeHistograms(parts.toReversed())).toEqual(merged);
    expect(mergeHistograms([...parts.slice(7), ...parts.slice(0, 7)])).toEqual(merged);
  });

  test("are never refined", () => {
    const histogram = histogramOf([1], { resolution: 5, zeroFloor: 0 });
    expect(() => coarsenHistogram(histogram, { resolution: 6, zeroFloor: 0 })).toThrow(RangeError);
  });

  test("a numeric profile merges moments and bins alike", () => {
    const merged = mergeNumericProfiles([numericProfileOf([1, 2]), numericProfileOf([2, 9])]);
    expect(merged.histogram).toEqual(numericProfileOf([1, 2, 2, 9]).histogram);
    expect(merged.moments).toMatchObject({ count: 4, mean: 3.5, m2: 41 });
  });
});

describe("value counts", () => {
  test("beyond the cap the rarer values become a tail, and the profile says so", () => {
    const parts = [featureProfileOf(["a", "a", "b"]), featureProfileOf(["c", "c", "a", "d"])];
    expect(mergeCategoricalProfiles(parts, 2)).toEqual({
      valueNames: ["a", "c"],
      valueCounts: [3, 2],
      otherCount: 2,
      distinctCount: 4,
    });
  });

  test("a name like a property of Object is a name", () => {
    expect(featureProfileOf(["__proto__", "constructor"]).valueNames).toEqual([
      "__proto__",
      "constructor",
    ]);
  });
});
