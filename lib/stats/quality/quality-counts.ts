/** Quality counts: how many rows of one side are missing, ill-typed, out of range or unseen, each kind apart.
 *
 *  They come from a whole profile (here), or column by column of a chart from the store. What is null was not asked.
 *  A value of the wrong kind is one that is no number where numbers are the rule, no text where text is, no boolean where
 *  booleans are; what is the rule is the baseline's most frequent kind, since a code may be sent as 7 or as "7".
 *  Degenerate input: no rows: all 0. */

import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { isExactHistogram } from "#lib/stats/numeric-histogram.ts";
import { nonFiniteCountOf } from "#lib/stats/profile-counts.ts";
import type { CountBounds, Expectation } from "#lib/stats/quality/expectation.ts";
import { countAbove, countBelow, countUnseen } from "#lib/stats/quality/expectation.ts";

export const valueKinds = ["number", "text", "boolean"] as const;
export type ValueKind = (typeof valueKinds)[number];

/** One value that most rows may have; `count` is what is known of it at least. */
export type DominantValue = CountBounds & { readonly name: string };

export type QualityCounts = {
  readonly rowCount: number;
  /** Rows that carry a value: not missing, NaN and infinite included. */
  readonly valueCount: number;
  readonly nullCount: number;
  readonly absentCount: number;
  readonly nanCount: number;
  readonly infiniteCount: number;
  readonly wrongKindCount: number;
  readonly below: CountBounds | null;
  readonly above: CountBounds | null;
  readonly unseen: CountBounds | null;
  readonly dominant: DominantValue | null;
};

const countsByKind = (profile: FeatureProfile): Record<ValueKind, number> => ({
  number: profile.numericCount + nonFiniteCountOf(profile),
  text: profile.stringCount,
  boolean: profile.booleanCount,
});

/** Rows that carry a value, NaN and infinite included. */
export const countValues = (profile: FeatureProfile): number => {
  const kinds = countsByKind(profile);
  return kinds.number + kinds.text + kinds.boolean;
};

/** The kind that most values have; null without values. */
export const ruleKindOf = (profile: FeatureProfile): ValueKind | null => {
  const counts = countsByKind(profile);
  const [first] = valueKinds.toSorted((a, b) => counts[b] - counts[a]);
  return first === undefined || counts[first] === 0 ? null : first;
};

/** The value that most rows have, where it can be told: by name, or as a number while bins hold one value each. */
export const findDominant = (profile: FeatureProfile): DominantValue | null => {
  const name = profile.valueNames[0];
  const byName =
    name === undefined
      ? null
      : { name, least: profile.valueCounts[0] ?? 0, most: profile.valueCounts[0] ?? 0 };
  if (profile.numericCount === 0) return byName;
  if (profile.minimum === profile.maximum) {
    const count = profile.numericCount;
    return later(byName, { name: String(profile.minimum), least: count, most: count });
  }
  if (!isExactHistogram(profile)) return byName;
  const most = Math.max(...profile.counts);
  const edge = profile.edges[profile.counts.indexOf(most)] ?? 0;
  return later(byName, { name: String(edge), least: most, most });
};

const later = (a: DominantValue | null, b: DominantValue): DominantValue =>
  a !== null && a.least >= b.least ? a : b;

/** How many rows have this value; of a number whose bin holds others too, at most as many as the bin has. */
export const countValue = (profile: FeatureProfile, name: string): DominantValue => {
  const at = profile.valueNames.indexOf(name);
  const named = at < 0 ? 0 : (profile.valueCounts[at] ?? 0);
  const value = name === "" ? Number.NaN : Number(name);
  let least = 0;
  let most = 0;
  if (String(value) === name && profile.numericCount > 0) {
    const isExact = isExactHistogram(profile);
    let bin = -1;
    profile.edges.forEach((edge, i) => {
      if (edge <= value) bin = i;
    });
    const count = profile.counts[bin] ?? 0;
    if (isExact) most = profile.edges[bin] === value ? count : 0;
    else most = count;
    least = isExact ? most : 0;
    if (profile.minimum === profile.maximum && profile.minimum === value)
      least = most = profile.numericCount;
  }
  // A name that the list lacks may be in its tail.
  const tail = at < 0 ? profile.otherCount : 0;
  return { name, least: named + least, most: named + most + tail };
};

export type CountOptions = {
  readonly expectation: Expectation;
  readonly ruleKind: ValueKind | null;
  /** The value whose share is asked; null: the side's own most frequent one. */
  readonly dominantName: string | null;
  /** Categories were read as names (numbers among them): ranges make no sense of them. */
  readonly hasNames: boolean;
};

/** `raw` is the profile as it came; `read` the same read as its declared type. */
export const qualityCountsOf = (
  raw: FeatureProfile,
  read: FeatureProfile,
  { expectation, ruleKind, dominantName, hasNames }: CountOptions,
): QualityCounts => {
  const kinds = countsByKind(raw);
  const valueCount = countValues(raw);
  const { minimum, maximum, allowedValues } = expectation;
  return {
    rowCount: raw.rowCount,
    valueCount,
    nullCount: raw.nullCount,
    absentCount: raw.absentCount,
    nanCount: raw.nanCount,
    infiniteCount: raw.positiveInfinityCount + raw.negativeInfinityCount,
    wrongKindCount: ruleKind === null ? 0 : valueCount - kinds[ruleKind],
    below: hasNames || minimum === null ? null : countBelow(read, minimum),
    above: hasNames || maximum === null ? null : countAbove(read, maximum),
    unseen: !hasNames || allowedValues === null ? null : countUnseen(read, allowedValues),
    dominant: dominantName === null ? findDominant(read) : countValue(read, dominantName),
  };
};
