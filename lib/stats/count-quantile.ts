/** Quantiles of counts: Poisson, or negative binomial where counts vary more than Poisson lets them.
 *
 *  Definition. A count with mean m and dispersion f has variance m + f m^2; f = 0 is Poisson, else it is negative binomial of
 *  size r = 1/f and success probability 1 / (1 + f m). The quantile is the smallest k with P(X <= k) >= q, where
 *  P(X <= k) = Q(k + 1, m) for Poisson, and I_p(r, k + 1) for the negative binomial.
 *  Matches scipy.stats.poisson.ppf(q, m) and scipy.stats.nbinom.ppf(q, r, p).
 *  Degenerate input: m = 0 gives 0; q <= 0 gives 0; NaN, a negative mean or q >= 1 gives NaN. */

import { regularizedBeta } from "#lib/stats/regularized-beta.ts";
import { upperRegularizedGamma } from "#lib/stats/regularized-gamma.ts";

export type CountLaw = { readonly mean: number; readonly dispersion: number };

/** P(X <= k). */
export const countCdf = ({ mean, dispersion }: CountLaw, k: number): number => {
  if (k < 0) return 0;
  if (mean === 0) return 1;
  if (dispersion === 0) return upperRegularizedGamma(Math.floor(k) + 1, mean);
  const scale = dispersion * mean;
  return regularizedBeta(1 / dispersion, Math.floor(k) + 1, {
    x: 1 / (1 + scale),
    y: scale / (1 + scale),
  }).lower;
};

export const countQuantile = (law: CountLaw, q: number): number => {
  const { mean, dispersion } = law;
  if (!(mean >= 0 && dispersion >= 0 && q < 1)) return Number.NaN;
  if (mean === 0 || q <= 0) return 0;
  const reaches = (k: number) => countCdf(law, k) >= q;
  // From the mean outwards by doubling steps, then by halves: some fifty evaluations at any size.
  let step = Math.max(1, Math.ceil(Math.sqrt(mean + dispersion * mean * mean)));
  let below = -1;
  let above = Math.floor(mean);
  while (!reaches(above)) {
    below = above;
    above += step;
    step *= 2;
  }
  while (above - below > 1) {
    const middle = Math.floor((above + below) / 2);
    if (reaches(middle)) above = middle;
    else below = middle;
  }
  return above;
};
