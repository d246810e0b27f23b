/** Mann-Whitney's rank-sum test of two raw samples, asymptotic, with the correction for ties and for continuity.
 *
 *  Definition. U1 = R1 - n (n + 1) / 2, R1 the sum of the first sample's midranks; z = (U - n m / 2 - 1/2) / s with
 *  s^2 = n m / 12 (N + 1 - sum (t^3 - t) / (N (N - 1))) over ties t. "less": U = n m - U1; "two-sided": the larger of the two,
 *  and p doubled. Reference: Mann and Whitney (1947).
 *  Matches scipy.stats.mannwhitneyu(x, y, alternative, method="asymptotic").
 *  Degenerate input: an empty side null; all values equal: p = 1. */

import { normalSurvival } from "#lib/stats/normal-distribution.ts";
import { twoSampleOf } from "#lib/stats/two-sample.ts";

export type MannWhitney = {
  readonly u: number;
  readonly pLess: number;
  readonly pTwoSided: number;
};

export const computeMannWhitney = (
  baseline: readonly number[],
  window: readonly number[],
): MannWhitney | null => {
  const two = twoSampleOf(baseline, window);
  if (two === null) return null;
  const { baselineCount: n, windowCount: m } = two;
  const total = n + m;
  let [ranks, ties, below] = [0, 0, 0];
  for (let k = 0; k < two.left.length; k += 1) {
    const here = (two.baseline[k] ?? 0) + (two.window[k] ?? 0);
    ranks += (two.baseline[k] ?? 0) * (below + (here + 1) / 2);
    ties += here ** 3 - here;
    below += here;
  }
  const u = ranks - (n * (n + 1)) / 2;
  const deviation = Math.sqrt(((n * m) / 12) * (total + 1 - ties / (total * (total - 1))));
  const tail = (one: number) =>
    deviation > 0 ? normalSurvival((one - (n * m) / 2 - 0.5) / deviation) : 1;
  return {
    u,
    pLess: Math.min(1, tail(n * m - u)),
    pTwoSided: Math.min(1, 2 * tail(Math.max(u, n * m - u))),
  };
};
