/** What was served against what the offline store says, for one feature of one prediction.
 *
 *  Definition. Absent and null are both without a value. With a value on both sides the types must be the same ("00728" is
 *  not 728); numbers match when |a - b| <= max(absolute, relative * max(|a|, |b|)), so that what differs only by the last
 *  bits of a float is no skew; NaN matches NaN, an infinity itself; strings and booleans match when they are equal.
 *  The store's statement that recomputes skew decides alike, which a test holds to this function.
 *  Degenerate input: none; every pair has an outcome. */

export type SkewValue = number | string | boolean | null | undefined;

export type Tolerance = { readonly absolute: number; readonly relative: number };

const defaultTolerance: Tolerance = { absolute: 0, relative: 1e-9 };

export type PairOutcome =
  | "match"
  | "mismatch"
  | "type_mismatch"
  | "offline_only"
  | "served_only"
  | "no_value";

const isNumberMatch = (a: number, b: number, { absolute, relative }: Tolerance): boolean => {
  if (a === b) return true;
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b);
  if (!Number.isFinite(a) || !Number.isFinite(b)) return false;
  return Math.abs(a - b) <= Math.max(absolute, relative * Math.max(Math.abs(a), Math.abs(b)));
};

export const comparePair = (
  offline: SkewValue,
  served: SkewValue,
  tolerance: Tolerance = defaultTolerance,
): PairOutcome => {
  const hasOffline = offline !== null && offline !== undefined;
  const hasServed = served !== null && served !== undefined;
  if (!hasOffline && !hasServed) return "no_value";
  if (!hasOffline) return "served_only";
  if (!hasServed) return "offline_only";
  if (typeof offline !== typeof served) return "type_mismatch";
  const isMatch =
    typeof offline === "number" && typeof served === "number"
      ? isNumberMatch(offline, served, tolerance)
      : offline === served;
  return isMatch ? "match" : "mismatch";
};
