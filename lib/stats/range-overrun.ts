/** Out-of-range test: do more of the window's values lie outside the baseline's range than its own noise explains?
 *
 *  Definition. By definition none of the baseline's n values lies outside its range, so that no two-proportion test holds.
 *  With no drift the n values cut the line into n + 1 gaps that the window's m values fall into alike; the number K in the two
 *  outermost has P(K = k) = (k + 1) C(m - k + n - 2, n - 2) / C(m + n, n), whatever the distribution; p = P(K >= k). Values
 *  tied with the ends make p larger. Reference: Wilks (1942) on tolerance limits.
 *  Matches scipy.stats.betabinom.sf(k - 1, m, 2, n - 1), and exact fractions in its tail.
 *  Degenerate input: k = 0 gives 1; fewer than two baseline values give 1 (no range). */

import { logFactorial } from "#lib/stats/regularized-gamma.ts";

export const rangeOverrunPValue = (outside: number, baselineCount: number, windowCount: number) => {
  const [n, m] = [baselineCount, windowCount];
  if (outside <= 0 || n < 2) return 1;
  const logTerm = (k: number) =>
    Math.log(k + 1) +
    (logFactorial(m - k + n - 2) - logFactorial(m - k) - logFactorial(n - 2)) -
    (logFactorial(m + n) - logFactorial(m) - logFactorial(n));
  // The smaller tail is summed: P(K = k + 1) / P(K = k) = (k + 2) (m - k) / ((k + 1) (m - k + n - 2)).
  const ratio = (k: number) => ((k + 2) * (m - k)) / ((k + 1) * (m - k + n - 2));
  let term = Math.exp(logTerm(outside));
  let sum = term;
  for (let k = outside; k < m && term > sum * 1e-17; k += 1) {
    term *= ratio(k);
    sum += term;
  }
  return Math.min(1, sum);
};
