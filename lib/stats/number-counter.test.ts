import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { momentsOf } from "#lib/stats/moments.ts";
import { NumberCounter } from "#lib/stats/number-counter.ts";
import { numberRunOf } from "#lib/stats/number-run.ts";
import { histogramOf } from "#lib/stats/numeric-histogram.ts";
import { seededRandom } from "#lib/stats/seeded-random.ts";

const rowsOfRun = 997;

function countOf(
  values: readonly number[],
  runLength = rowsOfRun,
  counter = new NumberCounter(),
): NumberCounter {
  const run = numberRunOf(Float64Array.from(values));
  for (let from = 0; from < values.length; from += runLength)
    counter.add(run, from, Math.min(values.length, from + runLength));
  return counter;
}

function expectLike(counter: NumberCounter, values: readonly number[]): void {
  const finite = values.filter(Number.isFinite);
  const { mean, m2, ...exact } = momentsOf(finite);
  const found = counter.moments();
  expect(counter.histogram()).toEqual(histogramOf(finite));
  expect(found).toMatchObject(exact);
  const scale = Math.max(...finite.map(Math.abs), 0);
  // Beside zero nothing is relative: each run may round its last place, of which there is no smaller.
  const lastPlaces = 2 * finite.length * Number.MIN_VALUE;
  // What is added up there overflows at both ends of what there is.
  if (Number.isFinite(mean))
    expect(Math.abs(found.mean - mean)).toBeLessThanOrEqual(1e-12 * scale + lastPlaces);
  if (m2 < 1e300) expect(Math.abs(found.m2 - m2)).toBeLessThanOrEqual(1e-9 * m2 + lastPlaces);
  expect(counter.nanCount).toBe(values.filter(Number.isNaN).length);
  expect(counter.positiveInfinityCount).toBe(values.filter((x) => x === Infinity).length);
  expect(counter.negativeInfinityCount).toBe(values.filter((x) => x === -Infinity).length);
}

const random = seededRandom(20);
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

const shapes: Record<string, () => number> = {
  "a normal": normal,
  "a log-normal": () => Math.exp(normal()),
  "a log-normal below zero": () => -Math.exp(normal()),
  prices: () => Math.round((2000 + 10 * normal()) * 1e4) / 1e4,
  "integers to 3,000": () => Math.floor(3_000 * random()),
  "seven integers": () => Math.floor(7 * random()),
  "integers on both sides of zero": () => Math.floor(600 * random()) - 40,
  "minutes late": () => Math.round(20 * normal() + 3 * normal() ** 4) - 5,
  "a few integers among numbers": () => (random() < 0.5 ? Math.floor(2_000 * random()) : normal()),
  "a few numbers far out": () => (random() < 0.01 ? 1e12 * normal() : normal()),
  "mostly zeros": () => Math.max(0, normal() - 0.5),
  "zeros of both signs": () => (random() < 0.5 ? -0 : 0),
  "a Cauchy": () => normal() / normal(),
  "tiny numbers": () => normal() * 1e-300,
  "numbers around 1e9": () => 1e9 + normal(),
  "tiny ones beside large ones": () => (random() < 0.5 ? normal() * 1e-6 : 1e9 + normal()),
  "a fifth near zero, the rest far": () =>
    random() < 0.2 ? normal() * 1e-5 : 50 * (random() < 0.5 ? -1 : 1) + normal(),
  "one constant": () => 0.1,
  "numbers and what is none": () =>
    [Number.NaN, Infinity, -Infinity, normal()][Math.floor(4 * random())] ?? 0,
};

describe("a counter says what the values at once would say", () => {
  test.each(Object.entries(shapes))("of %s", (_name, draw) => {
    const values = Array.from({ length: 30_000 }, draw);
    expectLike(countOf(values), values);
  });

  test("of any numbers, however they are cut", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.double(),
            fc.integer(),
            fc.integer({ min: -9, max: 9 }),
            fc.constantFrom(0, -0, 5e-324, -5e-324),
          ),
        ),
        fc.integer({ min: 1, max: 7 }),
        (values, runLength) => expectLike(countOf(values, runLength), values),
      ),
    );
  });

  test.each<[string, () => number, () => number]>([
    ["near ones and then far ones", () => 10 + 0.001 * normal(), () => 1e6 * normal()],
    ["few values and then many", () => Math.floor(9 * random()), normal],
    ["one sign and then both", () => Math.exp(normal()), normal],
  ])("in whatever order they came: %s", (_name, drawFirst, drawLast) => {
    const values = [
      ...Array.from({ length: 20_000 }, drawFirst),
      ...Array.from({ length: 20_000 }, drawLast),
    ];
    expectLike(countOf(values), values);
  });
});

describe("a counter that is told of one whose values are alike says the same", () => {
  test.each(Object.entries(shapes))("of %s", (_name, draw) => {
    const told = countOf(Array.from({ length: 30_000 }, draw), 10_000);
    const values = Array.from({ length: 30_000 }, draw);
    for (const runLength of [997, 7_000])
      expectLike(countOf(values, runLength, new NumberCounter(told)), values);
  });

  test.each(Object.entries(shapes))("though they are not: %s beside a normal", (_name, draw) => {
    const values = Array.from({ length: 9_000 }, draw);
    const others = Array.from({ length: 30_000 }, normal);
    expectLike(countOf(values, 3_000, new NumberCounter(countOf(others))), values);
    expectLike(countOf(others, 3_000, new NumberCounter(countOf(values))), others);
  });

  test("though these are few, come after some of them, or are none", () => {
    const told = countOf(Array.from({ length: 30_000 }, normal));
    const few = Array.from({ length: 2_500 }, () => Math.floor(900 * normal()));
    expectLike(countOf(few, 2_500, new NumberCounter(told)), few);
    const led = countOf(few.slice(0, 1_000), rowsOfRun, new NumberCounter(told));
    const then = Array.from({ length: 20_000 }, normal);
    expectLike(countOf(then, 5_000, led), [...few.slice(0, 1_000), ...then]);
    expectLike(new NumberCounter(told), []);
    expectLike(countOf(then, 5_000, new NumberCounter(new NumberCounter())), then);
  });
});

test("what comes last, and a thousand times nearer to zero, makes the grid coarser and loses no value", () => {
  const values = [
    ...Array.from({ length: 20_000 }, () => 1e6 * normal()),
    ...Array.from({ length: 60_000 }, normal),
  ];
  const { resolution, zeroFloor, edges, counts } = countOf(values).histogram();
  const wanted = histogramOf(values);
  // Its quartiles are known by coarser bins, and so may be its floor by the next power of two.
  expect(Math.abs(Math.log2(zeroFloor / wanted.zeroFloor))).toBeLessThanOrEqual(1);
  expect(resolution).toBeGreaterThanOrEqual(wanted.resolution - 2);
  expect({ resolution, zeroFloor, edges, counts }).toEqual(
    histogramOf(values, { resolution, zeroFloor }),
  );
});

test("no values are no values", () => {
  expectLike(new NumberCounter(), []);
});

test("a mean of what overflows when it is added up is still between the values", () => {
  const { mean, m2 } = countOf([1.7e308, -1.7e308, 1.7e308]).moments();
  expect(mean).toBeGreaterThan(-1.7e308);
  expect(mean).toBeLessThan(1.7e308);
  expect(m2).toBe(Number.POSITIVE_INFINITY);
});
