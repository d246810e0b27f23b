import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TfdvConfusion, TfdvRow } from "#lib/stats/compatibility/tfdv-skew.ts";
import { tfdvFeatureSkew } from "#lib/stats/compatibility/tfdv-skew.ts";
import type { SkewValue } from "#lib/stats/skew/compare-values.ts";
import { comparePair } from "#lib/stats/skew/compare-values.ts";
import { explainPairs } from "#lib/stats/skew/explain-pairs.ts";
import { findOnset } from "#lib/stats/skew/find-onset.ts";
import { judgeSkew } from "#lib/stats/skew/judge-skew.ts";
import { floorPValue, mismatchRate } from "#lib/stats/skew/mismatch-rate.ts";
import { roundHalfEven } from "#lib/stats/skew/round-half-even.ts";
import type { SkewCounts } from "#lib/stats/skew/skew-counts.ts";
import {
  addOutcome,
  comparedOf,
  differingOf,
  mergeCounts,
  noPairs,
} from "#lib/stats/skew/skew-counts.ts";
import { GOLDEN_SKIPPED, readGolden } from "#lib/stats/testing/golden.ts";
import { disagreement, readReference } from "#lib/stats/testing/reference.ts";

type Counted = Record<
  | "base_count"
  | "test_count"
  | "match_count"
  | "mismatch_count"
  | "base_only"
  | "test_only"
  | "diff_count",
  number
> & { feature: string };
type Vector = {
  id: string;
  identifiers: string[];
  ignore?: string[];
  float_round_ndigits?: number | null;
  allow_duplicate_identifiers?: boolean;
  base?: TfdvRow[];
  test?: TfdvRow[];
  base_ids?: (string | null)[];
  test_ids?: (string | null)[];
  expected?: Counted[];
  skipped_duplicate_identifiers?: number;
  expected_match_stats?: Record<string, number>;
  expected_confusion?: TfdvConfusion[];
};

const golden = readGolden<{ skew: Vector[] }>("vectors.json")?.skew ?? null;
const idRows = (ids: (string | null)[] = []): TfdvRow[] => ids.map((id) => ({ id }));
const snake = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const inWords = (counts: object) =>
  Object.fromEntries(Object.entries(counts).map(([name, value]) => [snake(name), value]));
const byFeature = (a: Counted, b: Counted) => (a.feature < b.feature ? -1 : 1);

describe("per-row skew of TensorFlow Data Validation", () => {
  test("its vectors are there, when their folder is named", ({ skip }) => {
    if (golden === null) return skip(GOLDEN_SKIPPED);
    expect(golden.length).toBeGreaterThanOrEqual(8);
  });

  test.each(golden ?? [])("agrees: $id", (vector) => {
    const skew = tfdvFeatureSkew(
      vector.base ?? idRows(vector.base_ids),
      vector.test ?? idRows(vector.test_ids),
      {
        identifiers: vector.identifiers,
        ignore: vector.ignore ?? [],
        floatRoundDigits: vector.float_round_ndigits ?? null,
        allowDuplicates: vector.allow_duplicate_identifiers ?? false,
      },
    );
    const { expected, expected_match_stats: stats, expected_confusion: confusion } = vector;
    expect([expected, stats, confusion].some((one) => one !== undefined)).toBe(true);
    if (expected !== undefined) {
      const found = skew.features.map((one) => inWords(one) as Counted);
      expect(found.sort(byFeature)).toEqual([...expected].sort(byFeature));
    }
    if (stats !== undefined) expect(inWords(skew.matchStats)).toEqual(stats);
    if (confusion !== undefined) expect(skew.confusionOf("value_skew")).toEqual(confusion);
    const skipped = vector.skipped_duplicate_identifiers;
    if (skipped !== undefined) expect(skew.skippedDuplicates).toBe(skipped);
  });
});

type Reference = {
  rates: {
    differing: number;
    compared: number;
    floor: number;
    lower: number;
    upper: number;
    p_value: number;
  }[];
  rounded: { value: number; digits: number; expected: number }[];
  close: { a: number; b: number; absolute: number; relative: number; expected: boolean }[];
  onsets: { name: string; series: [number, number][]; split: number | null; p_value: number }[];
  planted: {
    name: string;
    kind: string | null;
    share: number;
    value: number | string | null;
    pairs: [SkewValue, SkewValue][];
  }[];
};
const reference = readReference<Reference>("skew");

describe("the mismatch rate", () => {
  test.each(reference.rates)("$differing of $compared as scipy has it", (one) => {
    const rate = mismatchRate(one.differing, one.compared);
    // The interval is the same closed form; the tail's logarithms of factorials lose digits as n grows.
    expect(
      disagreement(rate?.lower ?? null, one.lower, { atol: 1e-14, rtol: 1e-12 }),
    ).toBeUndefined();
    expect(
      disagreement(rate?.upper ?? null, one.upper, { atol: 1e-14, rtol: 1e-12 }),
    ).toBeUndefined();
    const p = floorPValue(one.differing, one.compared, one.floor);
    expect(disagreement(p, one.p_value, { rtol: 2e-6, atol: 1e-300 })).toBeUndefined();
  });

  test("of nothing is no rate, and proves nothing", () => {
    expect(mismatchRate(0, 0)).toBeNull();
    expect(floorPValue(0, 0, 0.001)).toBe(1);
    expect(floorPValue(5, 10, 0)).toBe(0);
    expect(floorPValue(5, 10, 1)).toBe(1);
  });

  test("has its value inside its interval, and a p-value that falls as more differ", () => {
    const counts = fc.nat(3_000).chain((n) => fc.tuple(fc.nat(n), fc.constant(n + 1)));
    fc.assert(
      fc.property(counts, ([k, n]) => {
        const rate = mismatchRate(k, n);
        expect(rate?.lower).toBeLessThanOrEqual(rate?.value ?? -1);
        expect(rate?.upper).toBeGreaterThanOrEqual(rate?.value ?? 2);
        const [here, next] = [floorPValue(k, n, 0.001), floorPValue(k + 1, n, 0.001)];
        expect(next).toBeLessThanOrEqual(here + 1e-12);
      }),
    );
  });
});

test.each(reference.rounded)("$value to $digits digits as Python rounds", (one) => {
  expect(roundHalfEven(one.value, one.digits)).toBe(one.expected);
});

describe("two values of one feature", () => {
  test("are as close as Python's isclose says", () => {
    for (const { a, b, absolute, relative, expected } of reference.close) {
      const outcome = comparePair(a, b, { absolute, relative });
      expect(outcome, `${a} and ${b} by ${absolute}, ${relative}`).toBe(
        expected ? "match" : "mismatch",
      );
    }
  });

  test.each<[SkewValue, SkewValue, string]>([
    ["00728", 728, "type_mismatch"],
    [true, 1, "type_mismatch"],
    ["true", true, "type_mismatch"],
    ["ATL", "ATL", "match"],
    ["ATL", "atl", "mismatch"],
    [false, false, "match"],
    [true, false, "mismatch"],
    [Number.NaN, Number.NaN, "match"],
    [Number.NaN, 1, "mismatch"],
    [Infinity, Infinity, "match"],
    [Infinity, -Infinity, "mismatch"],
    [Infinity, 1e308, "mismatch"],
    [0, -0, "match"],
    ["", "", "match"],
    ["", null, "offline_only"],
    [null, 0, "served_only"],
    [undefined, 0, "served_only"],
    [0, undefined, "offline_only"],
    [null, null, "no_value"],
    [null, undefined, "no_value"],
    [undefined, undefined, "no_value"],
  ])("%j offline, %j served: %s", (offline, served, outcome) => {
    expect(comparePair(offline, served)).toBe(outcome);
  });

  test("part the pairs, whichever side they stand on", () => {
    const value = fc.oneof(
      fc.double(),
      fc.string(),
      fc.boolean(),
      fc.constantFrom(null, undefined),
    );
    const turned: Record<string, string> = {
      served_only: "offline_only",
      offline_only: "served_only",
    };
    fc.assert(
      fc.property(value, value, (a, b) => {
        const outcome = comparePair(a, b);
        expect(comparePair(b, a)).toBe(turned[outcome] ?? outcome);
        expect(comparePair(a, a)).toBe(a === null || a === undefined ? "no_value" : "match");
      }),
    );
  });
});

describe("counts", () => {
  test("are the same in one piece and merged, and add up", () => {
    const outcomes = fc.array(
      fc.constantFrom(
        "match" as const,
        "mismatch" as const,
        "type_mismatch" as const,
        "offline_only" as const,
        "served_only" as const,
        "no_value" as const,
      ),
    );
    fc.assert(
      fc.property(outcomes, outcomes, (a, b) => {
        const whole = [...a, ...b].reduce(addOutcome, noPairs);
        expect(mergeCounts(a.reduce(addOutcome, noPairs), b.reduce(addOutcome, noPairs))).toEqual(
          whole,
        );
        const valued = [...a, ...b].filter((one) => one !== "no_value");
        expect(comparedOf(whole)).toBe(valued.length);
        expect(differingOf(whole) + whole.match).toBe(comparedOf(whole));
      }),
    );
  });
});

const counts = (over: Partial<SkewCounts>): SkewCounts => ({ ...noPairs, ...over });

describe("a verdict", () => {
  test.each<[string, SkewCounts, object]>([
    [
      "too few pairs",
      counts({ match: 99 }),
      { kind: "cannot_say", reason: "too_few_pairs", have: 99, needed: 100 },
    ],
    ["no pair", noPairs, { kind: "cannot_say", reason: "too_few_pairs", have: 0, needed: 100 }],
    ["never offline", counts({ servedOnly: 5_000 }), { kind: "cannot_say", reason: "not_offline" }],
    ["never served", counts({ offlineOnly: 5_000 }), { kind: "cannot_say", reason: "not_served" }],
    ["nothing differs", counts({ match: 5_000 }), { kind: "no_skew", reason: "no_difference" }],
    [
      "one of a hundred differs",
      counts({ match: 99, mismatch: 1 }),
      { kind: "no_skew", reason: "within_floor" },
    ],
    [
      "ten of ten thousand differ",
      counts({ match: 9_990, mismatch: 10 }),
      { kind: "no_skew", reason: "within_floor" },
    ],
    ["4.2 % differ", counts({ match: 11_956, mismatch: 524 }), { kind: "skew" }],
    ["served lacks what offline has", counts({ match: 900, offlineOnly: 100 }), { kind: "skew" }],
    ["another type", counts({ match: 900, typeMismatch: 100 }), { kind: "skew" }],
  ])("on %s", (_name, one, verdict) => {
    expect(judgeSkew([one])[0]?.verdict).toEqual(verdict);
  });

  test("of many features at once finds no skew where there is only as much as the floor allows", () => {
    const one = counts({ match: 998, mismatch: 2 });
    const three = counts({ match: 996, mismatch: 4 });
    expect(judgeSkew([three])[0]?.verdict.kind).toBe("skew");
    const family = judgeSkew([three, ...Array.from({ length: 99 }, () => one)]);
    expect(family.map(({ verdict }) => verdict.kind)).not.toContain("skew");
  });

  test("of no features is none", () => {
    expect(judgeSkew([])).toEqual([]);
  });
});

describe("the onset", () => {
  const hour = 3_600_000;
  test.each(reference.onsets)("of $name is where scipy's likelihoods have it", (one) => {
    const buckets = one.series.map(([differing, compared], i) => ({
      startMs: i * hour,
      differing,
      compared,
    }));
    const onset = findOnset(buckets);
    if (one.split === null || one.p_value > 0.01) return expect(onset).toBeNull();
    expect(onset?.startMs).toBe(one.split * hour);
    expect(disagreement(onset?.pValue ?? null, one.p_value, { rtol: 1e-6 })).toBeUndefined();
  });

  test("of nothing, of one bucket and of empty buckets is none", () => {
    const bucket = { startMs: 0, differing: 5, compared: 5 };
    for (const buckets of [[], [bucket], [bucket, { startMs: hour, differing: 0, compared: 0 }]])
      expect(findOnset(buckets)).toBeNull();
  });
});

describe("what explains differing pairs", () => {
  test.each(reference.planted)("$name", ({ kind, share, value, pairs }) => {
    const [best] = explainPairs(pairs.map(([offline, served]) => ({ offline, served })));
    if (kind === null) return expect(best).toBeUndefined();
    expect(best?.transformation.kind).toBe(kind);
    expect(best?.share).toBeGreaterThanOrEqual(share);
    const { transformation } = best ?? {};
    const found = {
      factor: null,
      amount: null,
      digits: null,
      minutes: null,
      value: null,
      ...transformation,
    };
    const parameter = found.factor ?? found.amount ?? found.digits ?? found.minutes ?? found.value;
    if (typeof value === "number") expect(parameter).toBeCloseTo(value, 5);
    else expect(parameter).toBe(value);
  });

  test("a known unit is named, an own factor is not", () => {
    const namesOf = (name: string) =>
      explainPairs(
        (reference.planted.find((one) => one.name === name)?.pairs ?? []).map(
          ([offline, served]) => ({ offline, served }),
        ),
      ).map(({ transformation }) => (transformation.kind === "scale" ? transformation.name : ""));
    expect(namesOf("miles to whole kilometres")).toContain("miles to kilometres");
    expect(namesOf("a factor of its own")).toEqual([null]);
  });

  test.each<[string, { offline: SkewValue; served: SkewValue }[]]>([
    ["nothing", []],
    ["nine pairs", Array.from({ length: 9 }, (_, i) => ({ offline: i + 1, served: 2 * i + 2 }))],
    ["one side alone", Array.from({ length: 50 }, (_, i) => ({ offline: i, served: null }))],
    [
      "values that are not finite",
      Array.from({ length: 50 }, () => ({ offline: Number.NaN, served: Infinity })),
    ],
    [
      "two values that are what they are",
      Array.from({ length: 50 }, (_, i) => ({ offline: i % 2, served: (i % 2) * 3 + 1 })),
    ],
  ])("%s is explained by nothing", (_name, pairs) => {
    expect(explainPairs(pairs)).toEqual([]);
  });

  test("a 32-bit float is named on the side that lost the digits", () => {
    const { pairs = [] } = reference.planted.find(({ name }) => name === "a 32-bit float") ?? {};
    const turned = pairs.map(([offline, served]) => ({ offline: served, served: offline }));
    expect(explainPairs(turned)[0]).toMatchObject({
      transformation: { kind: "float32", side: "offline" },
      share: 1,
    });
  });

  test("is the same in any order", () => {
    const { pairs } = reference.planted[4] ?? { pairs: [] };
    const given = pairs.map(([offline, served]) => ({ offline, served }));
    expect(explainPairs([...given].reverse())).toEqual(explainPairs(given));
  });
});
