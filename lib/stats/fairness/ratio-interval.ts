/** Ratio of two shares, such as the selection rates of a group and of the reference group, with its 95 % interval.
 *
 *  Definition. r = p / q, p of the group, q of the reference. The interval holds the ratios t for which the square-and-add interval
 *  of p - t q, made of Wilson's bounds of each, holds zero (Donner and Zou 2012). It exists where nobody of the group was selected
 *  (p = 0), unlike the logarithmic one.
 *  Matches a root search by scipy.optimize.brentq over the same definition.
 *  Degenerate input: an empty side, or q = 0: null, a ratio to nothing. */

import type { Interval } from "#lib/stats/interval.ts";
import type { Rate } from "#lib/stats/rate-change.ts";
import { wilsonInterval } from "#lib/stats/rate-change.ts";

export type RateRatio = { readonly value: number; readonly interval: Interval };

export const computeRateRatio = (group: Rate, reference: Rate): RateRatio | null => {
  if (group.total === 0 || reference.total === 0 || reference.count === 0) return null;
  const [p, q] = [group.count / group.total, reference.count / reference.total];
  const [ofP, ofQ] = [wilsonInterval(group), wilsonInterval(reference)];
  const product = p * q;
  // The roots of a quadratic, each in the form that loses no digits.
  const root = (a: number, b: number) => Math.sqrt(Math.max(0, product * product - a * b));
  const lowTop = ofP.low * (2 * p - ofP.low);
  const lowBottom = ofQ.high * (2 * q - ofQ.high);
  const highTop = ofP.high * (2 * p - ofP.high);
  const highBottom = ofQ.low * (2 * q - ofQ.low);
  const low = product + root(lowTop, lowBottom);
  return {
    value: p / q,
    interval: {
      low: low === 0 ? 0 : lowTop / low,
      high: (product + root(highTop, highBottom)) / highBottom,
    },
  };
};
