import { expect, test } from "vitest";
import { seededRandom } from "#lib/stats/testing/random.ts";
import type { NumericChange, Share } from "./drift-simulation.ts";
import {
  alarmsPerRun,
  categoryShares,
  drawCategorical,
  drawNumeric,
  foundInFamily,
} from "./drift-simulation.ts";

/** A part of the published table with fixed seeds, so that the figures repeat. The bounds are the goals; a share that lies
 *  beyond one by less than two of its standard errors is not known to miss it. */
const pool = (change: NumericChange, count: number, sizes: [number, number], seed: number) => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => drawNumeric(change, sizes, random));
};
const expectAtMostFive = ({ percent, error }: Share) =>
  expect(percent - 2 * error).toBeLessThanOrEqual(5);

test.each<[NumericChange, number, number]>([
  ["none", 1000, 1000],
  ["none", 1000, 200],
  ["none", 10_000, 200],
  ["skewed_none", 1000, 400],
  ["heavy_none", 1000, 400],
  ["atoms_none", 1000, 400],
  ["constant_none", 1000, 400],
])(
  "with no drift model runs alarm in at most five of a hundred: %s, %i against %i rows",
  (change, n, m) => {
    const quiet = pool(change, 400, [n, m], 20);
    for (const size of [1, 10]) expectAtMostFive(alarmsPerRun(quiet, size));
  },
);

test("a shift of a quarter of a standard deviation is found, among a hundred columns too", () => {
  const quiet = pool("none", 200, [1000, 1000], 21);
  const drifting = pool("shift_025", 300, [1000, 1000], 22);
  for (const size of [1, 100]) {
    const { percent, error } = foundInFamily(drifting, quiet, size, seededRandom(23));
    expect(percent + 2 * error).toBeGreaterThanOrEqual(95);
  }
});

test.each([
  [1000, 200],
  [5000, 5000],
])("a shift of a twentieth is negligible: %i against %i rows", (n, m) =>
  expectAtMostFive(alarmsPerRun(pool("shift_005", 200, [n, m], 24), 1)),
);

test("a change of spread and one of shape are found, though the mean stays", () => {
  const quiet = pool("none", 100, [2000, 2000], 25);
  for (const change of ["scale_125", "two_humps"] as const) {
    const drifting = pool(change, 60, [2000, 2000], 26);
    expect(foundInFamily(drifting, quiet, 50, seededRandom(27)).percent).toBeGreaterThanOrEqual(90);
  }
});

test.each([
  [5, "even"],
  [50, "zipf"],
  [500, "zipf"],
] as const)(
  "with no drift runs alarm in at most five of a hundred: %i categories, %s",
  (count, law) => {
    const random = seededRandom(28);
    const shares = categoryShares(law, count);
    const quiet = Array.from({ length: 400 }, () =>
      drawCategorical(shares, shares, [2000, 1000], random),
    );
    for (const size of [1, 10]) expectAtMostFive(alarmsPerRun(quiet, size));
  },
);
