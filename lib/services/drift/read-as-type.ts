import type { FeatureType } from "#lib/domain/model.ts";
import { mergeCategoricalProfiles } from "#lib/stats/categorical-profile.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { isExactHistogram } from "#lib/stats/numeric-histogram.ts";

/** A profile counts values by how they came. Where numbers stand for categories (a code, a class 0 or 1) they are read as
 *  names; numbers whose bins hold several values can't be told apart any more and are only a sum. */
export function readAsType(profile: FeatureProfile, type: FeatureType): FeatureProfile {
  if (type === "numeric" || profile.numericCount === 0) return profile;
  const isExact = isExactHistogram(profile);
  const asNames = mergeCategoricalProfiles([
    profile,
    {
      valueNames: isExact ? profile.edges.map(String) : [],
      valueCounts: isExact ? profile.counts : [],
      otherCount: isExact ? 0 : profile.numericCount,
      distinctCount: profile.edges.length,
    },
  ]);
  return {
    ...profile,
    ...asNames,
    stringCount: profile.stringCount + profile.numericCount,
    numericCount: 0,
    minimum: null,
    maximum: null,
    mean: 0,
    m2: 0,
    resolution: 52,
    zeroFloor: 0,
    edges: [],
    counts: [],
  };
}
