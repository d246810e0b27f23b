import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FeatureDrift } from "#lib/stats/drift.ts";
import { driftOfCategorical, driftOfNumeric } from "#lib/stats/drift.ts";
import type { DriftStatistic } from "#lib/stats/drift-statistic.ts";
import { featureProfileOf, mergeFeatureProfiles, NO_PROFILE } from "#lib/stats/feature-profile.ts";
import { computeKs } from "#lib/stats/kolmogorov-smirnov.ts";
import type { FeatureValue } from "#lib/stats/profile-counts.ts";
import { computePsi } from "#lib/stats/psi.ts";
import { countInBins, referenceBinsOf } from "#lib/stats/reference-bins.ts";
import { normalFrom, seededRandom } from "#lib/stats/testing/random.ts";
import { verdictsOf } from "#lib/stats/verdict.ts";

const repeat = <T>(count: number, value: T): T[] => new Array<T>(count).fill(value);
const normals = (count: number, random: () => number, shift = 0): number[] =>
  Array.from({ length: count }, () => normalFrom(random) + shift);
const numericDrift = (baseline: FeatureValue[], window: FeatureValue[]) =>
  driftOfNumeric(featureProfileOf(baseline), featureProfileOf(window));
const categoricalDrift = (baseline: FeatureValue[], window: FeatureValue[]) =>
  driftOfCategorical(featureProfileOf(baseline), featureProfileOf(window));
/** Moments of merged profiles are those of the whole but for the last digits; what is nothing but these, as the change of two
 *  means that are equal, is nothing. */
const rounded = (drift: FeatureDrift): unknown =>
  JSON.parse(
    JSON.stringify(drift, (_key, value: unknown) => {
      if (typeof value !== "number") return value;
      return Math.abs(value) < 1e-12 ? 0 : Number(value.toPrecision(9));
    }),
  );
const find = (drift: FeatureDrift, name: string): DriftStatistic | undefined =>
  drift.statistics.find((one) => one.statistic === name);
const verdictOf = (drift: FeatureDrift) =>
  verdictsOf([{ feature: "only", tests: drift.tests }])[0]?.verdict;

describe("numeric drift", () => {
  const random = seededRandom(7);
  const baseline = normals(5000, random);
  const window = normals(3000, random, 0.5);

  test("PSI is that of the raw rows, counted in the bins it names", () => {
    const drift = numericDrift(baseline, window);
    const cuts = drift.comparison?.cuts ?? [];
    expect(cuts.length).toBe(19);
    const countRaw = (values: number[]) => {
      const counts = repeat(cuts.length + 1, 0);
      for (const x of values) {
        const bin = cuts.filter((cut) => cut <= x).length;
        counts[bin] = (counts[bin] ?? 0) + 1;
      }
      return counts;
    };
    const raw = { baseline: countRaw(baseline), window: countRaw(window) };
    expect(drift.comparison?.counts).toEqual(raw);
    expect(find(drift, "psi")).toMatchObject({
      kind: "value",
      value: computePsi(raw)?.value,
      nullExpectation: 19 * (1 / 5000 + 1 / 3000),
      sampleSizes: { baseline: 5000, window: 3000 },
      binCount: 20,
      smoothing: "none",
      isExact: true,
    });
  });

  test("the bins hold about equal baseline mass", () => {
    const counts = numericDrift(baseline, window).comparison?.counts.baseline ?? [];
    for (const count of counts) expect(Math.abs(count - 250)).toBeLessThanOrEqual(25);
  });

  test("Kolmogorov-Smirnov of the raw rows is within the stated bound", () => {
    const ks = find(numericDrift(baseline, window), "kolmogorov_smirnov");
    const exact = computeKs(baseline, window) ?? Number.NaN;
    if (ks?.kind !== "value") throw new Error("expected a value");
    expect(ks.value).toBeLessThanOrEqual(exact);
    expect(ks.upperBound).toBeGreaterThanOrEqual(exact);
    expect(ks.upperBound - ks.value).toBeLessThan(0.01);
  });

  test("the cuts of fewer bins are among those of more, and a window's shape moves none", () => {
    const profile = featureProfileOf(baseline);
    const [twenty, ten, five, two] = [20, 10, 5, 2].map(
      (count) => referenceBinsOf(profile, count).cuts,
    );
    expect(twenty).toEqual(expect.arrayContaining([...(ten ?? [])]));
    expect(ten).toEqual(expect.arrayContaining([...(five ?? []).slice(1, 3)]));
    expect(ten).toEqual(expect.arrayContaining([...(two ?? [])]));
    const other = numericDrift(baseline, normals(2000, random, 9)).comparison?.cuts;
    expect(other).toEqual(twenty);
  });

  test("does not depend on how either side was cut into profiles", () => {
    const values = fc.array(fc.integer({ min: -40, max: 40 }), { minLength: 100, maxLength: 300 });
    fc.assert(
      fc.property(values, values, fc.nat(100), (a, b, at) => {
        const merged = mergeFeatureProfiles(
          [b.slice(at), b.slice(0, at)].map((part) => featureProfileOf(part)),
        );
        const whole = numericDrift(a, b);
        const parts = driftOfNumeric(featureProfileOf(a), merged);
        expect(rounded(parts)).toEqual(rounded(whole));
      }),
      { numRuns: 50 },
    );
  });

  test("identical samples have no distance and no drift", () => {
    const drift = numericDrift(baseline, baseline);
    for (const one of drift.statistics) {
      const expected = one.statistic === "cramer_von_mises" ? expect.any(Number) : 0;
      expect(one).toMatchObject({ kind: "value", value: expected });
    }
    expect(verdictOf(drift)).toEqual({ kind: "no_drift", reason: "within_noise" });
  });

  test("a few distinct numbers are compared one by one, and an unseen one is a cell of its own", () => {
    const drift = numericDrift(
      [...repeat(600, 0), ...repeat(400, 1)],
      [...repeat(300, 0), ...repeat(200, 1), ...repeat(500, 2)],
    );
    expect(find(drift, "psi")).toMatchObject({ binCount: 3, smoothing: "add_half" });
    expect(find(drift, "kolmogorov_smirnov")).toMatchObject({
      value: 0.5,
      upperBound: 0.5,
      isExact: true,
    });
    expect(verdictOf(drift)).toEqual({ kind: "drift", reason: "found" });
  });
});

describe("numeric drift of degenerate input has a defined answer", () => {
  const constant = repeat(200, 7);
  const lacksWindow = (have: number) => ({
    kind: "cannot_say",
    reason: "too_few_window_rows",
    have,
    needed: 100,
  });

  test.each<[string, FeatureValue[], FeatureValue[], object]>([
    ["an empty window", constant, [], lacksWindow(0)],
    [
      "an empty baseline",
      [],
      constant,
      { kind: "cannot_say", reason: "too_few_baseline_rows", have: 0, needed: 100 },
    ],
    ["one row", constant, [7], lacksWindow(1)],
    ["99 rows", constant, repeat(99, 7), lacksWindow(99)],
    [
      "constant on both sides with one value",
      constant,
      repeat(100, 7),
      { kind: "no_drift", reason: "within_noise" },
    ],
    [
      "constant on both sides with two values",
      constant,
      repeat(100, 8),
      { kind: "drift", reason: "found" },
    ],
    ["a window that went missing", constant, repeat(200, null), { kind: "drift", reason: "found" }],
    [
      "missing on both sides",
      repeat(200, null),
      repeat(200, null),
      { kind: "cannot_say", reason: "too_few_baseline_rows", have: 0, needed: 100 },
    ],
    [
      "a window half of NaN",
      constant,
      [...repeat(100, 7), ...repeat(100, Number.NaN)],
      { kind: "drift", reason: "found" },
    ],
    [
      "a window half of infinity",
      constant,
      [...repeat(100, 7), ...repeat(100, Infinity)],
      { kind: "drift", reason: "found" },
    ],
    [
      "a window half of strings",
      constant,
      [...repeat(100, 7), ...repeat(100, "7")],
      { kind: "drift", reason: "found" },
    ],
    [
      "the same share of NaN on both sides",
      [...constant, Number.NaN],
      [...constant, Number.NaN],
      { kind: "no_drift", reason: "within_noise" },
    ],
    [
      "one stray value in the window",
      repeat(20_000, 7),
      [...repeat(199, 7), 8],
      { kind: "no_drift", reason: "real_but_negligible" },
    ],
    [
      "the ends of the doubles",
      [...repeat(100, -1.7e308), ...repeat(100, 1.7e308)],
      [...repeat(100, -1.7e308), ...repeat(100, 1.7e308)],
      { kind: "no_drift", reason: "within_noise" },
    ],
  ])("%s", (_, baseline, window, expected) => {
    const drift = numericDrift(baseline, window);
    expect(verdictOf(drift)).toEqual(expected);
    const numbers = drift.statistics.flatMap((one) =>
      one.kind === "value" ? [one.value, one.nullExpectation] : [],
    );
    for (const number of numbers) expect(Number.isFinite(number)).toBe(true);
    expect(JSON.parse(JSON.stringify(drift))).toEqual(drift);
  });

  test("what cannot be said names each statistic, what there was and what is needed", () => {
    const drift = numericDrift(constant, [7]);
    expect(drift.statistics).toHaveLength(11);
    for (const one of drift.statistics) expect(one).toMatchObject(lacksWindow(1));
    expect(drift.comparison).toBeNull();
  });

  test("profiles of nothing can be compared without an error", () => {
    expect(verdictOf(driftOfNumeric(NO_PROFILE, NO_PROFILE))?.kind).toBe("cannot_say");
    expect(verdictOf(driftOfCategorical(NO_PROFILE, NO_PROFILE))?.kind).toBe("cannot_say");
  });

  test("a lower minimum still needs enough rows for two bins", () => {
    const [five, six] = [featureProfileOf(repeat(5, 1)), featureProfileOf(repeat(6, 1))];
    expect(driftOfNumeric(five, six, { rowCountMin: 1 }).statistics[0]).toMatchObject({
      kind: "cannot_say",
      reason: "too_few_rows_per_bin",
      have: 5,
      needed: 100,
    });
  });
});

describe("categorical drift", () => {
  const letters = (counts: Record<string, number>): string[] =>
    Object.entries(counts).flatMap(([name, count]) => repeat(count, name));

  test("names new and vanished categories, and counts new ones in a cell of their own", () => {
    const drift = categoricalDrift(letters({ a: 600, b: 400 }), letters({ a: 500, new: 500 }));
    expect(drift.newCategories).toEqual([{ name: "new", baseline: 0, window: 500 }]);
    expect(drift.vanishedCategories).toEqual([{ name: "b", baseline: 400, window: 0 }]);
    expect(drift.comparison).toEqual({
      names: ["a", "b"],
      counts: { baseline: [600, 400, 0, 0], window: [500, 0, 0, 500] },
    });
    expect(find(drift, "psi")).toMatchObject({ smoothing: "add_half", binCount: 3 });
    expect(verdictOf(drift)).toEqual({ kind: "drift", reason: "found" });
  });

  test("shows at most 20 cells beside that of new categories", () => {
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`v${i}`, 30 + i]));
    const drift = categoricalDrift(letters(many), letters(many));
    expect(drift.comparison?.names).toHaveLength(19);
    expect(find(drift, "psi")).toMatchObject({ value: 0, binCount: 20 });
    expect(verdictOf(drift)).toEqual({ kind: "no_drift", reason: "within_noise" });
  });

  test("a tail makes the figures inexact, and nobody is called new", () => {
    const whole = featureProfileOf(letters({ a: 500, b: 300, c: 200 }));
    const capped = mergeFeatureProfiles([whole], { valueNamesMax: 2 });
    const drift = driftOfCategorical(capped, whole);
    expect(drift.isExact).toBe(false);
    expect(drift.newCategories).toEqual([]);
    expect(find(drift, "psi")).toMatchObject({ value: 0, isExact: false });
    expect(drift.comparison?.counts.window).toEqual([500, 300, 200, 0]);
  });

  test("disjoint categories are as far apart as can be", () => {
    const drift = categoricalDrift(repeat(500, "a"), repeat(500, "b"));
    expect(find(drift, "jensen_shannon")).toMatchObject({ value: 1 });
  });

  test("booleans are categories, numbers in a categorical feature a violation of type", () => {
    const drift = categoricalDrift(
      [...repeat(300, true), ...repeat(300, false)],
      [...repeat(300, true), ...repeat(300, 1)],
    );
    expect(drift.comparison?.names).toEqual(["true", "false"]);
    expect(drift.tests.find((one) => one.name === "type_violations")).toMatchObject({
      kind: "tested",
    });
  });
});

describe("verdicts", () => {
  test("a real but negligible change is no drift, whatever the number of rows", () => {
    const baseline = [...repeat(500_000, "a"), ...repeat(500_000, "b")];
    const window = [...repeat(504_000, "a"), ...repeat(496_000, "b")];
    const drift = categoricalDrift(baseline, window);
    const [judged] = verdictsOf([{ feature: "f", tests: drift.tests }]);
    expect(judged?.verdict).toEqual({ kind: "no_drift", reason: "real_but_negligible" });
    expect(judged?.tests[0]).toMatchObject({ outcome: "real_but_negligible" });
    expect(judged?.tests[0]?.adjustedPValue).toBeLessThan(1e-6);
  });

  test("features are judged as one family: what is untested does not count in it", () => {
    const drift = numericDrift(repeat(200, 1), repeat(200, 1));
    const unknown = numericDrift(repeat(200, 1), []);
    const verdicts = verdictsOf(
      [drift, drift, unknown].map(({ tests }, i) => ({ feature: `f${i}`, tests })),
    );
    expect(verdicts.map((one) => one.verdict.kind)).toEqual(["no_drift", "no_drift", "cannot_say"]);
    // The values and the range of each of the two that could be tested.
    expect(verdicts[0]?.familySize).toBe(4);
  });

  test("no features, no verdicts", () => {
    expect(verdictsOf([])).toEqual([]);
  });
});

describe("reference bins", () => {
  test("an atom keeps a bin of its own, and the rest is still cut", () => {
    const values = [...repeat(9000, 0), ...Array.from({ length: 1000 }, (_, i) => i + 1)];
    const profile = featureProfileOf(values);
    const bins = referenceBinsOf(profile, 20);
    expect(countInBins(profile, bins)[0]).toBe(9000);
    expect(bins.cuts.length).toBeGreaterThanOrEqual(2);
  });

  test("without a baseline there is one bin", () => {
    expect(referenceBinsOf(NO_PROFILE, 20).cuts).toEqual([]);
    expect(
      countInBins(featureProfileOf([1, 2]), { grid: { resolution: 5, zeroFloor: 0 }, cuts: [] }),
    ).toEqual([2]);
  });
});
