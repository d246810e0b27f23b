import { expect, test } from "vitest";
import { sumOf } from "#lib/stats/cells.ts";
import { momentsOf } from "#lib/stats/moments.ts";
import { seededRandom } from "#lib/stats/testing/random.ts";
import { drawerOf, profileOfCounts, simulate } from "./monitor-simulation.ts";

test("what is drawn is a standard normal of about so many rows, in steps of a tenth", () => {
  const counts = new Uint32Array(91);
  drawerOf(200_000, 0.5)(counts, seededRandom(1));
  const { rowCount, mean, m2, edges, counts: held } = profileOfCounts(counts);
  expect(Math.abs(rowCount - 200_000)).toBeLessThan(5 * Math.sqrt(200_000));
  expect(sumOf(held)).toBe(rowCount);
  expect(Math.abs(mean - 0.5)).toBeLessThan(5 / Math.sqrt(rowCount));
  // Rounding to tenths adds a twelfth of a hundredth.
  expect(m2 / rowCount).toBeCloseTo(1 + 0.01 / 12, 1);
  const again = momentsOf(edges.flatMap((value, i) => Array<number>(held[i] ?? 0).fill(value)));
  expect(mean).toBeCloseTo(again.mean, 10);
  expect(m2 / again.m2).toBeCloseTo(1, 10);
});

// A part of `npm run bench -- false-pages`, which takes the 1,000 days.
test("500 features without any change page at most once in 30 days", () => {
  // Four baselines, each with a noise of its own that all its windows share.
  const runs = Array.from({ length: 4 }, (_, seed) =>
    simulate({
      featureCount: 500,
      days: 25,
      baselineRows: 10_000,
      windowRows: 10_000,
      shift: 0,
      random: seededRandom(1_000 + seed),
    }),
  );
  const pages = runs.reduce((sum, { fired }) => sum + fired.length, 0);
  expect(pages).toBeLessThanOrEqual(100 / 30);
}, 3_600_000);

test("so do those with windows of 200 rows, where the floor does not help", () => {
  const runs = Array.from({ length: 3 }, (_, seed) =>
    simulate({
      featureCount: 500,
      days: 20,
      baselineRows: 10_000,
      windowRows: 200,
      shift: 0,
      random: seededRandom(2_000 + seed),
    }),
  );
  const pages = runs.reduce((sum, { fired }) => sum + fired.length, 0);
  expect(pages).toBeLessThanOrEqual(60 / 30);
}, 3_600_000);

test("a shift of a quarter of a standard deviation in one of 500 is found within two days", () => {
  const runs = Array.from({ length: 12 }, (_, seed) =>
    simulate({
      featureCount: 500,
      days: 2,
      baselineRows: 10_000,
      windowRows: 10_000,
      shift: 0.25,
      random: seededRandom(3_000 + seed),
    }),
  );
  const found = runs.filter(({ fired }) => fired.some(({ feature }) => feature === 0));
  expect(found.length / runs.length).toBeGreaterThanOrEqual(0.95);
}, 3_600_000);
