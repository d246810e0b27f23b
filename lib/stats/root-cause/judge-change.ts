/** Judge change: which parts of an explained change are more than noise.
 *
 *  Rule. The whole change, its parts by feature (with interaction, remainder and what restoring features wins back) and its
 *  parts by segment are one family, adjusted by Benjamini and Hochberg with weights: the whole change has half of all weight,
 *  features a quarter, segments a quarter, so that many features take nothing from the question whether anything moved. At
 *  most 0.05 is more than noise. Where nothing changed, the chance that anything at all is said is at most 5 %: proved by
 *  simulation in root-cause.large.test.ts.
 *  Degenerate input: no parts: the whole change alone. */

import { adjustPValues } from "#lib/stats/false-discovery.ts";

export const SIGNIFICANCE = 0.05;

export type ChangeFamily = {
  readonly whole: number;
  readonly features: readonly number[];
  readonly segments: readonly number[];
};

/** The adjusted p-values, place by place. */
export const judgeChange = ({ whole, features, segments }: ChangeFamily): ChangeFamily => {
  const weightOf = (group: readonly number[]) => (group.length === 0 ? 0 : 1 / group.length);
  const adjusted = adjustPValues(
    [whole, ...features, ...segments],
    [2, ...features.map(() => weightOf(features)), ...segments.map(() => weightOf(segments))],
  );
  return {
    whole: adjusted[0] ?? 1,
    features: adjusted.slice(1, 1 + features.length),
    segments: adjusted.slice(1 + features.length),
  };
};

export const isAnythingFound = ({ whole, features, segments }: ChangeFamily): boolean =>
  Math.min(whole, ...features, ...segments) <= SIGNIFICANCE;
