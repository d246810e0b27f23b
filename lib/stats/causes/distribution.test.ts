import { describe, expect, test } from "vitest";
import {
  clipPieces,
  distributionOf,
  gapsBetween,
  mapPieces,
  mixAtom,
  roundPieces,
  turnPieces,
} from "#lib/stats/causes/distribution.ts";
import { featureProfileOf } from "#lib/stats/feature-profile.ts";
import { normalFrom, seededRandom } from "#lib/stats/testing/random.ts";
import { disagreement, readReference } from "#lib/stats/testing/reference.ts";

const of = (values: readonly number[]) => distributionOf(featureProfileOf(values));

test("gaps between atoms are those of scipy", () => {
  const { cases } = readReference<{
    cases: { x: number[]; y: number[]; wasserstein: number; largest: number; mean: number }[];
  }>("cause-distances");
  for (const { x, y, ...expected } of cases) {
    const gaps = gapsBetween(of(x), of(y));
    // The same sums in another order.
    const rtol = 1e-9;
    expect(disagreement(gaps?.wasserstein ?? null, expected.wasserstein, { rtol })).toBeUndefined();
    expect(disagreement(gaps?.largestGap ?? null, expected.largest, { rtol })).toBeUndefined();
    expect(disagreement(gaps?.meanGap ?? null, expected.mean, { rtol })).toBeUndefined();
  }
});

test("bins that hold several values give what their values give, within the mass of a bin", () => {
  const random = seededRandom(4);
  const x = Array.from({ length: 6_000 }, () => normalFrom(random));
  const y = Array.from({ length: 5_000 }, () => normalFrom(random) * 1.2 + 0.5);
  const spread = gapsBetween(of(x), of(y));
  const exact = gapsBetween(
    x.map((value) => ({ left: value, right: value, mass: 1 / x.length })),
    y.map((value) => ({ left: value, right: value, mass: 1 / y.length })),
  );
  expect(Math.abs((spread?.wasserstein ?? 9) - (exact?.wasserstein ?? 0))).toBeLessThan(0.005);
  expect(Math.abs((spread?.largestGap ?? 9) - (exact?.largestGap ?? 0))).toBeLessThan(0.01);
  expect(Math.abs((spread?.meanGap ?? 9) - (exact?.meanGap ?? 0))).toBeLessThan(0.005);
});

describe("what is done to the pieces is what is done to the values", () => {
  const random = seededRandom(6);
  const values = Array.from({ length: 3_000 }, () => Math.round(1_000 * random()) / 100);
  const same = (pieces: ReturnType<typeof of>, expected: readonly number[]) => {
    const gaps = gapsBetween(pieces, of(expected));
    expect(gaps?.largestGap).toBeLessThan(1e-9);
    expect(gaps?.wasserstein).toBeLessThan(1e-9);
  };
  test("scaled", () =>
    same(
      mapPieces(of(values), (x) => 2 * x),
      values.map((x) => 2 * x),
    ));
  test("flipped", () =>
    same(
      mapPieces(of(values), (x) => 0 - x),
      values.map((x) => 0 - x),
    ));
  test("clipped", () =>
    same(
      clipPieces(of(values), 2, 7),
      values.map((x) => Math.min(7, Math.max(2, x))),
    ));
  test("rounded down", () => same(roundPieces(of(values), 1, "down"), values.map(Math.floor)));
  test("rounded to the nearest half", () =>
    same(
      roundPieces(of(values), 0.5, "nearest"),
      values.map((x) => Math.floor(2 * x + 0.5) / 2),
    ));
  test("turned round", () =>
    same(
      turnPieces(of(values.map(Math.floor)), 3, 11),
      values.map((x) => (Math.floor(x) + 3) % 11),
    ));
  test("mixed", () =>
    same(mixAtom(of(values), -1, 0.25), [...values, ...new Array<number>(1_000).fill(-1)]));
});

test("an empty side has no gaps, and a side none to itself", () => {
  expect(gapsBetween([], of([1]))).toBeNull();
  expect(gapsBetween(of([1, 2, 2]), of([2, 1, 2]))).toEqual({
    wasserstein: 0,
    meanGap: 0,
    largestGap: 0,
  });
});
