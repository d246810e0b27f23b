/** What a feature is expected to be, and how many of a profile's rows are not.
 *
 *  A bound of a range or a list of values is learned from a baseline (its minimum and maximum, its values), or declared by
 *  a person. A count is between `least` and `most`: a profile's bin that a bound cuts through may hold values on both of its
 *  sides. It is exact when both are equal, as they are while every bin holds one value or lies on one side.
 *  Degenerate input: no values: 0 to 0; nothing expected: null, which asks nothing. */

import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { rightEdgeOf } from "#lib/stats/float-grid.ts";
import { isExactHistogram } from "#lib/stats/numeric-histogram.ts";

export type CountBounds = { readonly least: number; readonly most: number };

export type Expectation = {
  /** Null: values below, or above, are not asked about. */
  readonly minimum: number | null;
  readonly maximum: number | null;
  /** Null: any value is expected. */
  readonly allowedValues: readonly string[] | null;
  /** No row may lack it. */
  readonly isRequired: boolean;
};

export const NO_EXPECTATION: Expectation = {
  minimum: null,
  maximum: null,
  allowedValues: null,
  isRequired: false,
};

/** What a baseline teaches. A list with a tail is no list of all values: then none is learned. */
export const learnExpectation = (baseline: FeatureProfile, hasNames: boolean): Expectation => ({
  minimum: baseline.minimum,
  maximum: baseline.maximum,
  allowedValues:
    hasNames && baseline.otherCount === 0 && baseline.valueNames.length > 0
      ? baseline.valueNames
      : null,
  isRequired: false,
});

type Bin = { readonly lowest: number; readonly highest: number; readonly isClosed: boolean };

/** The least value that a bin may hold, and the greatest; `isClosed` says that `highest` itself may occur. */
const binOf = (profile: FeatureProfile, edge: number): Bin => {
  if (isExactHistogram(profile)) return { lowest: edge, highest: edge, isClosed: true };
  const floor = edge === 0 && profile.zeroFloor > 0 ? -profile.zeroFloor : edge;
  const right = rightEdgeOf(edge, profile);
  const maximum = profile.maximum ?? right;
  return {
    lowest: Math.max(floor, profile.minimum ?? floor),
    highest: Math.min(right, maximum),
    isClosed: maximum < right,
  };
};

export const countBelow = (profile: FeatureProfile, bound: number): CountBounds => {
  let least = 0;
  let most = 0;
  profile.edges.forEach((edge, i) => {
    const count = profile.counts[i] ?? 0;
    const { lowest, highest, isClosed } = binOf(profile, edge);
    if (lowest < bound) most += count;
    if (isClosed ? highest < bound : highest <= bound) least += count;
  });
  // The minimum is known exactly, and one row at least has it.
  const isBelow = profile.minimum !== null && profile.minimum < bound;
  return { least: isBelow ? Math.max(1, least) : least, most };
};

export const countAbove = (profile: FeatureProfile, bound: number): CountBounds => {
  let least = 0;
  let most = 0;
  profile.edges.forEach((edge, i) => {
    const count = profile.counts[i] ?? 0;
    const { lowest, highest } = binOf(profile, edge);
    if (lowest > bound) least += count;
    if (highest > bound) most += count;
  });
  const isAbove = profile.maximum !== null && profile.maximum > bound;
  return { least: isAbove ? Math.max(1, least) : least, most };
};

export type UnseenValue = { readonly name: string; readonly count: number };

/** Values outside the list by name, most frequent first; what is in the profile's tail may be outside it too. */
export const countUnseen = (
  { valueNames, valueCounts, otherCount }: FeatureProfile,
  allowedValues: readonly string[],
): CountBounds & { readonly values: readonly UnseenValue[] } => {
  const allowed = new Set(allowedValues);
  const values = valueNames.flatMap((name, i) =>
    allowed.has(name) ? [] : [{ name, count: valueCounts[i] ?? 0 }],
  );
  const least = values.reduce((sum, { count }) => sum + count, 0);
  return { least, most: least + otherCount, values };
};

/** Rows whose value no other row of the baseline has: how many rows would have been unseen, had each been left out. That
 *  is what unseen values are compared with: a baseline that keeps meeting new values lets a window meet some too. */
export const countSingletons = ({ valueCounts }: FeatureProfile): number =>
  valueCounts.filter((count) => count === 1).length;
