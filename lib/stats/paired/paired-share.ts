/** Difference of two shares of the same rows, such as the accuracies of two models that judged them, with its 95 % interval.
 *
 *  Definition. Of n rows `both` have it from both, `onlyFirst` and `onlySecond` from one, `neither` from none; p and q are the
 *  marginal shares, difference = q - p. Newcombe's square-and-add interval takes the distances of Wilson's bounds from p and q
 *  and leaves out what the two have in common, 2 phi times their product; phi = (ad - bc)/sqrt of the four margins, with
 *  ad - bc brought n/2 closer to zero where it is positive. Reference: Newcombe (1998b), method 10; Fagerland et al. (2014).
 *  Matches the intervals that are printed there. The test is McNemar's, mid-p.
 *  Degenerate input: no rows: null; a margin of zero: phi = 0. */

import type { Interval } from "#lib/stats/interval.ts";
import { computeMcnemar } from "#lib/stats/paired/mcnemar.ts";
import { wilsonInterval } from "#lib/stats/rate-change.ts";

export type PairedCounts = {
  readonly both: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly neither: number;
};

export type PairedShare = {
  readonly first: number;
  readonly second: number;
  readonly difference: number;
  readonly interval: Interval;
  readonly pValue: number;
  readonly exactPValue: number;
  readonly count: number;
};

const correlationOf = ({ both, onlyFirst, onlySecond, neither }: PairedCounts): number => {
  const margins =
    (both + onlyFirst) * (onlySecond + neither) * (both + onlySecond) * (onlyFirst + neither);
  if (margins === 0) return 0;
  const n = both + onlyFirst + onlySecond + neither;
  const product = both * neither - onlyFirst * onlySecond;
  const corrected = product > 0 ? Math.max(0, product - n / 2) : product;
  return corrected / Math.sqrt(margins);
};

export const computePairedShare = (counts: PairedCounts): PairedShare | null => {
  const { both, onlyFirst, onlySecond, neither } = counts;
  const n = both + onlyFirst + onlySecond + neither;
  if (n === 0) return null;
  const [p, q] = [(both + onlyFirst) / n, (both + onlySecond) / n];
  const ofP = wilsonInterval({ count: both + onlyFirst, total: n });
  const ofQ = wilsonInterval({ count: both + onlySecond, total: n });
  const phi = correlationOf(counts);
  const half = (a: number, b: number) => Math.sqrt(Math.max(0, a * a - 2 * phi * a * b + b * b));
  const difference = (onlySecond - onlyFirst) / n;
  const { exactPValue, midPValue } = computeMcnemar(onlyFirst, onlySecond);
  return {
    first: p,
    second: q,
    difference,
    interval: {
      low: Math.max(-1, difference - half(q - ofQ.low, ofP.high - p)),
      high: Math.min(1, difference + half(ofQ.high - q, p - ofP.low)),
    },
    pValue: midPValue,
    exactPValue,
    count: n,
  };
};
