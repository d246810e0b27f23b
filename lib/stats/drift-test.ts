/** Drift test: one question about one feature (did its values change, or the rate of something in it?), answered by a p-value
 *  for the evidence and effects for its size, or by what is lacking.
 *
 *  Values of a category: chi-squared over its cells, sparse ones pooled (homogeneity.ts); effect: Hellinger's distance.
 *  Values of a number: Cramer-von Mises, which sees shifts, and chi-squared over the reference bins, which sees changes of
 *  scale and shape; p is the smallest of p_i / w_i with the weights 0.8 and 0.2 (weighted Bonferroni: Genovese, Roeder and
 *  Wasserman 2006). Effects: Wasserstein's distance over the baseline's standard deviation, and Hellinger's over the bins. A
 *  constant baseline is tested as categories alone.
 *  Rates: the two-proportion test, exact where it is sparse; effect: Hellinger's distance of the two rates, and of what is out
 *  of range its share. Two rates that
 *  the baseline cannot have by definition are held against what it gives itself: out of range (range-overrun.ts), and unseen,
 *  where each value of the baseline that occurs once would be unseen had it been left out (Good and Turing).
 *  Intervals of effects are at 95 %; that of the Wasserstein distance, with fewer than 1,000 rows on a side, at 97.5 %, since it
 *  falls short there (docs/operating-characteristics.md).
 *  Degenerate input: fewer rows than the minimum on a side: cannot say; one occupied cell (both sides constant, or a rate
 *  of 0 or 1 on both): p = 1 and no distance. */

import type { Cells } from "#lib/stats/cells.ts";
import { sumOf } from "#lib/stats/cells.ts";
import { computeHellingerEffect } from "#lib/stats/hellinger.ts";
import { testHomogeneity } from "#lib/stats/homogeneity.ts";
import type { Interval } from "#lib/stats/interval.ts";
import { NORMAL_QUANTILE_975 } from "#lib/stats/interval.ts";
import { normalSurvival } from "#lib/stats/normal-distribution.ts";
import { rangeOverrunPValue } from "#lib/stats/range-overrun.ts";
import { newcombeInterval } from "#lib/stats/rate-change.ts";
import type { Wasserstein } from "#lib/stats/wasserstein.ts";
import { wassersteinInterval } from "#lib/stats/wasserstein.ts";

export type SampleSizes = { readonly baseline: number; readonly window: number };

export type CannotSay = {
  readonly kind: "cannot_say";
  readonly reason: "too_few_baseline_rows" | "too_few_window_rows" | "too_few_rows_per_bin";
  readonly have: number;
  readonly needed: number;
};

export type EffectName = "wasserstein_normed" | "hellinger" | "rate_difference";

/** How large a change is: the distance, what it is about with no drift, and its interval. */
export type Effect = {
  readonly statistic: EffectName;
  readonly value: number;
  readonly nullExpectation: number;
  readonly lowerBound: number;
  readonly upperBound: number;
};

export type EvidenceName =
  | "cramer_von_mises"
  | "chi_squared"
  | "two_proportions"
  | "range_overrun"
  | "leave_one_out";

/** One test behind the p-value: its own p, and the weight that it has in the smallest of p / weight. */
export type Evidence = {
  readonly test: EvidenceName;
  readonly pValue: number;
  readonly weight: number;
};

export type RateName =
  | "missing"
  | "nan"
  | "infinite"
  | "type_violations"
  | "out_of_range"
  | "unseen";
export type DriftTestName = "values" | RateName;

/** Counts of a rate on both sides, and the interval of the difference of the shares, window less baseline. */
export type RateCounts = {
  readonly baseline: number;
  readonly window: number;
  readonly interval: Interval;
};

export type DriftTest = {
  readonly name: DriftTestName;
  readonly sampleSizes: SampleSizes;
  /** Null for the test of the values, and where a side has no rows. */
  readonly rate: RateCounts | null;
} & (
  | CannotSay
  | {
      readonly kind: "tested";
      readonly pValue: number;
      readonly evidence: readonly Evidence[];
      readonly effects: readonly Effect[];
      readonly cellCount: number;
      readonly pooledCellCount: number;
    }
);

const CRAMER_VON_MISES_WEIGHT = 0.8;
const SMALL_BELOW_ROWS = 1_000;
const NORMAL_QUANTILE_9875 = 2.241402727604947;

/** Null when both sides have enough rows. */
export const findLack = (
  { baseline, window }: SampleSizes,
  rowCountMin: number,
): CannotSay | null => {
  if (baseline < rowCountMin) {
    return {
      kind: "cannot_say",
      reason: "too_few_baseline_rows",
      have: baseline,
      needed: rowCountMin,
    };
  }
  if (window < rowCountMin) {
    return { kind: "cannot_say", reason: "too_few_window_rows", have: window, needed: rowCountMin };
  }
  return null;
};

const quantileFor = ({ baseline, window }: SampleSizes): number =>
  Math.min(baseline, window) < SMALL_BELOW_ROWS ? NORMAL_QUANTILE_9875 : NORMAL_QUANTILE_975;

const combine = (evidence: readonly Evidence[]): number =>
  Math.min(1, ...evidence.map(({ pValue, weight }) => pValue / weight));

export const testCells = (name: DriftTestName, cells: Cells, rowCountMin: number): DriftTest => {
  const sampleSizes = { baseline: sumOf(cells.baseline), window: sumOf(cells.window) };
  // An empty side cannot be tested whatever the caller's minimum.
  const lack = findLack(sampleSizes, Math.max(1, rowCountMin));
  if (lack !== null) return { name, sampleSizes, rate: null, ...lack };
  const tested = testHomogeneity(cells);
  const effect = tested === null ? null : computeHellingerEffect(tested.cells);
  if (tested === null || effect === null) throw new Error("two sides with rows can be tested");
  const { distance, nullExpectation, lowerBound, upperBound } = effect;
  return {
    name,
    sampleSizes,
    rate: null,
    kind: "tested",
    pValue: tested.pValue,
    evidence: [{ test: "chi_squared", pValue: tested.pValue, weight: 1 }],
    effects: [{ statistic: "hellinger", value: distance, nullExpectation, lowerBound, upperBound }],
    cellCount: tested.cells.baseline.length,
    pooledCellCount: tested.pooledCellCount,
  };
};

/** The same test of a number's values, with what their order tells: the p-value of Cramer-von Mises as evidence, and the
 *  Wasserstein distance in standard deviations, where there is one, as the first effect. */
export const withOrder = (
  test: DriftTest,
  cramerVonMisesPValue: number,
  wassersteinNormed: Wasserstein | null,
): DriftTest => {
  if (test.kind === "cannot_say") return test;
  const evidence: Evidence[] = [
    {
      test: "cramer_von_mises",
      pValue: cramerVonMisesPValue,
      weight: CRAMER_VON_MISES_WEIGHT,
    },
    ...test.evidence.map((one) => ({ ...one, weight: 1 - CRAMER_VON_MISES_WEIGHT })),
  ];
  const effects = [...test.effects];
  if (wassersteinNormed !== null) {
    const { value, nullExpectation } = wassersteinNormed;
    const { low, high } = wassersteinInterval(wassersteinNormed, quantileFor(test.sampleSizes));
    effects.unshift({
      statistic: "wasserstein_normed",
      value,
      nullExpectation,
      lowerBound: low,
      upperBound: high,
    });
  }
  return { ...test, evidence, effects, pValue: combine(evidence) };
};

type Rates = {
  /** How many rows have it, and how many were asked. */
  readonly counts: SampleSizes;
  readonly rows: SampleSizes;
  readonly rowCountMin: number;
};

/** The two-proportion test of a rate. */
export const testRate = (name: RateName, { counts, rows, rowCountMin }: Rates): DriftTest => {
  const cells = {
    baseline: [counts.baseline, rows.baseline - counts.baseline],
    window: [counts.window, rows.window - counts.window],
  };
  const test = testCells(name, cells, rowCountMin);
  const rate =
    rows.baseline === 0 || rows.window === 0
      ? null
      : {
          ...counts,
          interval: newcombeInterval(
            { count: counts.baseline, total: rows.baseline },
            { count: counts.window, total: rows.window },
          ),
        };
  if (test.kind === "cannot_say") return { ...test, rate };
  return { ...test, rate, evidence: [{ test: "two_proportions", pValue: test.pValue, weight: 1 }] };
};

type Tested = Extract<DriftTest, { kind: "tested" }>;

const withEvidence = (test: Tested, name: EvidenceName, pValue: number): Tested => ({
  ...test,
  pValue,
  evidence: [{ test: name, pValue, weight: 1 }],
});

/** Values of the window outside the baseline's range; the effect is their share. */
export const testOutOfRange = (
  outside: number,
  rows: SampleSizes,
  rowCountMin: number,
): DriftTest => {
  const counts = { baseline: 0, window: outside };
  const test = testRate("out_of_range", { counts, rows, rowCountMin });
  if (test.kind === "cannot_say" || test.rate === null) return test;
  const pValue = rangeOverrunPValue(outside, rows.baseline, rows.window);
  const effect: Effect = {
    statistic: "rate_difference",
    value: outside / rows.window,
    nullExpectation: 2 / (rows.baseline + 1),
    lowerBound: Math.max(0, test.rate.interval.low),
    upperBound: test.rate.interval.high,
  };
  return { ...withEvidence(test, "range_overrun", pValue), effects: [effect] };
};

export type Unseen = {
  /** Rows of the window whose value the baseline lacks. */
  readonly unseenCount: number;
  /** Values that the baseline has once, and twice. */
  readonly onceCount: number;
  readonly twiceCount: number;
};

/** Unseen values beyond those that the baseline would not have seen of itself: fewer of them are no finding. */
export const testUnseen = (
  { unseenCount, onceCount, twiceCount }: Unseen,
  rows: SampleSizes,
  rowCountMin: number,
): DriftTest => {
  const counts = { baseline: onceCount, window: unseenCount };
  const test = testRate("unseen", { counts, rows, rowCountMin });
  if (test.kind === "cannot_say") return test;
  const [expected, share] = [onceCount / rows.baseline, unseenCount / rows.window];
  if (share <= expected) return withEvidence(test, "leave_one_out", 1);
  const pooled = (onceCount + unseenCount) / (rows.baseline + rows.window);
  // The mass of what was never seen varies by (n1 + 2 n2) / n^2 from one baseline to another.
  const variance =
    (pooled * (1 - pooled)) / rows.window + (onceCount + 2 * twiceCount) / rows.baseline ** 2;
  const byMass = normalSurvival((share - expected) / Math.sqrt(variance));
  return withEvidence(test, "leave_one_out", Math.max(test.pValue, byMass));
};
