/** Everything that is asked of one feature: its expectation, learned and declared, and the counts of both sides.
 *
 *  `baseline` null: nothing to compare with; only what a person declared is judged then.
 *  Degenerate input: no rows in the window: counts of 0, every check cannot say. */

import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import type { Expectation, UnseenValue } from "#lib/stats/quality/expectation.ts";
import {
  countSingletons,
  countUnseen,
  learnExpectation,
  NO_EXPECTATION,
} from "#lib/stats/quality/expectation.ts";
import type { DeclaredParts, QualityCheck } from "#lib/stats/quality/quality-checks.ts";
import { qualityChecksOf } from "#lib/stats/quality/quality-checks.ts";
import type { QualityCounts, ValueKind } from "#lib/stats/quality/quality-counts.ts";
import { findDominant, qualityCountsOf, ruleKindOf } from "#lib/stats/quality/quality-counts.ts";

/** What a person declared: a part that is left out is learned; null asks for nothing. */
export type DeclaredExpectation = {
  readonly minimum?: number | null | undefined;
  readonly maximum?: number | null | undefined;
  readonly allowedValues?: readonly string[] | null | undefined;
  readonly isRequired?: boolean | undefined;
};

/** One side's profile as it came, and as its declared type reads it (codes as names). */
export type ReadProfile = { readonly raw: FeatureProfile; readonly read: FeatureProfile };

export type FeatureQuestion = {
  readonly baseline: ReadProfile | null;
  readonly window: ReadProfile;
  readonly declared: DeclaredExpectation;
  /** Values are compared by name: categories and booleans. */
  readonly hasNames: boolean;
  /** What values should be where no baseline says so. */
  readonly declaredKind: ValueKind | null;
  readonly rowCountMin?: number;
};

export type AskedFeature = {
  readonly expectation: Expectation;
  readonly learned: Expectation;
  readonly declaredParts: DeclaredParts;
  readonly ruleKind: ValueKind | null;
  readonly baseline: QualityCounts | null;
  readonly window: QualityCounts;
  readonly unseenValues: readonly UnseenValue[];
  readonly checks: readonly QualityCheck[];
};

const declaredPartsOf = (declared: DeclaredExpectation): DeclaredParts => ({
  isRangeDeclared: {
    minimum: typeof declared.minimum === "number",
    maximum: typeof declared.maximum === "number",
  },
  areValuesDeclared: declared.allowedValues !== undefined && declared.allowedValues !== null,
  isRequired: declared.isRequired === true,
});

const mergeExpectation = (learned: Expectation, declared: DeclaredExpectation): Expectation => ({
  minimum: declared.minimum === undefined ? learned.minimum : declared.minimum,
  maximum: declared.maximum === undefined ? learned.maximum : declared.maximum,
  allowedValues:
    declared.allowedValues === undefined ? learned.allowedValues : declared.allowedValues,
  isRequired: declared.isRequired ?? learned.isRequired,
});

export const askFeature = (question: FeatureQuestion): AskedFeature => {
  const { baseline, window, declared, hasNames, declaredKind, rowCountMin } = question;
  const learned = baseline === null ? NO_EXPECTATION : learnExpectation(baseline.read, hasNames);
  const expectation = mergeExpectation(learned, declared);
  const declaredParts = declaredPartsOf(declared);
  const ruleKind =
    (baseline === null ? null : ruleKindOf(baseline.raw)) ?? declaredKind ?? ruleKindOf(window.raw);
  const dominantName = findDominant(window.read)?.name ?? null;
  const options = { expectation, ruleKind, dominantName, hasNames };
  const windowCounts = qualityCountsOf(window.raw, window.read, options);
  const baselineCounts =
    baseline === null ? null : withSingletons(baseline, options, declaredParts.areValuesDeclared);
  return {
    expectation,
    learned,
    declaredParts,
    ruleKind,
    baseline: baselineCounts,
    window: windowCounts,
    unseenValues:
      hasNames && expectation.allowedValues !== null
        ? countUnseen(window.read, expectation.allowedValues).values
        : [],
    checks: qualityChecksOf(baselineCounts, windowCounts, declaredParts, rowCountMin),
  };
};

/** Of a list that was learned from it a baseline lacks nothing: what it would lack, had a row been left out, stands in. */
const withSingletons = (
  { raw, read }: ReadProfile,
  options: Parameters<typeof qualityCountsOf>[2],
  areValuesDeclared: boolean,
): QualityCounts => {
  const counts = qualityCountsOf(raw, read, options);
  if (counts.unseen === null || areValuesDeclared) return counts;
  const count = countSingletons(read);
  return { ...counts, unseen: { least: count, most: count } };
};
