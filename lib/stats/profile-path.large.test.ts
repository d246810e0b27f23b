import { describe, expect, test } from "vitest";
import { computeEnergyDistance } from "#lib/stats/energy-distance.ts";
import { featureProfileOf } from "#lib/stats/feature-profile.ts";
import { computeKs, computeKsOfHistograms } from "#lib/stats/kolmogorov-smirnov.ts";
import { normalFrom, seededRandom } from "#lib/stats/testing/random.ts";
import { twoSampleOf, twoSampleOfHistograms } from "#lib/stats/two-sample.ts";
import { computeWasserstein } from "#lib/stats/wasserstein.ts";

/** What profiles say against what raw rows say, on columns shaped as real ones are. */
type Draw = (random: () => number) => number;
const shapes: Record<string, Draw> = {
  "bell-shaped": (random) => 50 + 12 * normalFrom(random),
  "prices, lognormal, two decimals": (random) =>
    Math.round(100 * Math.exp(3 + 1.2 * normalFrom(random))) / 100,
  "heavy tails": (random) => Math.tan(Math.PI * (random() - 0.5)),
  "mostly zero": (random) => (random() < 0.7 ? 0 : Math.exp(4 + normalFrom(random))),
  years: (random) => 1950 + Math.floor(75 * Math.sqrt(random())),
  "timestamps in seconds": (random) => Math.floor(1.7e9 + 2.6e6 * random()),
  "timestamps in milliseconds": (random) => 1.7e12 + Math.floor(2.6e9 * random()),
  "whole numbers": (random) => Math.floor(-Math.log(1 - random()) * 40),
  "tiny scales": (random) => 1e-9 * (3 + normalFrom(random)),
  "both signs, wide": (random) => Math.sign(random() - 0.5) * Math.exp(6 * normalFrom(random)),
};
const changes: Record<string, (x: number, random: () => number) => number> = {
  none: (x) => x,
  shift: (x) => x + 0.1 * Math.abs(x),
  scale: (x) => x * 1.3,
  "some missing their unit": (x, random) => (random() < 0.02 ? x * 100 : x),
  "a narrower copy": (x, random) => (random() < 0.5 ? x : x * 0.95),
};

describe.each(Object.entries(shapes))("%s", (_name, draw) => {
  test.each(Object.entries(changes))("%s: within the bounds that are stated", (change, alter) => {
    const random = seededRandom(change.length * 101 + _name.length);
    const baseline = Array.from({ length: 6_000 }, () => draw(random));
    const window = Array.from({ length: 4_000 }, () => alter(draw(random), random));
    const [a, b] = [featureProfileOf(baseline), featureProfileOf(window)];
    const [exact, binned] = [twoSampleOf(baseline, window), twoSampleOfHistograms(a, b)];
    if (exact === null || binned === null) throw new Error("both sides have rows");

    const w = computeWasserstein(exact)?.value ?? Number.NaN;
    const profile = computeWasserstein(binned, b.mean - a.mean);
    const slack = 1e-9 * w + 1e-15 * Math.abs(a.mean);
    expect(profile?.low).toBeLessThanOrEqual(w + slack);
    expect(profile?.high).toBeGreaterThanOrEqual(w - slack);
    // Far closer than the bound: within a tenth of what noise alone gives, or of the distance.
    const noise = profile?.nullExpectation ?? 0;
    expect(Math.abs((profile?.value ?? Number.NaN) - w)).toBeLessThanOrEqual(
      0.1 * Math.max(noise, w),
    );

    const energy = computeEnergyDistance(exact)?.value ?? Number.NaN;
    const binnedEnergy = computeEnergyDistance(binned);
    expect(binnedEnergy?.low).toBeLessThanOrEqual(energy * (1 + 1e-9));
    expect(binnedEnergy?.high).toBeGreaterThanOrEqual(energy * (1 - 1e-9));

    const ks = computeKs(baseline, window) ?? Number.NaN;
    const binnedKs = computeKsOfHistograms(a, b);
    expect(binnedKs?.value).toBeLessThanOrEqual(ks + 1e-12);
    expect(binnedKs?.upperBound).toBeGreaterThanOrEqual(ks - 1e-12);
  });
});
