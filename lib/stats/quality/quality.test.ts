import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { featureProfileOf, NO_PROFILE } from "#lib/stats/feature-profile.ts";
import { histogramOf } from "#lib/stats/numeric-histogram.ts";
import type { FeatureValue } from "#lib/stats/profile-counts.ts";
import { countAbove, countBelow, countUnseen } from "#lib/stats/quality/expectation.ts";
import type { FeatureQuestion } from "#lib/stats/quality/feature-quality.ts";
import { askFeature } from "#lib/stats/quality/feature-quality.ts";
import type { QualityCheckName } from "#lib/stats/quality/quality-checks.ts";
import { countValue, findDominant, ruleKindOf } from "#lib/stats/quality/quality-counts.ts";
import { judgeQuality } from "#lib/stats/quality/quality-verdict.ts";
import { normalFrom, seededRandom } from "#lib/stats/testing/random.ts";

const repeat = <T>(count: number, value: T): T[] => new Array<T>(count).fill(value);
const spread = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => (i * 7919) % count);
const both = (values: readonly FeatureValue[]) => {
  const raw = featureProfileOf(values);
  return { raw, read: raw };
};

function judgeOne(
  baseline: readonly FeatureValue[] | null,
  window: readonly FeatureValue[],
  rest: Partial<FeatureQuestion> = {},
) {
  const asked = askFeature({
    baseline: baseline === null ? null : both(baseline),
    window: both(window),
    declared: {},
    hasNames: false,
    declaredKind: null,
    ...rest,
  });
  const [quality] = judgeQuality([asked.checks]);
  if (quality === undefined) throw new Error("one feature, one verdict");
  const outcome = (name: QualityCheckName) =>
    quality.checks.find((one) => one.check === name)?.outcome;
  return { asked, quality, outcome };
}

describe("counts against a bound", () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });

  test("hold the count of the raw rows between them, on any grid", () => {
    const grids = fc.record({
      resolution: fc.constantFrom(0, 2, 5, 12, 52),
      zeroFloor: fc.constantFrom(0, 0.25, 4),
    });
    fc.assert(
      fc.property(
        fc.array(finite, { minLength: 1, maxLength: 60 }),
        finite,
        grids,
        (values, bound, grid) => {
          const coarse: FeatureProfile = {
            ...featureProfileOf(values),
            ...histogramOf(values, grid),
          };
          const below = countBelow(coarse, bound);
          const above = countAbove(coarse, bound);
          const exactBelow = values.filter((x) => x < bound).length;
          const exactAbove = values.filter((x) => x > bound).length;
          expect(below.least).toBeLessThanOrEqual(exactBelow);
          expect(below.most).toBeGreaterThanOrEqual(exactBelow);
          expect(above.least).toBeLessThanOrEqual(exactAbove);
          expect(above.most).toBeGreaterThanOrEqual(exactAbove);
          expect(below.least > 0).toBe(exactBelow > 0);
          expect(above.least > 0).toBe(exactAbove > 0);
        },
      ),
    );
  });

  test("are exact while every bin holds one value, and none of no values", () => {
    const profile = featureProfileOf([1, 2, 2, 3, 10]);
    expect(countBelow(profile, 2)).toEqual({ least: 1, most: 1 });
    expect(countAbove(profile, 2)).toEqual({ least: 2, most: 2 });
    expect(countBelow(NO_PROFILE, 2)).toEqual({ least: 0, most: 0 });
  });

  test("unseen values are named, most frequent first; a tail may hold more", () => {
    const profile = featureProfileOf(["a", "b", "b", "c", "c", "c"]);
    expect(countUnseen(profile, ["a"])).toEqual({
      least: 5,
      most: 5,
      values: [
        { name: "c", count: 3 },
        { name: "b", count: 2 },
      ],
    });
    expect(countUnseen({ ...profile, otherCount: 7 }, ["a", "b", "c"])).toMatchObject({
      least: 0,
      most: 7,
    });
  });

  test("one value is counted by name, and as a number only as far as its bin tells", () => {
    const profile = featureProfileOf([0, 0, 0, 1, "x", "x", true]);
    expect(findDominant(profile)).toEqual({ name: "0", least: 3, most: 3 });
    expect(countValue(profile, "x")).toEqual({ name: "x", least: 2, most: 2 });
    expect(countValue(profile, "0.5")).toMatchObject({ least: 0, most: 0 });
    expect(countValue({ ...profile, resolution: 2 }, "0")).toMatchObject({ least: 0, most: 3 });
    expect(ruleKindOf(profile)).toBe("number");
    expect(ruleKindOf(NO_PROFILE)).toBeNull();
  });
});

describe("a feature's verdict", () => {
  const steady = spread(2_000);
  const window = (bad: readonly FeatureValue[], count = 1_000): FeatureValue[] => [
    ...spread(2_000).slice(0, count - bad.length),
    ...bad,
  ];

  test.each<[string, FeatureValue[], QualityCheckName]>([
    ["null values", repeat(50, null), "null"],
    ["absent values", repeat(50, undefined), "absent"],
    ["NaN", repeat(20, Number.NaN), "nan"],
    [
      "infinities",
      [...repeat(10, Number.POSITIVE_INFINITY), ...repeat(10, Number.NEGATIVE_INFINITY)],
      "infinite",
    ],
    ["text among numbers", repeat(20, "12"), "wrong_kind"],
    ["values below the baseline's minimum", repeat(20, -5), "below_range"],
    ["values above the baseline's maximum", repeat(20, 9_999), "above_range"],
  ])("finds %s, and nothing else", (_name, bad, check) => {
    const { quality, outcome } = judgeOne(steady, window(bad));
    expect(quality.verdict.kind).toBe("problem");
    expect(quality.checks[0]?.check).toBe(check);
    expect(quality.checks.filter((one) => one.outcome === "problem")).toHaveLength(1);
    expect(outcome(check)).toBe("problem");
  });

  test("is ok where nothing is wrong, and where less is wrong than before", () => {
    expect(judgeOne(steady, window([])).quality.verdict).toEqual({ kind: "ok" });
    const before = [...steady, ...repeat(500, null)];
    expect(judgeOne(before, window([])).quality.verdict).toEqual({ kind: "ok" });
  });

  test("is ok where a rise is real but within what is negligible", () => {
    const before = [...spread(90_000), ...repeat(1_800, null)];
    const now = [...spread(90_000), ...repeat(2_200, null)];
    const { quality, outcome } = judgeOne(before, now);
    expect(outcome("null")).toBe("negligible");
    expect(quality.verdict).toEqual({ kind: "ok" });
  });

  test.each<[string, FeatureValue[] | null, FeatureValue[], object]>([
    ["an empty window", steady, [], { reason: "too_few_window_rows", have: 0, needed: 100 }],
    ["one row", steady, [1], { reason: "too_few_window_rows", have: 1, needed: 100 }],
    ["a small baseline", [1, 2, 3], window([]), { reason: "too_few_baseline_rows", have: 3 }],
    ["no baseline", null, window([]), { reason: "no_baseline" }],
  ])("cannot be said of %s", (_name, before, now, lack) => {
    expect(judgeOne(before, now).quality.verdict).toMatchObject({ kind: "cannot_say", lack });
  });

  test("of a feature that is all missing is a problem, and shows no other", () => {
    const { quality } = judgeOne(steady, repeat(400, null));
    expect(
      quality.checks.filter((one) => one.outcome === "problem").map((one) => one.check),
    ).toEqual(["null"]);
  });

  test("finds one stuck value, near-constant too, but not a value that was nearly always there", () => {
    expect(judgeOne(steady, repeat(400, 7)).outcome("constant")).toBe("problem");
    expect(judgeOne(steady, [...repeat(980, 7), ...spread(20)]).outcome("constant")).toBe(
      "problem",
    );
    const rare = [...repeat(1_980, 0), ...repeat(20, 1)];
    expect(judgeOne(rare, repeat(1_000, 0)).outcome("constant")).toBe("ok");
    expect(judgeOne(repeat(500, 3), repeat(500, 3)).quality.verdict).toEqual({ kind: "ok" });
  });

  test("weighs unseen values against how many new ones the baseline kept meeting", () => {
    const names = { hasNames: true };
    const few = [...repeat(600, "ATL"), ...repeat(400, "JFK")];
    const { asked, outcome } = judgeOne(few, [...repeat(950, "ATL"), ...repeat(50, "XXX")], names);
    expect(outcome("unseen_category")).toBe("problem");
    expect(asked.unseenValues).toEqual([{ name: "XXX", count: 50 }]);
    const ids = (from: number) => Array.from({ length: 900 }, (_, i) => `id-${from + i}`);
    expect(judgeOne(ids(0), ids(5_000), names).outcome("unseen_category")).toBe("ok");
  });

  test("a code that came as numbers in training and as text in production is of the wrong kind", () => {
    const codes = Array.from({ length: 600 }, (_, i) => i % 3);
    const { outcome } = judgeOne(codes, codes.map(String), { hasNames: true });
    expect(outcome("wrong_kind")).toBe("problem");
  });

  test("a declared bound holds without a baseline, a declared list replaces the learned one", () => {
    const declared = { minimum: 0, maximum: 100 };
    const { outcome, quality } = judgeOne(null, [...repeat(900, 5), ...repeat(20, 101)], {
      declared,
    });
    expect(outcome("above_range")).toBe("problem");
    expect(outcome("below_range")).toBe("ok");
    expect(quality.verdict.kind).toBe("problem");
    const values = { hasNames: true, declared: { allowedValues: ["a", "b"] } };
    const same = [...repeat(500, "a"), ...repeat(500, "c")];
    expect(judgeOne(same, same, values).outcome("unseen_category")).toBe("problem");
    const free = { hasNames: true, declared: { allowedValues: null } };
    expect(judgeOne(same, repeat(500, "z"), free).outcome("unseen_category")).toBeUndefined();
  });

  test("a required feature may lack nothing, whatever the baseline lacked", () => {
    const half = [...spread(500), ...repeat(500, null)];
    expect(judgeOne(half, half).outcome("null")).toBe("ok");
    expect(judgeOne(half, half, { declared: { isRequired: true } }).outcome("null")).toBe(
      "problem",
    );
  });
});

test("with nothing wrong anywhere, at most one run in twenty finds a problem", () => {
  const random = seededRandom(20261128);
  const draw = (count: number): FeatureValue[] =>
    Array.from({ length: count }, () => {
      const u = random();
      if (u < 0.03) return null;
      if (u < 0.05) return undefined;
      return u < 0.055 ? "n/a" : Math.round(20 * normalFrom(random));
    });
  const runs = 60;
  let alarms = 0;
  for (let run = 0; run < runs; run += 1) {
    const features = Array.from({ length: 6 }, () => {
      const baseline = both(draw(400));
      const window = both(draw(300));
      return askFeature({ baseline, window, declared: {}, hasNames: false, declaredKind: "number" })
        .checks;
    });
    if (judgeQuality(features).some((one) => one.verdict.kind === "problem")) alarms += 1;
  }
  expect(alarms / runs).toBeLessThanOrEqual(0.05);
}, 60_000);
