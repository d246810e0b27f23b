/** The normal distribution: its upper tail, and the tail of both sides.
 *
 *  Definition. P(Z > z) = Q(1/2, z^2 / 2) / 2 for z >= 0, and 1 minus that of -z below. Both sides
 *  together: Q(1/2, z^2 / 2). Matches scipy.stats.norm.sf(z) and 2 * norm.sf(abs(z)).
 *  The quantile is where the lower tail has that share: the survival function solved by halving; matches scipy.stats.norm.ppf.
 *  Degenerate input: NaN gives NaN; infinite z gives 0 or 1; quantiles of 0 and 1 are infinite. */

import { upperRegularizedGamma } from "#lib/stats/regularized-gamma.ts";

export const normalSurvival = (z: number): number =>
  z < 0 ? 1 - normalSurvival(-z) : upperRegularizedGamma(0.5, (z * z) / 2) / 2;

export const normalTwoSided = (z: number): number => upperRegularizedGamma(0.5, (z * z) / 2);

const HALVINGS = 80;
/** Past it no double is left of the tail. */
const QUANTILE_MAX = 40;

export const normalQuantile = (share: number): number => {
  if (!(share > 0 && share < 1)) {
    if (share === 0) return Number.NEGATIVE_INFINITY;
    return share === 1 ? Number.POSITIVE_INFINITY : Number.NaN;
  }
  if (share < 0.5) return -upperQuantile(share);
  return share === 0.5 ? 0 : upperQuantile(1 - share);
};

/** The z > 0 above which `tail` lies. */
const upperQuantile = (tail: number): number => {
  let [low, high] = [0, QUANTILE_MAX];
  for (let i = 0; i < HALVINGS; i += 1) {
    const middle = (low + high) / 2;
    if (normalSurvival(middle) > tail) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
};
