import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countCdf, countQuantile } from "#lib/stats/count-quantile.ts";
import { regularizedBeta } from "#lib/stats/regularized-beta.ts";
import { DATA_SKIPPED, readOutsideData } from "#lib/stats/testing/golden.ts";
import { disagreement, readReference } from "#lib/stats/testing/reference.ts";
import type { VolumePoint } from "#lib/stats/volume-band.ts";
import { dispersionOf, medianOf, volumeBandOf } from "#lib/stats/volume-band.ts";

const reference = readReference<{
  beta: { a: number; b: number; x: number; lower: number; upper: number }[];
  quantiles: { mean: number; dispersion: number; q: number; quantile: number; cdf: number }[];
  bands: {
    name: string;
    seasonClass: number;
    expected: number;
    dispersion: number;
    lower: number;
    upper: number;
    points: VolumePoint[];
  }[];
}>("volume-band");

describe("quantiles of counts", () => {
  test("the incomplete beta function agrees with scipy", () => {
    for (const { a, b, x, lower, upper } of reference.beta) {
      const actual = regularizedBeta(a, b, { x, y: 1 - x });
      // The larger tail is one minus the smaller, so it is known to the last digits of 1.
      const allowed = { rtol: 1e-9, atol: 1e-14 };
      expect([a, b, x, disagreement(actual.lower, lower, allowed)]).toEqual([a, b, x, undefined]);
      expect([a, b, x, disagreement(actual.upper, upper, allowed)]).toEqual([a, b, x, undefined]);
    }
  });

  test("those of Poisson and of the negative binomial are scipy's, from 0.1 to three million", () => {
    for (const { mean, dispersion, q, quantile, cdf } of reference.quantiles) {
      const law = { mean, dispersion };
      expect([law, q, countQuantile(law, q)]).toEqual([law, q, quantile]);
      // At three million the exponent is a difference of millions, and its last digits are the answer's.
      expect([law, q, disagreement(countCdf(law, quantile), cdf, { rtol: 1e-8 })]).toEqual([
        law,
        q,
        undefined,
      ]);
    }
  });

  test("nothing is expected of nothing, and nonsense is not a number", () => {
    expect(countQuantile({ mean: 0, dispersion: 0.3 }, 0.99)).toBe(0);
    expect(countQuantile({ mean: 5, dispersion: 0 }, 0)).toBe(0);
    expect(countQuantile({ mean: Number.NaN, dispersion: 0 }, 0.5)).toBeNaN();
    expect(countQuantile({ mean: 5, dispersion: 0 }, 1)).toBeNaN();
  });
});

describe("the band of an hour's volume", () => {
  test.each(reference.bands)("is what numpy's medians and scipy's quantiles say: $name", (one) => {
    expect(disagreement(dispersionOf(one.points), one.dispersion, { rtol: 1e-9 })).toBeUndefined();
    expect(volumeBandOf(one.points, one.seasonClass)).toMatchObject({
      kind: "band",
      expected: one.expected,
      lower: one.lower,
      upper: one.upper,
      pointCount: one.points.length,
    });
  });

  test("too few past hours cannot say, and say how many there are", () => {
    const points = Array.from({ length: 12 }, (_, i) => ({ seasonClass: i % 3, count: 100 }));
    expect(volumeBandOf(points, 1)).toEqual({ kind: "cannot_say", have: 12, needed: 30 });
    expect(volumeBandOf([], 1)).toEqual({ kind: "cannot_say", have: 0, needed: 30 });
  });

  test("many past hours, but none like this one, cannot say either", () => {
    const points = Array.from({ length: 60 }, (_, i) => ({ seasonClass: i % 6, count: 100 }));
    expect(volumeBandOf(points, 9)).toEqual({ kind: "cannot_say", have: 0, needed: 4 });
  });

  test("hours that were always empty expect nothing, and bear a few rows", () => {
    const points = Array.from({ length: 40 }, (_, i) => ({ seasonClass: i % 5, count: 0 }));
    expect(volumeBandOf(points, 2)).toMatchObject({ expected: 0, lower: 0, upper: 3 });
  });

  test("an outage of a fifth of the past moves the band by little", () => {
    const [steady] = reference.bands.filter((band) => band.name === "overdispersed hours");
    const points = steady?.points ?? [];
    const hurt = points.map((point, i) => (i % 5 === 0 ? { ...point, count: 0 } : point));
    const band = volumeBandOf(points, 38);
    const after = volumeBandOf(hurt, 38);
    if (band.kind !== "band" || after.kind !== "band") throw new Error("both can be said");
    expect(Math.abs(after.expected / band.expected - 1)).toBeLessThan(0.25);
    expect(after.lower).toBeGreaterThan(0);
  });

  test("the order of the past says nothing, and a wider coverage never narrows", () => {
    const counts = fc.array(fc.integer({ min: 0, max: 5_000 }), { minLength: 35, maxLength: 60 });
    fc.assert(
      fc.property(counts, (list) => {
        const points = list.map((count, i) => ({ seasonClass: i % 5, count }));
        const band = volumeBandOf(points, 2);
        expect(volumeBandOf([...points].reverse(), 2)).toEqual(band);
        const wide = volumeBandOf(points, 2, { coverage: 0.999 });
        if (band.kind !== "band" || wide.kind !== "band") throw new Error("enough points");
        expect(wide.lower).toBeLessThanOrEqual(band.lower);
        expect(wide.upper).toBeGreaterThanOrEqual(band.upper);
        expect(band.lower).toBeLessThanOrEqual(band.expected);
        expect(band.upper).toBeGreaterThanOrEqual(band.expected);
      }),
      { numRuns: 40 },
    );
  });

  test("the median of an even number is the mean of the two in the middle", () => {
    expect(medianOf([4, 1, 3, 2])).toBe(2.5);
    expect(medianOf([])).toBeNaN();
  });
});

describe("two years of bike rentals", () => {
  test("a healthy hour rarely falls outside the 99 % band, and an outage of a busy hour does", ({
    skip,
  }) => {
    const text = readOutsideData("bike-sharing/hour.csv");
    if (text === null) return skip(DATA_SKIPPED);
    const rows = text.trim().split("\n").slice(1);
    const hourMs = 3_600_000;
    const hours = new Map<number, { count: number; isFair: boolean }>();
    for (const row of rows) {
      const cells = row.split(",");
      const hour = Date.parse(`${cells[1]}T00:00:00Z`) / hourMs + Number(cells[5]);
      // Fair: no holiday, and neither rain nor snow.
      const isFair = cells[6] === "0" && Number(cells[9]) <= 2;
      hours.set(hour, { count: Number(cells[16]), isFair });
    }
    const first = Math.min(...hours.keys());
    const last = Math.max(...hours.keys());
    const tally = { all: 0, allOutside: 0, fair: 0, fairOutside: 0, busy: 0, outageFound: 0 };
    // Every seventh hour after eight weeks: all hours of the week, in two seconds.
    for (let hour = first + 8 * 168; hour <= last; hour += 7) {
      const points: VolumePoint[] = [];
      for (let past = hour - 8 * 168; past < hour; past += 24)
        points.push({ seasonClass: past % 168, count: hours.get(past)?.count ?? 0 });
      const band = volumeBandOf(points, hour % 168);
      if (band.kind !== "band") throw new Error("eight weeks are enough");
      const { count, isFair } = hours.get(hour) ?? { count: 0, isFair: false };
      const isOutside = count < band.lower || count > band.upper;
      tally.all += 1;
      tally.allOutside += Number(isOutside);
      tally.fair += Number(isFair);
      tally.fairOutside += Number(isFair && isOutside);
      tally.busy += Number(band.expected >= 100);
      tally.outageFound += Number(band.expected >= 100 && band.lower > 0);
    }
    expect(tally.all).toBeGreaterThan(2_000);
    // Measured: 4.5 % of all hours, 1.8 % of those without rain, snow or a holiday.
    expect(tally.allOutside / tally.all).toBeLessThan(0.05);
    expect(tally.fairOutside / tally.fair).toBeLessThan(0.02);
    expect(tally.outageFound / tally.busy).toBeGreaterThan(0.95);
  });
});
