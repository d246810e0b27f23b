/** Change of a rate between two samples: the difference of two shares, its 95 % interval and the two-proportion test.
 *
 *  Definition. Difference = q - p, p = x/n of the baseline, q = y/m of the window. Wilson's interval of one share is
 *  (p + z^2/2n -+ z sqrt(p (1 - p) / n + z^2/4n^2)) / (1 + z^2/n); Newcombe's of the difference takes from two of those
 *  -sqrt((q - l_q)^2 + (u_p - p)^2) and +sqrt((u_q - q)^2 + (p - l_p)^2). The test is z = (q - p) / sqrt(P (1 - P) e), P the
 *  pooled share. Reference: Wilson (1927); Newcombe (1998), method 10.
 *  Matches statsmodels' confint_proportions_2indep(method="newcomb") and, squared, chi2_contingency(correction=False).
 *  Degenerate input: an empty side null; both rates 0, or both 1: p = 1. */

import { noiseOf } from "#lib/stats/cells.ts";
import type { Interval } from "#lib/stats/interval.ts";
import { NORMAL_QUANTILE_975 } from "#lib/stats/interval.ts";
import { normalTwoSided } from "#lib/stats/normal-distribution.ts";

export type Rate = { readonly count: number; readonly total: number };

export const wilsonInterval = (
  { count, total }: Rate,
  quantile = NORMAL_QUANTILE_975,
): Interval => {
  const share = count / total;
  const square = (quantile * quantile) / total;
  const half = quantile * Math.sqrt((share * (1 - share)) / total + square / (4 * total));
  const center = share + square / 2;
  return {
    low: count === 0 ? 0 : Math.max(0, (center - half) / (1 + square)),
    high: count === total ? 1 : Math.min(1, (center + half) / (1 + square)),
  };
};

/** Of the window's rate less the baseline's; both totals at least 1. */
export const newcombeInterval = (baseline: Rate, window: Rate): Interval => {
  const [p, q] = [baseline.count / baseline.total, window.count / window.total];
  const [ofP, ofQ] = [wilsonInterval(baseline), wilsonInterval(window)];
  return {
    low: q - p - Math.hypot(q - ofQ.low, ofP.high - p),
    high: q - p + Math.hypot(ofQ.high - q, p - ofP.low),
  };
};

export type RateChange = {
  readonly difference: number;
  readonly interval: Interval;
  readonly pValue: number;
};

export const computeRateChange = (baseline: Rate, window: Rate): RateChange | null => {
  if (baseline.total === 0 || window.total === 0) return null;
  const difference = window.count / window.total - baseline.count / baseline.total;
  const pooled = (baseline.count + window.count) / (baseline.total + window.total);
  const variance = pooled * (1 - pooled) * noiseOf(baseline.total, window.total);
  return {
    difference,
    interval: newcombeInterval(baseline, window),
    pValue: variance > 0 ? normalTwoSided(difference / Math.sqrt(variance)) : 1,
  };
};
