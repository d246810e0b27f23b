/** Fisher's exact test of a 2 x 2 table, two-sided: the share of tables with these margins that are no likelier.
 *
 *  Definition. p = sum of the hypergeometric probabilities that do not exceed that of the table (but for 1e-7 of itself).
 *  Reference: Fisher (1935). Matches scipy.stats.fisher_exact([[a, b], [c, d]]).
 *  Degenerate input: an empty row or column: p = 1. */

import { logFactorial } from "#lib/stats/regularized-gamma.ts";

export type TwoByTwo = readonly [a: number, b: number, c: number, d: number];

export const fisherExactPValue = ([a, b, c, d]: TwoByTwo): number => {
  const [row, column, total] = [a + b, a + c, a + b + c + d];
  const lowest = Math.max(0, row + column - total);
  const highest = Math.min(row, column);
  const choose = (n: number, k: number) => logFactorial(n) - logFactorial(k) - logFactorial(n - k);
  const probability = (k: number) =>
    Math.exp(choose(column, k) + choose(total - column, row - k) - choose(total, row));
  const limit = probability(a) * (1 + 1e-7);
  let sum = 0;
  for (let k = lowest; k <= highest; k += 1) {
    const each = probability(k);
    if (each <= limit) sum += each;
  }
  return Math.min(1, sum);
};
