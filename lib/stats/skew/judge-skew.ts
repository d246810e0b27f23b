/** Verdict per feature: skew, no skew, or cannot say, for all features of one model together.
 *
 *  Rule. A feature is tested when both sides have it at all and at least `pairsMin` pairs were compared. Tests of all
 *  features are one family (Benjamini-Hochberg); skew is an adjusted p-value of at most the false-discovery rate, the null
 *  being that the mismatch rate is no more than the floor. With 100 pairs and a floor of 0.1 % one differing pair alone is
 *  never enough.
 *  Degenerate input: no features: none; what could not be tested is no member of the family. */

import { adjustPValues, FALSE_DISCOVERY_RATE } from "#lib/stats/false-discovery.ts";
import type { Rate } from "#lib/stats/skew/mismatch-rate.ts";
import { floorPValue, mismatchRate } from "#lib/stats/skew/mismatch-rate.ts";
import type { SkewCounts } from "#lib/stats/skew/skew-counts.ts";
import {
  comparedOf,
  differingOf,
  offlineCountOf,
  servedCountOf,
} from "#lib/stats/skew/skew-counts.ts";

export const skewDefaults = {
  pairsMin: 100,
  floor: 0.001,
  falseDiscoveryRate: FALSE_DISCOVERY_RATE,
} as const;

export type SkewRule = {
  readonly pairsMin?: number;
  readonly floor?: number;
  readonly falseDiscoveryRate?: number;
};

export type SkewVerdict =
  | { readonly kind: "skew" }
  | { readonly kind: "no_skew"; readonly reason: "no_difference" | "within_floor" }
  | { readonly kind: "cannot_say"; readonly reason: "not_offline" | "not_served" }
  | {
      readonly kind: "cannot_say";
      readonly reason: "too_few_pairs";
      readonly have: number;
      readonly needed: number;
    };

export type JudgedSkew = {
  readonly verdict: SkewVerdict;
  readonly rate: Rate | null;
  /** Null when the feature could not be tested. */
  readonly pValue: number | null;
  readonly adjustedPValue: number | null;
};

const untestable = (counts: SkewCounts, needed: number): SkewVerdict | null => {
  const have = comparedOf(counts);
  if (have > 0 && offlineCountOf(counts) === 0)
    return { kind: "cannot_say", reason: "not_offline" };
  if (have > 0 && servedCountOf(counts) === 0) return { kind: "cannot_say", reason: "not_served" };
  return have < needed ? { kind: "cannot_say", reason: "too_few_pairs", have, needed } : null;
};

/** Judgements in the order of the features. */
export const judgeSkew = (features: readonly SkewCounts[], rule: SkewRule = {}): JudgedSkew[] => {
  const { pairsMin, floor, falseDiscoveryRate } = { ...skewDefaults, ...rule };
  const rates = features.map((counts) => mismatchRate(differingOf(counts), comparedOf(counts)));
  const reasons = features.map((counts) => untestable(counts, pairsMin));
  const tested = features.flatMap((counts, index) =>
    reasons[index] === null
      ? [{ index, pValue: floorPValue(differingOf(counts), comparedOf(counts), floor) }]
      : [],
  );
  const adjusted = adjustPValues(tested.map(({ pValue }) => pValue));
  const tests = new Map(
    tested.map(({ index, pValue }, i) => [index, { pValue, adjustedPValue: adjusted[i] ?? 1 }]),
  );
  return features.map((counts, index) => {
    const rate = rates[index] ?? null;
    const test = tests.get(index);
    const reason = reasons[index] ?? null;
    if (test === undefined || reason !== null) {
      const verdict = reason ?? { kind: "no_skew", reason: "no_difference" };
      return { verdict, rate, pValue: null, adjustedPValue: null };
    }
    if (test.adjustedPValue <= falseDiscoveryRate)
      return { verdict: { kind: "skew" }, rate, ...test };
    const isSame = differingOf(counts) === 0;
    const verdict = { kind: "no_skew", reason: isSame ? "no_difference" : "within_floor" } as const;
    return { verdict, rate, ...test };
  });
};
