/** The regularised incomplete beta function I_x(a, b), and what is left of it, 1 - I_x(a, b).
 *
 *  Definition. Abramowitz and Stegun 26.5.8, its continued fraction evaluated as Lentz does, for x below (a + 1)/(a + b + 2);
 *  beyond it by the symmetry I_x(a, b) = 1 - I_{1-x}(b, a). Matches scipy.special.betainc(a, b, x) and betaincc.
 *  `y` is 1 - x, given apart so that neither loses its digits near 0.
 *  Degenerate input: x = 0 gives 0, y = 0 gives 1; a or b not above 0, or NaN, gives NaN. */

import { logGamma, STIRLING_FROM, stirlingCorrection } from "#lib/stats/regularized-gamma.ts";

const TERMS_MAX = 200_000;
const TINY = 1e-300;

const fraction = (a: number, b: number, x: number): number => {
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

/** ln B(a, b). Where the larger is large its two ln Gamma cancel, and are subtracted term by term instead. */
const logBeta = (a: number, b: number): number => {
  const small = Math.min(a, b);
  const large = Math.max(a, b);
  if (large < STIRLING_FROM) return logGamma(a) + logGamma(b) - logGamma(a + b);
  const sum = small + large;
  const ratio = small - (large - 0.5) * Math.log1p(small / large) - small * Math.log(sum);
  return logGamma(small) + ratio + stirlingCorrection(large) - stirlingCorrection(sum);
};

/** The logarithm of x, where y = 1 - x is known to more digits if it is the smaller. */
const logOf = (x: number, y: number): number => (y < 0.5 ? Math.log1p(-y) : Math.log(x));

/** x^a y^b / (a B(a, b)) times the fraction: I_x(a, b) where it converges fast. */
const lowerPart = (a: number, b: number, x: number, y: number): number => {
  const front = Math.exp(a * logOf(x, y) + b * logOf(y, x) - logBeta(a, b)) / a;
  return front * fraction(a, b, x);
};

const clip = (p: number): number => Math.min(1, Math.max(0, p));

export const regularizedBeta = (
  a: number,
  b: number,
  { x, y }: { readonly x: number; readonly y: number },
): { readonly lower: number; readonly upper: number } => {
  if (!(a > 0 && b > 0) || Number.isNaN(x + y)) return { lower: Number.NaN, upper: Number.NaN };
  if (x <= 0) return { lower: 0, upper: 1 };
  if (y <= 0) return { lower: 1, upper: 0 };
  if (x < (a + 1) / (a + b + 2)) {
    const lower = clip(lowerPart(a, b, x, y));
    return { lower, upper: 1 - lower };
  }
  const upper = clip(lowerPart(b, a, y, x));
  return { lower: 1 - upper, upper };
};
