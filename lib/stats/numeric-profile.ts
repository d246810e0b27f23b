/** Numeric profile: what is kept of the finite values of one feature in one bucket, namely moments and a histogram.
 *  Degenerate input: no values give no moments and no bins; either is the identity of merging. */

import type { Moments } from "#lib/stats/moments.ts";
import { mergeMoments, momentsOf } from "#lib/stats/moments.ts";
import type { NumericHistogram } from "#lib/stats/numeric-histogram.ts";
import { histogramOf, mergeHistograms } from "#lib/stats/numeric-histogram.ts";

export type NumericProfile = { readonly moments: Moments; readonly histogram: NumericHistogram };

export const numericProfileOf = (finiteValues: readonly number[]): NumericProfile => ({
  moments: momentsOf(finiteValues),
  histogram: histogramOf(finiteValues),
});

export const mergeNumericProfiles = (
  parts: readonly NumericProfile[],
  binCountMax?: number,
): NumericProfile => ({
  moments: mergeMoments(parts.map((part) => part.moments)),
  histogram: mergeHistograms(
    parts.map((part) => part.histogram),
    binCountMax,
  ),
});
