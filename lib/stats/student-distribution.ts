/** Student's t distribution: its two-sided tail and its quantile, by the regularised incomplete beta function.
 *
 *  Definition. P(|T| > t) = I(v / (v + t^2); v / 2, 1 / 2), v degrees of freedom, not only whole ones; I by its continued
 *  fraction (Abramowitz and Stegun 26.5.8, evaluated as Lentz does). The quantile is found on the tail by false
 *  position with halved ends (Dowell and Jarratt, 1971, the Illinois algorithm).
 *  Matches 2 * scipy.stats.t.sf(t, v), scipy.special.betainc and scipy.stats.t.ppf(0.975, v).
 *  Degenerate input: v <= 0 or NaN gives NaN; an infinite t gives 0; an infinite v is the normal distribution. */

import { normalTwoSided } from "#lib/stats/normal-distribution.ts";
import { logFactorial } from "#lib/stats/regularized-gamma.ts";

const TERMS_MAX = 10_000;
const TINY = 1e-300;

const betaFraction = (a: number, b: number, x: number): number => {
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || TINY);
  let value = d;
  for (let k = 1; k < TERMS_MAX; k += 1) {
    const even = (k * (b - k) * x) / ((a + 2 * k - 1) * (a + 2 * k));
    d = 1 / (1 + even * d || TINY);
    c = 1 + even / c || TINY;
    value *= c * d;
    const odd = (-(a + k) * (a + b + k) * x) / ((a + 2 * k) * (a + 2 * k + 1));
    d = 1 / (1 + odd * d || TINY);
    c = 1 + odd / c || TINY;
    value *= c * d;
    if (Math.abs(c * d - 1) < Number.EPSILON) break;
  }
  return value;
};

/** I(x; a, b), the share of a beta distribution below x; `rest` is 1 - x, given apart where x is close to 1. */
export const regularizedBeta = (x: number, a: number, b: number, rest = 1 - x): number => {
  if (!(a > 0 && b > 0) || Number.isNaN(x)) return Number.NaN;
  if (x <= 0) return 0;
  if (rest <= 0) return 1;
  if (x > (a + 1) / (a + b + 2)) return 1 - regularizedBeta(rest, b, a, x);
  const logBeta = logFactorial(a - 1) + logFactorial(b - 1) - logFactorial(a + b - 1);
  const front = Math.exp(a * Math.log(x) + b * Math.log(rest) - logBeta) / a;
  return Math.min(1, Math.max(0, front * betaFraction(a, b, x)));
};

export const studentTwoSided = (t: number, degreesOfFreedom: number): number => {
  if (!(degreesOfFreedom > 0) || Number.isNaN(t)) return Number.NaN;
  const square = t * t;
  if (square === Number.POSITIVE_INFINITY) return 0;
  // Beyond this the two differ by less than the beta function loses there.
  if (degreesOfFreedom > 1e8) return normalTwoSided(t);
  const sum = degreesOfFreedom + square;
  return regularizedBeta(degreesOfFreedom / sum, degreesOfFreedom / 2, 0.5, square / sum);
};

/** The t that leaves 2.5 % above it. */
export const studentQuantile975 = (degreesOfFreedom: number): number => {
  if (!(degreesOfFreedom > 0)) return Number.NaN;
  const excessAt = (t: number) => studentTwoSided(t, degreesOfFreedom) - 0.05;
  let [low, high] = [0, 2];
  let [atLow, atHigh] = [0.95, excessAt(high)];
  while (atHigh > 0) {
    [low, atLow] = [high, atHigh];
    high *= 2;
    atHigh = excessAt(high);
  }
  let isLowLast = false;
  for (let step = 0; step < 200 && atHigh < 0 && high - low > 1e-13 * high; step += 1) {
    const middle = low + (high - low) * (atLow / (atLow - atHigh));
    // Where rounding has it stand still there is nothing more to find.
    if (middle <= low || middle >= high) return middle;
    const atMiddle = excessAt(middle);
    if (atMiddle > 0) {
      // An end that stays twice counts half, so that it does not stay for ever.
      if (isLowLast) atHigh /= 2;
      [low, atLow, isLowLast] = [middle, atMiddle, true];
    } else {
      if (!isLowLast && step > 0) atLow /= 2;
      [high, atHigh, isLowLast] = [middle, atMiddle, false];
    }
  }
  return atHigh === 0 ? high : (low + high) / 2;
};
