import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BinnedStatistic } from "#lib/stats/binned-drift.ts";
import { binnedDriftAgainst, categoricalDriftAgainst } from "#lib/stats/binned-drift.ts";
import { driftOfCategorical, driftOfNumeric } from "#lib/stats/drift.ts";
import { featureProfileOf } from "#lib/stats/feature-profile.ts";
import { coarsenHistogram, commonGridOf } from "#lib/stats/numeric-histogram.ts";
import { countInBins, referenceBinsOf } from "#lib/stats/reference-bins.ts";
import { normalFrom, seededRandom } from "#lib/stats/testing/random.ts";

const normals = (count: number, seed: number, shift = 0): number[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => normalFrom(random) + shift);
};

const statisticOf = (
  drift: ReturnType<typeof driftOfNumeric> | ReturnType<typeof driftOfCategorical>,
  statistic: BinnedStatistic,
) => {
  const found = drift.statistics.find((one) => one.statistic === statistic);
  return found?.kind === "value"
    ? { value: found.value, nullExpectation: found.nullExpectation }
    : null;
};

const exact = ["psi", "jensen_shannon"] as const;

describe("a column of numbers", () => {
  const columnOf = (baseline: number[], window: number[], statistic: BinnedStatistic) => {
    const [reference, own] = [featureProfileOf(baseline), featureProfileOf(window)];
    const histogram = coarsenHistogram(reference, commonGridOf([reference, own]));
    const bins = referenceBinsOf(histogram, 20);
    return binnedDriftAgainst(histogram, bins.cuts, statistic)(countInBins(own, bins));
  };

  test.each([100, 400, 700, 5_000])(
    "PSI and Jensen-Shannon of %i rows are those of the whole comparison",
    (count) => {
      const [baseline, window] = [normals(4_000, 1), normals(count, 2, 0.3)];
      const drift = driftOfNumeric(featureProfileOf(baseline), featureProfileOf(window));
      for (const statistic of exact)
        expect(columnOf(baseline, window, statistic)).toMatchObject({
          kind: "value",
          ...statisticOf(drift, statistic),
        });
    },
  );

  test("windows of other sizes do not change what was found of the baseline", () => {
    const histogram = featureProfileOf(normals(4_000, 1));
    const { cuts } = referenceBinsOf(histogram, 20);
    const driftOf = binnedDriftAgainst(histogram, cuts, "psi");
    const windowCounts = (perBin: number) => cuts.map(() => perBin).concat(perBin);
    const before = driftOf(windowCounts(50));
    driftOf(windowCounts(6));
    driftOf(windowCounts(20));
    expect(driftOf(windowCounts(50))).toEqual(before);
    expect(before).toEqual(binnedDriftAgainst(histogram, cuts, "psi")(windowCounts(50)));
  });

  test("with too few rows there is nothing to say", () => {
    expect(columnOf(normals(4_000, 1), normals(99, 2), "psi")).toMatchObject({
      kind: "cannot_say",
      reason: "too_few_window_rows",
      test: { kind: "cannot_say", sampleSizes: { baseline: 4_000, window: 99 } },
    });
    expect(columnOf(normals(4_000, 1), [], "psi")).toMatchObject({ kind: "cannot_say" });
    expect(columnOf([], normals(4_000, 1), "psi")).toMatchObject({
      kind: "cannot_say",
      reason: "too_few_baseline_rows",
    });
  });
});

describe("a column of categories", () => {
  const categories = fc.array(
    fc.tuple(
      fc.constantFrom("a", "b", "c", "d", "e", ...Array.from({ length: 30 }, (_, i) => `n${i}`)),
      fc.integer({ min: 1, max: 300 }),
    ),
    { maxLength: 40 },
  );
  const profileOf = (counted: (readonly [string, number])[], otherCount: number) => {
    const values = counted.flatMap(([name, count]) => new Array<string>(count).fill(name));
    const profile = featureProfileOf(values);
    const { rowCount, stringCount } = profile;
    return {
      ...profile,
      rowCount: rowCount + otherCount,
      stringCount: stringCount + otherCount,
      otherCount,
    };
  };

  test("is what the whole comparison says of the statistic and of the values", () => {
    const tail = fc.constantFrom(0, 0, 7, 300);
    fc.assert(
      fc.property(categories, categories, tail, tail, (left, right, leftTail, rightTail) => {
        const [baseline, window] = [profileOf(left, leftTail), profileOf(right, rightTail)];
        const whole = driftOfCategorical(baseline, window);
        for (const statistic of exact) {
          const cell = categoricalDriftAgainst(baseline, statistic)(window);
          expect(cell.test).toEqual(whole.tests.find(({ name }) => name === "values"));
          const { value, nullExpectation } =
            cell.kind === "value" ? cell : { value: null, nullExpectation: null };
          expect(value === null ? null : { value, nullExpectation }).toEqual(
            statisticOf(whole, statistic),
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  test("has no order: PSI stands in for Kolmogorov-Smirnov", () => {
    const [baseline, window] = [
      profileOf(
        [
          ["a", 500],
          ["b", 500],
        ],
        0,
      ),
      profileOf(
        [
          ["a", 300],
          ["b", 700],
        ],
        0,
      ),
    ];
    expect(categoricalDriftAgainst(baseline, "kolmogorov_smirnov")(window)).toEqual(
      categoricalDriftAgainst(baseline, "psi")(window),
    );
  });
});
