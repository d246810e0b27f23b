import { describe, expect, test } from "vitest";
import { findChangePoint } from "#lib/stats/change-point.ts";
import { seededRandom } from "#lib/stats/seeded-random.ts";
import { disagreement, readReference } from "#lib/stats/testing/reference.ts";

const random = () => seededRandom(3);

test("the split and its log-likelihood ratio are those of scipy, tried at every bucket", () => {
  const { cases } = readReference<{
    cases: { counts: number[][]; index: number; statistic: number }[];
  }>("change-point");
  for (const { counts, index, statistic } of cases) {
    const found = findChangePoint(counts, { random: random() });
    expect(found?.index).toBe(index);
    // The same sum in another order.
    expect(disagreement(found?.statistic ?? null, statistic, { rtol: 1e-9 })).toBeUndefined();
  }
});

const draw = (p: number, count: number, next: () => number) => {
  let first = 0;
  for (let i = 0; i < count; i += 1) if (next() < p) first += 1;
  return [first, count - first];
};

describe("a change", () => {
  const next = seededRandom(9);
  const series = Array.from({ length: 30 }, (_, i) => draw(i < 21 ? 0.3 : 0.6, 200, next));

  test("is found at its bucket, with an interval that holds it", () => {
    const found = findChangePoint(series, { random: random() });
    expect(found).toMatchObject({ index: 21, pValue: 1 / 200 });
    expect(found?.from).toBeLessThanOrEqual(21);
    expect(found?.until).toBeGreaterThanOrEqual(21);
  });

  test("is dated after empty buckets, and empty ones have no say", () => {
    const withGaps = [
      ...series.slice(0, 5),
      [0, 0],
      ...series.slice(5, 21),
      [0, 0],
      ...series.slice(21),
    ];
    expect(findChangePoint(withGaps, { random: random() })?.index).toBe(23);
  });
});

test("no change is found where there is none: at 1 %, in at most 5 of 100 series, restless buckets included", () => {
  const next = seededRandom(12);
  let found = 0;
  for (let i = 0; i < 100; i += 1) {
    const series = Array.from({ length: 24 }, () => draw(0.3 + 0.2 * next(), 100, next));
    const one = findChangePoint(series, { random: next, shuffleCount: 99 });
    if ((one?.pValue ?? 1) <= 0.01) found += 1;
  }
  expect(found).toBeLessThanOrEqual(5);
});

test.each([
  ["no buckets", []],
  [
    "three buckets",
    [
      [1, 2],
      [2, 1],
      [4, 5],
    ],
  ],
  [
    "one occupied cell",
    [
      [5, 0],
      [4, 0],
      [3, 0],
      [9, 0],
    ],
  ],
  [
    "only empty buckets",
    [
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0],
    ],
  ],
])("%s: no answer", (_name, buckets) => {
  expect(findChangePoint(buckets, { random: random() })).toBeNull();
});
