/** Logarithm of the gamma function, and the upper regularised incomplete gamma function Q(a, x).
 *
 *  Definition. ln Gamma by Stirling's series from 10 upwards, below by recurrence. Q = Gamma(a, x) / Gamma(a): one minus
 *  the power series of P while x < a + 1, Legendre's continued fraction beyond (Abramowitz and Stegun 6.1.41, 6.5.29,
 *  6.5.31; the fraction is evaluated as Lentz does). Matches scipy.special.gammaln and gammaincc.
 *  Degenerate input: x <= 0 gives Q = 1; an infinite x gives 0; a <= 0 or NaN gives NaN. */

export const STIRLING_FROM = 10;
const TERMS_MAX = 100_000;
const TINY = 1e-300;

/** ln Gamma(a) - ((a - 1/2) ln a - a + ln(2 pi) / 2), for a >= 10. */
export const stirlingCorrection = (a: number): number => {
  const r = 1 / (a * a);
  const tail = 1 / 1188 - r * (691 / 360360 - r / 156);
  return (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r * tail)))) / a;
};

export const logGamma = (a: number): number => {
  if (!(a > 0)) return Number.NaN;
  let product = 1;
  let shifted = a;
  while (shifted < STIRLING_FROM) {
    product *= shifted;
    shifted += 1;
  }
  const stirling = (shifted - 0.5) * Math.log(shifted) - shifted + 0.5 * Math.log(2 * Math.PI);
  return stirling + stirlingCorrection(shifted) - Math.log(product);
};

export const logFactorial = (n: number): number => logGamma(n + 1);

/** x^a e^-x / Gamma(a); for large a written around its peak, where the plain form cancels. */
const peak = (a: number, x: number): number => {
  if (a < STIRLING_FROM) return Math.exp(a * Math.log(x) - x - logGamma(a));
  const u = (x - a) / a;
  return Math.sqrt(a / (2 * Math.PI)) * Math.exp(a * (Math.log1p(u) - u) - stirlingCorrection(a));
};

const lowerSeries = (a: number, x: number): number => {
  let term = 1 / a;
  let sum = term;
  for (let k = 1; k < TERMS_MAX && term > sum * Number.EPSILON; k += 1) {
    term *= x / (a + k);
    sum += term;
  }
  return sum * peak(a, x);
};

const upperFraction = (a: number, x: number): number => {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let value = d;
  for (let k = 1; k < TERMS_MAX; k += 1) {
    const numerator = k * (a - k);
    b += 2;
    d = 1 / (numerator * d + b || TINY);
    c = b + numerator / c || TINY;
    value *= c * d;
    if (Math.abs(c * d - 1) < Number.EPSILON) break;
  }
  return value * peak(a, x);
};

export const upperRegularizedGamma = (a: number, x: number): number => {
  if (!(a > 0) || Number.isNaN(x)) return Number.NaN;
  if (x <= 0) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  const value = x < a + 1 ? 1 - lowerSeries(a, x) : upperFraction(a, x);
  return Math.min(1, Math.max(0, value));
};
