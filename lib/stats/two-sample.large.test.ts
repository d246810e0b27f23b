import { describe, expect, test } from "vitest";
import { computeCramerVonMises } from "#lib/stats/cramer-von-mises.ts";
import { computeEnergyDistance } from "#lib/stats/energy-distance.ts";
import { computeKs, computeKsOfHistograms } from "#lib/stats/kolmogorov-smirnov.ts";
import { computeMeanChange } from "#lib/stats/mean-change.ts";
import { momentsOf } from "#lib/stats/moments.ts";
import { histogramOf } from "#lib/stats/numeric-histogram.ts";
import { disagreement, readReference } from "#lib/stats/testing/reference.ts";
import { twoSampleOf, twoSampleOfHistograms } from "#lib/stats/two-sample.ts";
import { computeWasserstein } from "#lib/stats/wasserstein.ts";

type Lattice = [
  count: number,
  multiplier: number,
  modulus: number,
  offset: number,
  divisor: number,
];
type Case = {
  name: string;
  baseline: Lattice;
  window: Lattice;
  offset: number;
  wasserstein: number;
  energy: number;
  cvm: number;
  t: number;
  ks: number;
};
const { large } = readReference<{ large: Case[] }>("two-sample");

/** The same integers as in scripts/stats-reference.py, so the same bits. */
const valuesOf = ([count, multiplier, modulus, add, divisor]: Lattice, offset: number) =>
  Float64Array.from(
    { length: count },
    (_, i) => offset + (((i * multiplier) % modulus) + add) / divisor,
  );

describe.each(large)("$name", (expected) => {
  const baseline = valuesOf(expected.baseline, expected.offset);
  const window = valuesOf(expected.window, expected.offset);
  const agree = (actual: number | undefined, wanted: number, rtol: number) =>
    expect(disagreement(actual ?? null, wanted, { rtol })).toBeUndefined();

  test("raw rows give what scipy gives", () => {
    const two = twoSampleOf(baseline, window);
    if (two === null) throw new Error("both sides have rows");
    agree(computeWasserstein(two)?.value, expected.wasserstein, 1e-8);
    agree(computeEnergyDistance(two)?.value, expected.energy, 1e-8);
    agree(computeCramerVonMises(two, "midranks")?.statistic, expected.cvm, 1e-7);
    agree(computeKs(baseline, window) ?? undefined, expected.ks, 1e-9);
    // At 1e9 scipy's own mean of a million values is known to fewer digits than ours.
    const rtol = expected.offset === 0 ? 1e-9 : 1e-5;
    agree(computeMeanChange(momentsOf(baseline), momentsOf(window))?.statistic, expected.t, rtol);
  });

  test("profiles give the same within the bounds that they state", () => {
    const [a, b] = [momentsOf(baseline), momentsOf(window)];
    const [first, second] = [
      { ...histogramOf(baseline), ...a },
      { ...histogramOf(window), ...b },
    ];
    const two = twoSampleOfHistograms(first, second);
    if (two === null) throw new Error("both sides have rows");
    const w = computeWasserstein(two, b.mean - a.mean);
    expect(w?.low).toBeLessThanOrEqual(expected.wasserstein * (1 + 1e-9));
    expect(w?.high).toBeGreaterThanOrEqual(expected.wasserstein * (1 - 1e-9));
    agree(w?.value, expected.wasserstein, 1e-3);
    const energy = computeEnergyDistance(two);
    expect(energy?.low).toBeLessThanOrEqual(expected.energy * (1 + 1e-9));
    expect(energy?.high).toBeGreaterThanOrEqual(expected.energy * (1 - 1e-9));
    agree(computeCramerVonMises(two)?.statistic, expected.cvm, 1e-2);
    const ks = computeKsOfHistograms(first, second);
    expect(ks?.value).toBeLessThanOrEqual(expected.ks + 1e-12);
    expect(ks?.upperBound).toBeGreaterThanOrEqual(expected.ks - 1e-12);
  });
});
