/** Profile counts: each row of a bucket falls into exactly one of these kinds, so that they add up to `rowCount`.
 *  Missing (null or absent), not a number and infinite are counters, never bins of a histogram.
 *  Degenerate input: no rows: all 0, the identity of merging. */

export type ProfileCounts = {
  readonly rowCount: number;
  readonly numericCount: number;
  readonly nanCount: number;
  readonly positiveInfinityCount: number;
  readonly negativeInfinityCount: number;
  readonly nullCount: number;
  readonly absentCount: number;
  readonly stringCount: number;
  readonly booleanCount: number;
};

export type FeatureValue = number | string | boolean | null | undefined;

type Kind = Exclude<keyof ProfileCounts, "rowCount">;

export const NO_COUNTS: ProfileCounts = {
  rowCount: 0,
  numericCount: 0,
  nanCount: 0,
  positiveInfinityCount: 0,
  negativeInfinityCount: 0,
  nullCount: 0,
  absentCount: 0,
  stringCount: 0,
  booleanCount: 0,
};

const kindOfNumber = (value: number): Kind => {
  if (Number.isNaN(value)) return "nanCount";
  if (value === Number.POSITIVE_INFINITY) return "positiveInfinityCount";
  if (value === Number.NEGATIVE_INFINITY) return "negativeInfinityCount";
  return "numericCount";
};

const kindOf = (value: FeatureValue): Kind => {
  if (value === undefined) return "absentCount";
  if (value === null) return "nullCount";
  if (typeof value === "string") return "stringCount";
  if (typeof value === "boolean") return "booleanCount";
  return kindOfNumber(value);
};

export const profileCountsOf = (values: Iterable<FeatureValue>): ProfileCounts => {
  const counts = { ...NO_COUNTS };
  for (const value of values) {
    counts.rowCount += 1;
    counts[kindOf(value)] += 1;
  }
  return counts;
};

export const mergeProfileCounts = (parts: Iterable<ProfileCounts>): ProfileCounts => {
  const merged = { ...NO_COUNTS };
  for (const part of parts) {
    merged.rowCount += part.rowCount;
    merged.numericCount += part.numericCount;
    merged.nanCount += part.nanCount;
    merged.positiveInfinityCount += part.positiveInfinityCount;
    merged.negativeInfinityCount += part.negativeInfinityCount;
    merged.nullCount += part.nullCount;
    merged.absentCount += part.absentCount;
    merged.stringCount += part.stringCount;
    merged.booleanCount += part.booleanCount;
  }
  return merged;
};

export const missingCountOf = ({ nullCount, absentCount }: ProfileCounts): number =>
  nullCount + absentCount;

export const nonFiniteCountOf = (counts: ProfileCounts): number =>
  counts.nanCount + counts.positiveInfinityCount + counts.negativeInfinityCount;
