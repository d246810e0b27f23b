/** Since when pairs differ: the bucket at which the mismatch rate rises, among the buckets of a window in order.
 *
 *  Definition. The split of the series into before and after that fits best by binomial likelihood; its ratio
 *  G = 2 (l(before) + l(after) - l(all)) is judged against chi-squared with one degree of freedom, times the number of
 *  splits tried (Bonferroni), at 0.01. Only a rise counts. Reference: Worsley (1983).
 *  Degenerate input: fewer than two buckets with pairs, or no differing pair: no onset; a rate that is as high from the first
 *  bucket on: no onset, since it began before the window. */

import { upperRegularizedGamma } from "#lib/stats/regularized-gamma.ts";

export type BucketRate = {
  readonly startMs: number;
  readonly differing: number;
  readonly compared: number;
};

export type Onset = {
  readonly startMs: number;
  readonly rateBefore: number;
  readonly rateAfter: number;
  readonly pValue: number;
};

const SIGNIFICANT = 0.01;

const logLikelihood = (k: number, n: number): number => {
  const term = (count: number) => (count === 0 ? 0 : count * Math.log(count / n));
  return n === 0 ? 0 : term(k) + term(n - k);
};

export const findOnset = (buckets: readonly BucketRate[]): Onset | null => {
  const seen = buckets.filter(({ compared }) => compared > 0);
  const total = seen.reduce((sum, { compared }) => sum + compared, 0);
  const differing = seen.reduce((sum, one) => sum + one.differing, 0);
  if (seen.length < 2 || differing === 0) return null;
  const whole = logLikelihood(differing, total);
  let best: { split: number; ratio: number; k: number; n: number } | null = null;
  let [k, n] = [0, 0];
  for (let split = 1; split < seen.length; split += 1) {
    k += seen[split - 1]?.differing ?? 0;
    n += seen[split - 1]?.compared ?? 0;
    const isRise = (differing - k) * n > k * (total - n);
    const ratio = 2 * (logLikelihood(k, n) + logLikelihood(differing - k, total - n) - whole);
    if (isRise && ratio > (best?.ratio ?? 0)) best = { split, ratio, k, n };
  }
  if (best === null) return null;
  const pValue = Math.min(1, (seen.length - 1) * upperRegularizedGamma(0.5, best.ratio / 2));
  if (pValue > SIGNIFICANT) return null;
  return {
    startMs: seen[best.split]?.startMs ?? 0,
    rateBefore: best.k / best.n,
    rateAfter: (differing - best.k) / (total - best.n),
    pValue,
  };
};
