import type { FeatureType } from "#lib/domain/model.ts";
import type { CategoricalPart } from "#lib/stats/categorical-profile.ts";
import { mergeCategoricalProfiles } from "#lib/stats/categorical-profile.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import type { HistogramPart } from "#lib/stats/numeric-histogram.ts";
import { isExactHistogram } from "#lib/stats/numeric-histogram.ts";

/** A profile counts values by how they came. Where numbers stand for categories (a code, a class 0 or 1) they are read as
 *  names; numbers whose bins hold several values can't be told apart any more and are only a sum. */
export function readAsType(profile: FeatureProfile, type: FeatureType): FeatureProfile {
  if (type === "numeric" || profile.numericCount === 0) return profile;
  const asNames = mergeCategoricalProfiles([profile, numbersAsNames(profile)]);
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

/** The numbers of a profile, as they are stored or merged, as names; a tail where they can't be told apart. */
export function numbersAsNames(part: HistogramPart & { numericCount: number }): CategoricalPart {
  const distinctCount = part.counts.length;
  if (!isExactHistogram(part) || "numbers" in part)
    return { valueNames: [], valueCounts: [], otherCount: part.numericCount, distinctCount };
  const valueNames = Array.from(part.edges, String);
  return { valueNames, valueCounts: part.counts, otherCount: 0, distinctCount };
}
