/** Exact two-sided test that one cell has the same share in two samples: the hypergeometric tail, doubled.
 *
 *  Definition. Given the cell's total t = a + b in samples of n and m rows, with no difference b is hypergeometric;
 *  p = min(1, 2 min(P(B <= b), P(B >= b))). Reference: Fisher (1935), two-sided by doubling.
 *  Matches 2 * min(hypergeom.cdf(b, n + m, m, t), hypergeom.sf(b - 1, n + m, m, t)) of scipy.stats, capped at 1.
 *  Degenerate input: an empty cell, or an empty side: p = 1 (no difference can show). */

import { logFactorial } from "#lib/stats/regularized-gamma.ts";

const logChoose = (n: number, k: number): number =>
  logFactorial(n) - logFactorial(k) - logFactorial(n - k);

export type CellOfTwo = {
  readonly baselineCount: number;
  readonly windowCount: number;
  readonly baselineTotal: number;
  readonly windowTotal: number;
};

/** How likely as many as there are, or more, are in the window's cell: `upper`; as many or fewer: `lower`. */
export const hypergeometricTails = (cell: CellOfTwo): { lower: number; upper: number } => {
  const { baselineCount, windowCount: b, baselineTotal: n, windowTotal: m } = cell;
  const total = baselineCount + b;
  const lowest = Math.max(0, total - n);
  const highest = Math.min(total, m);
  if (lowest === highest) return { lower: 1, upper: 1 };
  const start = Math.exp(logChoose(m, b) + logChoose(n, baselineCount) - logChoose(n + m, total));
  // P(B = k + 1) / P(B = k); the terms are summed away from the mode, where they fall. What is left is the other tail: summed
  // towards the mode, it would be 0 where the first of its terms is too small for a number.
  const up = (k: number) => ((total - k) * (m - k)) / ((k + 1) * (n - total + k + 1));
  const isAbove = b >= Math.floor(((total + 1) * (m + 1)) / (n + m + 2));
  let near = start;
  let term = start;
  for (let k = b; isAbove ? k < highest : k > lowest; k += isAbove ? 1 : -1) {
    term *= isAbove ? up(k) : 1 / up(k - 1);
    near += term;
    if (term < near * 1e-17) break;
  }
  near = Math.min(1, near);
  const far = Math.min(1, 1 - near + start);
  return isAbove ? { lower: far, upper: near } : { lower: near, upper: far };
};

export const computeHypergeometricPValue = (cell: CellOfTwo): number => {
  const { lower, upper } = hypergeometricTails(cell);
  return Math.min(1, 2 * Math.min(lower, upper));
};
