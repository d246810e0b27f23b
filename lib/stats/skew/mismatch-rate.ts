/** The share of compared pairs that differ, with its interval, and the exact test that it exceeds a floor.
 *
 *  Definition. Interval: Wilson (1927), 95 %. Test: p = P(X >= differing), X binomial with the floor as its rate; terms are
 *  summed from the nearer end until they no longer count.
 *  Matches scipy.stats.binomtest(k, n).proportion_ci(method="wilson") and binomtest(k, n, floor, alternative="greater").
 *  Degenerate input: no pairs: no rate (null), p = 1; a floor of 0: p = 0 where anything differs. */

import { wilson } from "#lib/stats/performance/intervals.ts";
import { logFactorial } from "#lib/stats/regularized-gamma.ts";

export type Rate = {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  readonly count: number;
};

export const mismatchRate = (differing: number, compared: number): Rate | null => {
  const interval = wilson(differing, compared);
  return interval === null ? null : { value: differing / compared, ...interval, count: compared };
};

const probabilityOf = (k: number, n: number, rate: number): number =>
  Math.exp(
    logFactorial(n) -
      logFactorial(k) -
      logFactorial(n - k) +
      k * Math.log(rate) +
      (n - k) * Math.log1p(-rate),
  );

/** Sum of P(X = k) from k away from the mode, by the ratio of neighbours. */
const tailFrom = (k: number, n: number, rate: number, step: 1 | -1): number => {
  const odds = rate / (1 - rate);
  let term = probabilityOf(k, n, rate);
  let sum = term;
  for (let i = k; i >= 0 && i <= n && term > sum * 1e-17; i += step) {
    term *= step === 1 ? ((n - i) / (i + 1)) * odds : i / (n - i + 1) / odds;
    sum += term;
  }
  return Math.min(1, sum);
};

/** P(X >= differing) when the true rate is the floor. */
export const floorPValue = (differing: number, compared: number, floor: number): number => {
  if (differing <= 0 || compared <= 0 || floor >= 1) return 1;
  if (floor <= 0) return 0;
  if (differing > compared * floor) return tailFrom(differing, compared, floor, 1);
  return Math.max(0, 1 - tailFrom(differing - 1, compared, floor, -1));
};
