/** The normal distribution: its upper tail, and the tail of both sides.
 *
 *  Definition. P(Z > z) = Q(1/2, z^2 / 2) / 2 for z >= 0, and 1 minus that of -z below. Both sides
 *  together: Q(1/2, z^2 / 2). Matches scipy.stats.norm.sf(z) and 2 * norm.sf(abs(z)).
 *  Degenerate input: NaN gives NaN; infinite z gives 0 or 1. */

import { upperRegularizedGamma } from "#lib/stats/regularized-gamma.ts";

export const normalSurvival = (z: number): number =>
  z < 0 ? 1 - normalSurvival(-z) : upperRegularizedGamma(0.5, (z * z) / 2) / 2;

export const normalTwoSided = (z: number): number => upperRegularizedGamma(0.5, (z * z) / 2);
