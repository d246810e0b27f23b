/** Counts of compared pairs of one feature, which add up over hours.
 *
 *  Definition. Of the predictions that both sides know: offlineCount and servedCount have a value on that side; the five
 *  outcomes part the pairs that have a value on either. differing = mismatch + typeMismatch + offlineOnly + servedOnly, of
 *  compared = match + differing: the mismatch rate is their ratio.
 *  Degenerate input: no pairs: every count 0, and no rate. */

import type { PairOutcome } from "#lib/stats/skew/compare-values.ts";

export type SkewCounts = {
  readonly match: number;
  readonly mismatch: number;
  readonly typeMismatch: number;
  readonly offlineOnly: number;
  readonly servedOnly: number;
};

export const noPairs: SkewCounts = {
  match: 0,
  mismatch: 0,
  typeMismatch: 0,
  offlineOnly: 0,
  servedOnly: 0,
};

const counted: Record<Exclude<PairOutcome, "no_value">, keyof SkewCounts> = {
  match: "match",
  mismatch: "mismatch",
  type_mismatch: "typeMismatch",
  offline_only: "offlineOnly",
  served_only: "servedOnly",
};

export const addOutcome = (counts: SkewCounts, outcome: PairOutcome): SkewCounts => {
  if (outcome === "no_value") return counts;
  const name = counted[outcome];
  return { ...counts, [name]: counts[name] + 1 };
};

export const mergeCounts = (a: SkewCounts, b: SkewCounts): SkewCounts => ({
  match: a.match + b.match,
  mismatch: a.mismatch + b.mismatch,
  typeMismatch: a.typeMismatch + b.typeMismatch,
  offlineOnly: a.offlineOnly + b.offlineOnly,
  servedOnly: a.servedOnly + b.servedOnly,
});

export const differingOf = (counts: SkewCounts): number =>
  counts.mismatch + counts.typeMismatch + counts.offlineOnly + counts.servedOnly;

export const comparedOf = (counts: SkewCounts): number => counts.match + differingOf(counts);

export const offlineCountOf = (counts: SkewCounts): number =>
  comparedOf(counts) - counts.servedOnly;

export const servedCountOf = (counts: SkewCounts): number =>
  comparedOf(counts) - counts.offlineOnly;
