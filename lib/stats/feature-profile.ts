/** Feature profile: one row of the `profiles` table (one bucket, segment and feature), and what such rows merge into.
 *
 *  Flat like the table, with two differences (`fromStoredProfile` makes them): the left edges of the bins are called
 *  `edges`, and minimum and maximum are null without numeric values. Rows merge in any order, split anywhere.
 *  Degenerate input: no rows: all counts 0, no bins, no names; the identity of merging. */

import type { CategoricalProfile } from "#lib/stats/categorical-profile.ts";
import { categoricalProfileOf, mergeCategoricalProfiles } from "#lib/stats/categorical-profile.ts";
import type { Moments } from "#lib/stats/moments.ts";
import { mergeMoments, momentsOf } from "#lib/stats/moments.ts";
import type { NumericHistogram } from "#lib/stats/numeric-histogram.ts";
import { histogramOf, mergeHistograms } from "#lib/stats/numeric-histogram.ts";
import type { FeatureValue, ProfileCounts } from "#lib/stats/profile-counts.ts";
import { mergeProfileCounts, profileCountsOf } from "#lib/stats/profile-counts.ts";

export type FeatureProfile = ProfileCounts &
  Omit<Moments, "count"> &
  NumericHistogram &
  CategoricalProfile;

/** A row of the table under camelCase names: `bins` holds left edges, minimum and maximum stand at 0 without values. */
export type StoredProfile = Omit<FeatureProfile, "edges" | "minimum" | "maximum"> & {
  readonly bins: readonly number[];
  readonly minimum: number;
  readonly maximum: number;
};

export const fromStoredProfile = ({ bins, ...stored }: StoredProfile): FeatureProfile => ({
  ...stored,
  edges: bins,
  minimum: stored.numericCount === 0 ? null : stored.minimum,
  maximum: stored.numericCount === 0 ? null : stored.maximum,
});

const momentsOfProfile = (profile: FeatureProfile): Moments => ({
  count: profile.numericCount,
  minimum: profile.minimum,
  maximum: profile.maximum,
  mean: profile.mean,
  m2: profile.m2,
});

const profileFrom = (
  counts: ProfileCounts,
  { count: _count, ...moments }: Moments,
  histogram: NumericHistogram,
  categories: CategoricalProfile,
): FeatureProfile => ({ ...counts, ...moments, ...histogram, ...categories });

/** The profile of raw values, as the store computes it: numbers go to the histogram, strings and booleans to the names. */
export const featureProfileOf = (values: readonly FeatureValue[]): FeatureProfile => {
  const numbers = values.filter((value): value is number => Number.isFinite(value));
  const names = values
    .filter((value) => typeof value === "string" || typeof value === "boolean")
    .map(String);
  return profileFrom(
    profileCountsOf(values),
    momentsOf(numbers),
    histogramOf(numbers),
    categoricalProfileOf(names),
  );
};

export type MergeLimits = { readonly binCountMax?: number; readonly valueNamesMax?: number };

export const mergeFeatureProfiles = (
  parts: readonly FeatureProfile[],
  { binCountMax, valueNamesMax }: MergeLimits = {},
): FeatureProfile =>
  profileFrom(
    mergeProfileCounts(parts),
    mergeMoments(parts.map(momentsOfProfile)),
    mergeHistograms(parts, binCountMax),
    mergeCategoricalProfiles(parts, valueNamesMax),
  );

/** The profile of no rows. */
export const NO_PROFILE: FeatureProfile = featureProfileOf([]);
