import { expect, test } from "vitest";
import { seededRandom } from "#lib/stats/testing/random.ts";
import type { NumericChange } from "./drift-simulation.ts";
import {
  alarmsPerRun,
  categoryShares,
  drawCategorical,
  drawNumeric,
  foundInFamily,
} from "./drift-simulation.ts";

/** A part of the published table, seeded, so that the figures repeat: the bounds are the goals themselves. */
const pool = (change: NumericChange, count: number, sizes: [number, number], seed: number) => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => drawNumeric(change, sizes, random));
};

test.each<[NumericChange, [number, number]]>([
  ["none", [1000, 1000]],
  ["none", [1000, 200]],
  ["skewed_none", [1000, 400]],
  ["heavy_none", [1000, 400]],
  ["atoms_none", [1000, 400]],
  ["constant_none", [1000, 400]],
])("with no drift at most 5 %% of model runs alarm: %s, %j rows", (change, sizes) => {
  const quiet = pool(change, 300, sizes, 20);
  expect(alarmsPerRun(quiet, 1).percent).toBeLessThanOrEqual(5);
  expect(alarmsPerRun(quiet, 10).percent).toBeLessThanOrEqual(5);
});

test("a shift of a quarter of a standard deviation is found in at least 95 % of runs, among 100 columns too", () => {
  const quiet = pool("none", 200, [1000, 1000], 21);
  const drifting = pool("shift_025", 200, [1000, 1000], 22);
  for (const size of [1, 100])
    expect(foundInFamily(drifting, quiet, size, seededRandom(23)).percent).toBeGreaterThanOrEqual(
      95,
    );
});

test("a shift of a twentieth is negligible: at most 5 % of runs alarm", () => {
  for (const sizes of [
    [1000, 200],
    [5000, 5000],
  ] as [number, number][])
    expect(alarmsPerRun(pool("shift_005", 200, sizes, 24), 1).percent).toBeLessThanOrEqual(5);
});

test("a change of spread and one of shape are found, though the mean stays", () => {
  const quiet = pool("none", 200, [2000, 2000], 25);
  for (const change of ["scale_125", "two_humps"] as const) {
    const drifting = pool(change, 60, [2000, 2000], 26);
    expect(foundInFamily(drifting, quiet, 50, seededRandom(27)).percent).toBeGreaterThanOrEqual(95);
  }
});

test.each([
  [5, "even"],
  [50, "zipf"],
  [500, "zipf"],
] as const)("with no drift at most 5 %% of runs of %i categories alarm (%s)", (count, law) => {
  const random = seededRandom(28);
  const shares = categoryShares(law, count);
  const quiet = Array.from({ length: 200 }, () =>
    drawCategorical(shares, shares, [2000, 1000], random),
  );
  expect(alarmsPerRun(quiet, 1).percent).toBeLessThanOrEqual(5);
  expect(alarmsPerRun(quiet, 10).percent).toBeLessThanOrEqual(5);
});
