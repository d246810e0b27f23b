/** Feature profile: one row of the `bucket_profiles` table (one bucket, segment and feature), and what such rows merge into.
 *
 *  Flat like the table, with two differences (`fromStoredProfile` makes them): the left edges of the bins are called
 *  `edges`, and minimum and maximum are null without numeric values. Rows merge in any order, split anywhere.
 *  Degenerate input: no rows: all counts 0, no bins, no names; the identity of merging. */

import type { CategoricalPart, CategoricalProfile } from "#lib/stats/categorical-profile.ts";
import { CategoricalSum, categoricalProfileOf } from "#lib/stats/categorical-profile.ts";
import type { Moments } from "#lib/stats/moments.ts";
import { mergeMoments, momentsOf } from "#lib/stats/moments.ts";
import type { HistogramPart, NumericHistogram } from "#lib/stats/numeric-histogram.ts";
import { HistogramSum, histogramOf } from "#lib/stats/numeric-histogram.ts";
import type { FeatureValue, ProfileCounts } from "#lib/stats/profile-counts.ts";
import { mergeProfileCounts, NO_COUNTS, profileCountsOf } from "#lib/stats/profile-counts.ts";

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

/** A profile as it is stored or sent, to be added to others. */
export type ProfilePart = ProfileCounts & Omit<Moments, "count"> & HistogramPart & CategoricalPart;

const momentsOfProfile = (profile: ProfilePart): Moments => ({
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

/** A merge of parts that come one by one, of which the bins and names are not kept. */
export class FeatureProfileSum {
  #counts = NO_COUNTS;
  readonly #moments: Moments[] = [];
  readonly #histogram = new HistogramSum();
  readonly #categories = new CategoricalSum();

  /** Names that are held. */
  get nameCount(): number {
    return this.#categories.size;
  }

  /** Values of which the names are not known. */
  get tailCount(): number {
    return this.#categories.otherCount;
  }

  add(part: ProfilePart): void {
    this.#counts = mergeProfileCounts([this.#counts, part]);
    if (part.numericCount > 0) this.#moments.push(momentsOfProfile(part));
    this.#histogram.add(part);
    this.#categories.add(part);
  }

  result({ binCountMax, valueNamesMax }: MergeLimits = {}): FeatureProfile {
    return profileFrom(
      this.#counts,
      mergeMoments(this.#moments),
      this.#histogram.result(binCountMax),
      this.#categories.result(valueNamesMax),
    );
  }
}

export const mergeFeatureProfiles = (
  parts: Iterable<ProfilePart>,
  limits: MergeLimits = {},
): FeatureProfile => {
  const sum = new FeatureProfileSum();
  for (const part of parts) sum.add(part);
  return sum.result(limits);
};

/** The profile of no rows. */
export const NO_PROFILE: FeatureProfile = featureProfileOf([]);
