import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ErringGroup } from "#lib/stats/fairness/compare-errors.ts";
import { compareErrors } from "#lib/stats/fairness/compare-errors.ts";
import type { DecidedGroup, RateMeasure } from "#lib/stats/fairness/compare-groups.ts";
import { compareGroups, RATE_MEASURES } from "#lib/stats/fairness/compare-groups.ts";
import { judgeGap } from "#lib/stats/fairness/judge-gap.ts";
import { computeRateRatio } from "#lib/stats/fairness/ratio-interval.ts";
import { NO_MOMENT } from "#lib/stats/performance/moments.ts";
import { readReference } from "#lib/stats/testing/reference.ts";

const reference = readReference<{
  cases: {
    name: string;
    tables: { group: string; counts: [number, number, number, number] }[];
    rates: Record<RateMeasure, Record<string, number>>;
    summary: Record<string, number>;
  }[];
  ratios: {
    group: [number, number];
    reference: [number, number];
    low: number;
    high: number;
  }[];
}>("fairness");

const toGroup = (group: string, [tp, fp, fn, tn]: readonly number[]): DecidedGroup => {
  const confusion = {
    truePositive: tp ?? 0,
    falsePositive: fp ?? 0,
    falseNegative: fn ?? 0,
    trueNegative: tn ?? 0,
  };
  const { truePositive, falsePositive, falseNegative, trueNegative } = confusion;
  const selection = {
    count: truePositive + falsePositive,
    total: truePositive + falsePositive + falseNegative + trueNegative,
  };
  return { group, selection, confusion, isComparable: true };
};

describe.each(reference.cases)("$name", ({ tables, rates, summary }) => {
  const found = compareGroups(
    tables.map(({ group, counts }) => toGroup(group, counts)),
    null,
    1,
  );
  test("every rate of every group is fairlearn's", () => {
    for (const { group, rates: own } of found.groups)
      for (const measure of RATE_MEASURES)
        expect(own[measure]?.value).toBeCloseTo(rates[measure][group] ?? Number.NaN, 12);
  });
  test("every figure over all groups is fairlearn's", () => {
    for (const [name, value] of Object.entries(summary))
      expect(found.summary[name as keyof typeof found.summary], name).toBeCloseTo(value, 12);
  });
  test("the most selected group is the reference where none is declared", () => {
    const most = Math.max(...Object.values(rates.selection_rate));
    expect(rates.selection_rate[found.reference ?? ""]).toBe(most);
  });
});

test.each(reference.ratios)("the ratio of $group to $reference is the root search's", (one) => {
  const rate = ([count, total]: [number, number]) => ({ count, total });
  const found = computeRateRatio(rate(one.group), rate(one.reference));
  expect(found?.interval.low).toBeCloseTo(one.low, 9);
  expect(found?.interval.high).toBeCloseTo(one.high, 9);
});

describe("verdicts", () => {
  const gapOf = (own: number[], theirs: number[], measure: RateMeasure = "selection_rate") =>
    compareGroups([toGroup("own", own), toGroup("theirs", theirs)], "theirs")
      .groups.find(({ group }) => group === "own")
      ?.gaps.find((gap) => gap.measure === measure);

  test.each([
    ["a ratio of a half of many", [200, 50, 300, 450], [400, 100, 100, 400], "gap"],
    ["nine tenths of very many", [4200, 300, 800, 4700], [4600, 400, 400, 4600], "small_gap"],
    ["the same of many", [400, 100, 100, 400], [400, 100, 100, 400], "no_gap"],
    ["seven tenths of few", [10, 4, 12, 14], [14, 6, 8, 12], "cannot_say"],
  ])("%s", (_name, own, theirs, verdict) => {
    expect(gapOf(own, theirs)?.verdict).toBe(verdict);
  });

  test("twice the reference's rate is a gap as half of it is", () => {
    expect(gapOf([400, 100, 100, 400], [200, 50, 300, 450])?.verdict).toBe("gap");
  });

  test("what is within noise and reaches beyond the tolerance cannot be said", () => {
    const tolerated = { low: -0.1, high: 0.1 };
    const judge = (value: number, low: number, high: number, adjustedPValue: number) =>
      judgeGap({ value, interval: { low, high }, tolerated, adjustedPValue });
    expect(judge(0.02, -0.05, 0.09, 0.6)).toBe("no_gap");
    expect(judge(0.02, -0.15, 0.19, 0.8)).toBe("cannot_say");
    expect(judge(0.12, 0.02, 0.22, 0.04)).toBe("gap");
    expect(judge(0.06, 0.02, 0.1, 0.05)).toBe("small_gap");
  });
});

describe("degenerate input", () => {
  test("no groups, and one group, have nothing to compare", () => {
    expect(compareGroups([], null).reference).toBeNull();
    expect(compareGroups([toGroup("a", [40, 10, 10, 40])], null)).toMatchObject({
      reference: "a",
      groups: [{ gaps: [] }],
      summary: { demographicParityDifference: null, equalizedOddsDifference: null },
    });
  });

  test("a small group is listed with its interval, and never judged or chosen", () => {
    const found = compareGroups(
      [
        toGroup("small", [9, 0, 0, 0]),
        toGroup("a", [40, 10, 30, 40]),
        toGroup("b", [20, 10, 50, 40]),
      ],
      null,
    );
    expect(found.reference).toBe("a");
    const small = found.groups.find(({ group }) => group === "small");
    expect(small?.gaps).toEqual([]);
    expect(small?.rates.selection_rate).toMatchObject({ value: 1, total: 9 });
    expect(found.summary.demographicParityRatio).toBeCloseTo(30 / 50, 12);
  });

  test("nobody selected is a rate of zero, and a ratio to it is undefined", () => {
    const none = toGroup("none", [0, 0, 40, 60]);
    const some = toGroup("some", [30, 10, 10, 50]);
    const toNone = compareGroups([some, none], "none").groups[0]?.gaps[0];
    expect(toNone).toMatchObject({ ratio: null, difference: 0.4, verdict: "gap" });
    const ofNone = compareGroups([none, some], "some").groups[0]?.gaps[0];
    expect(ofNone?.ratio).toMatchObject({ value: 0, interval: { low: 0 } });
    expect(ofNone?.ratio?.interval.high).toBeLessThan(0.2);
    expect(compareGroups([none, some], null).groups[0]?.rates.precision).toBeNull();
  });

  test("a declared reference that has no rows leaves every gap open", () => {
    const found = compareGroups([toGroup("a", [40, 10, 10, 40])], "gone");
    expect(found.reference).toBe("gone");
    expect(found.groups[0]?.gaps).toEqual([]);
  });

  test("rows that state no group are listed and compared with nothing", () => {
    const unstated = { ...toGroup("", [90, 10, 0, 0]), isComparable: false };
    const found = compareGroups([unstated, toGroup("a", [40, 10, 10, 40])], null);
    expect(found.reference).toBe("a");
    expect(found.groups[0]?.gaps).toEqual([]);
    expect(found.summary.demographicParityDifference).toBeNull();
  });
});

test("whatever the counts, intervals hold their values and the order of groups changes nothing", () => {
  const counts = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(counts, { minLength: 2, maxLength: 6 }), (tables) => {
      const groups = tables.map((table, i) => toGroup(`g${i}`, table));
      const forth = compareGroups(groups, "g0");
      const back = compareGroups(groups.toReversed(), "g0");
      expect(back.summary).toEqual(forth.summary);
      for (const { group, gaps, rates } of forth.groups) {
        for (const rate of Object.values(rates)) {
          if (rate === null) continue;
          expect(rate.interval.low).toBeLessThanOrEqual(rate.value + 1e-12);
          expect(rate.interval.high).toBeGreaterThanOrEqual(rate.value - 1e-12);
        }
        const same = back.groups.find((one) => one.group === group);
        gaps.forEach((gap, i) => {
          expect(same?.gaps[i]?.difference).toBe(gap.difference);
          expect(same?.gaps[i]?.adjustedPValue).toBeCloseTo(gap.adjustedPValue, 12);
          expect(gap.interval.low).toBeLessThanOrEqual(gap.difference + 1e-12);
          if (gap.ratio === null) return;
          expect(gap.ratio.interval.low).toBeLessThanOrEqual(gap.ratio.value + 1e-9);
          expect(gap.ratio.interval.high).toBeGreaterThanOrEqual(gap.ratio.value - 1e-9);
        });
      }
    }),
  );
});

describe("errors of a regression", () => {
  const erring = (group: string, mean: number, count = 400, spread = 4): ErringGroup => ({
    group,
    isComparable: true,
    moments: {
      mean_error: { count, mean, m2: spread * Math.max(0, count - 1) },
      mean_absolute_error: { count, mean: 1.5, m2: count },
    },
  });

  test("of the largest group are what others are held against, and a shift is found", () => {
    const found = compareErrors(
      [erring("large", 0, 900), erring("low", -1), erring("like", 0.02)],
      null,
      30,
    );
    expect(found.reference).toBe("large");
    const verdictOf = (name: string) =>
      found.groups.find(({ group }) => group === name)?.gaps.map(({ verdict }) => verdict);
    expect(verdictOf("low")).toEqual(["gap", "no_gap"]);
    expect(verdictOf("like")).toEqual(["no_gap", "no_gap"]);
  });

  test("of too few rows, or of none, are not judged", () => {
    const empty = {
      ...erring("empty", 0),
      moments: { mean_error: NO_MOMENT, mean_absolute_error: NO_MOMENT },
    };
    const found = compareErrors([erring("large", 0, 900), erring("few", 3, 12), empty], null, 30);
    expect(found.groups.slice(1).map(({ gaps }) => gaps)).toEqual([[], []]);
    expect(found.groups[2]?.errors.mean_error).toBeNull();
    expect(compareErrors([], null, 30)).toEqual({ reference: null, tolerance: null, groups: [] });
  });
});
