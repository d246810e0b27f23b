import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findLevelShift } from "./level-shift.ts";
import { normalFrom, seededRandom } from "./testing/random.ts";
import { disagreement, readReference } from "./testing/reference.ts";

interface Case {
  name: string;
  values: number[];
  index: number;
  statistic: number;
  from: number;
  until: number;
  before: number;
  after: number;
}
const { cases } = readReference<{ cases: Case[] }>("level-shift");

describe("is where scipy's analysis of variance is largest", () => {
  test.each(cases)("$name", ({ values, statistic, before, after, ...places }) => {
    const found = findLevelShift(values);
    expect(found).toMatchObject({ index: places.index, from: places.from, until: places.until });
    const rtol = 1e-9;
    expect(disagreement(found?.statistic ?? null, statistic, { rtol })).toBeUndefined();
    expect(disagreement(found?.before ?? null, before, { rtol: 1e-12 })).toBeUndefined();
    expect(disagreement(found?.after ?? null, after, { rtol: 1e-12 })).toBeUndefined();
  });
});

test("its interval holds the truth in at least 95 % of runs", () => {
  const random = seededRandom(7);
  const runs = 2_000;
  let held = 0;
  for (let run = 0; run < runs; run += 1) {
    const at = 10 + Math.floor(random() * 30);
    const values = Array.from({ length: 50 }, (_, i) => normalFrom(random) + (i < at ? 0 : 2));
    const found = findLevelShift(values);
    if (found !== null && found.from <= at && at <= found.until) held += 1;
  }
  expect(held / runs).toBeGreaterThan(0.95);
});

const anyValues = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
  minLength: 4,
  maxLength: 60,
});

test("lies within its interval, and a move or a stretch of all values leaves it where it is", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 4, maxLength: 40 }),
      fc.integer({ min: -1_000, max: 1_000 }),
      (values, move) => {
        const found = findLevelShift(values);
        if (found === null) return;
        expect(found.from).toBeLessThanOrEqual(found.index);
        expect(found.until).toBeGreaterThanOrEqual(found.index);
        const { statistic } = found;
        const moved = findLevelShift(values.map((value) => 4 * (value + move)));
        if (!Number.isFinite(statistic)) expect(moved?.statistic).toBe(statistic);
        else
          expect(disagreement(moved?.statistic ?? null, statistic, { rtol: 1e-9 })).toBeUndefined();
      },
    ),
  );
});

test("any finite values have an answer or none, and no failure", () => {
  fc.assert(
    fc.property(anyValues, (values) => {
      findLevelShift(values);
    }),
  );
});

describe("degenerate input", () => {
  test.each<[string, number[]]>([
    ["nothing", []],
    ["three points", [1, 2, 9]],
    ["all alike", [3, 3, 3, 3, 3]],
    ["not a number", [1, 1, Number.NaN, 5, 5]],
    ["infinite", [1, 1, Number.POSITIVE_INFINITY, 5, 5]],
  ])("%s: null", (_, values) => {
    expect(findLevelShift(values)).toBeNull();
  });

  test("two constant sides are told apart for certain", () => {
    expect(findLevelShift([0.1, 0.1, 0.1, 0.7, 0.7])).toEqual({
      index: 3,
      from: 3,
      until: 3,
      statistic: Number.POSITIVE_INFINITY,
      before: expect.closeTo(0.1, 12),
      after: expect.closeTo(0.7, 12),
    });
  });
});
