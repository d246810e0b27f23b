import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { featureProfileOf, mergeFeatureProfiles, NO_PROFILE } from "#lib/stats/feature-profile.ts";
import type { FeatureValue } from "#lib/stats/profile-counts.ts";
import { WholeProfileSum } from "#lib/stats/whole-profile.ts";

const namesMax = 10_000;

function wholeOf(parts: readonly (readonly FeatureValue[])[]) {
  const sum = new WholeProfileSum();
  for (const part of parts) sum.add(featureProfileOf(part));
  return sum.result(namesMax);
}

const withoutMoments = ({ mean: _mean, m2: _m2, ...rest }: ReturnType<typeof featureProfileOf>) =>
  rest;

/** Whether the parts say what the whole is; what they say must be so. */
function holdsExactly(parts: readonly (readonly FeatureValue[])[]): boolean {
  const { profile, isExact } = wholeOf(parts);
  const expected = featureProfileOf(parts.flat());
  if (isExact) {
    expect(withoutMoments(profile)).toEqual(withoutMoments(expected));
    const scale = Math.max(Math.abs(expected.minimum ?? 0), Math.abs(expected.maximum ?? 0));
    expect(Math.abs(profile.mean - expected.mean)).toBeLessThanOrEqual(1e-12 * scale);
    expect(Math.abs(profile.m2 - expected.m2)).toBeLessThanOrEqual(
      1e-9 * expected.m2 + 1e-22 * scale * scale * expected.numericCount,
    );
  } else {
    const merged = mergeFeatureProfiles(parts.map(featureProfileOf), { binCountMax: 1_024 });
    expect(withoutMoments(profile)).toEqual(withoutMoments(merged));
  }
  return isExact;
}

const listOf = <T>(count: number, valueAt: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => valueAt(i));

describe("the parts say what the whole is", () => {
  test.each<[string, number, (i: number) => FeatureValue]>([
    ["a normal around zero", 24_000, normal],
    ["a normal around zero, of which parts are exact", 4_000, normal],
    ["a normal far from zero", 24_000, (i) => 1e9 + 25 * normal(i)],
    ["a log-normal", 24_000, (i) => Math.exp(2 * normal(i))],
    ["a log-normal below zero", 24_000, (i) => -Math.exp(2 * normal(i))],
    ["integers to 3,000", 24_000, (i) => (i * 7_919) % 3_000],
    ["integers around zero", 24_000, (i) => ((i * 7_919) % 3_000) - 1_500],
    ["1,024 distinct values of both signs", 24_000, (i) => ((i % 1_024) - 500) / 7],
    ["1,025 distinct values of both signs", 24_000, (i) => ((i % 1_025) - 500) / 7],
    ["more distinct values than are held", 24_000, (i) => i / 7],
    ["every magnitude", 24_000, (i) => 10 ** (((i * 7_919) % 280) - 140)],
    ["anything", 6_000, (i) => [i, "a", null, true, undefined, Number.NaN, -0][i % 7]],
    ["names", 6_000, (i) => `c${(i * i) % 2_003}`],
    ["one value", 1_200, () => 0.1],
  ])("of %s", (_name, count, valueAt) => {
    const parts = listOf(12, (part) => listOf(count / 12, (i) => valueAt(12 * i + part)));
    expect(holdsExactly(parts)).toBe(true);
  });

  test("of parts of one sign each", () => {
    const values = listOf(3_000, (i) => Math.exp(normal(i)));
    expect(holdsExactly([values, values.map((x) => -x)])).toBe(true);
  });

  test("of no parts, and of parts without rows", () => {
    expect(wholeOf([])).toEqual({ profile: NO_PROFILE, isExact: true });
    expect(wholeOf([[], [], []])).toEqual({ profile: NO_PROFILE, isExact: true });
  });
});

describe("the parts don't say what the whole is, and it is as coarse as they are", () => {
  test("where one of them has a larger zero floor", () => {
    const parts = [listOf(2_000, (i) => 1_000 * normal(i)), listOf(8_000, normal)];
    expect(holdsExactly(parts)).toBe(false);
  });

  test("where a quartile lies in a zero bin", () => {
    const parts = [
      listOf(2_000, normal),
      listOf(8_000, (i) => (i % 2 === 0 ? -1e-9 * Math.exp(normal(i)) : 1_000 + i)),
    ];
    expect(holdsExactly(parts)).toBe(false);
  });

  test("where names are only a sum", () => {
    const part = mergeFeatureProfiles([featureProfileOf(["a", "b", "b"])], { valueNamesMax: 1 });
    const sum = new WholeProfileSum();
    sum.add(part);
    expect(sum.result(namesMax)).toEqual({ profile: part, isExact: false });
  });

  test("where moments overflow", () => {
    const { isExact } = wholeOf([[1e308], [-1e308]]);
    expect(isExact).toBe(false);
  });
});

test("whatever the parts are, they never say what is not so", () => {
  let exactCount = 0;
  const part = fc.record({
    awkward: fc.array(
      fc.oneof(
        fc.integer({ min: -4, max: 4 }),
        fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e150, max: 1e150 }),
        fc.constantFrom(Number.NaN, Infinity, -0, 5e-324, null, undefined, "", "a", true),
      ),
      { maxLength: 12 },
    ),
    spread: fc.constantFrom(0, 0, 700, 1_100, 3_000),
    unit: fc.constantFrom(1e-3, 0.7, 1, 1, 1, 1.06, 1e5),
    offset: fc.constantFrom(0, 0, 0, 0.5, 3, -40),
    isWhole: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), fc.nat(1_000), (drawn, seed) => {
      const parts = drawn.map(({ awkward, spread, unit, offset, isWhole }, at) => {
        const values: number[] = listOf(spread, (i) => (normal(seed + 7 * i + at) + offset) * unit);
        return [...awkward, ...(isWhole ? values.map((x) => Math.round(100 * x)) : values)];
      });
      if (holdsExactly(parts)) exactCount += 1;
    }),
    { numRuns: 300 },
  );
  expect(exactCount).toBeGreaterThan(100);
});

/** Quantiles of a normal in a scattered order: the same numbers in every run. */
function normal(i: number): number {
  const u = (((i * 2654435761) % 4294967296) + 0.5) / 4294967296;
  const v = (((i * 40503 + 12345) % 65536) + 0.5) / 65536;
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
}
