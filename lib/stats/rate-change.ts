/** How far a share moved between two samples, with Newcombe's interval and a p-value, by Wilson's intervals of both
 *  (performance/intervals.ts).
 *
 *  Definition. Newcombe (his method 10), with d the
 *  difference window - baseline, (l1, u1) and (l2, u2) the Wilson intervals of window and baseline: d - sqrt((p1 - l1)^2 +
 *  (u2 - p2)^2) to d + sqrt((u1 - p1)^2 + (p2 - l2)^2). p is that of testHomogeneity (homogeneity.ts): the pooled
 *  two-proportion z squared is Pearson's chi-squared of the two cells, and sparse cells are tested exactly.
 *  References: Wilson (1927); Newcombe (1998), "Interval estimation for the difference between independent proportions".
 *  Matches scipy.stats.binomtest(k, n).proportion_ci(0.95, method="wilson"), and the examples printed by Newcombe.
 *  Degenerate input: no rows on a side: null; a share of 0 or 1 on both: p = 1, the interval still has a width. */

import { testHomogeneity } from "#lib/stats/homogeneity.ts";
import { wilson } from "#lib/stats/performance/intervals.ts";

export type Proportion = { readonly count: number; readonly total: number };
export type Interval = { readonly lower: number; readonly upper: number };

export type RateChange = Interval & {
  /** Window minus baseline, as shares of one. */
  readonly difference: number;
  readonly pValue: number;
};

/** Null without rows. */
export const wilsonInterval = ({ count, total }: Proportion): Interval | null =>
  wilson(count, total);

export const computeRateChange = (baseline: Proportion, window: Proportion): RateChange | null => {
  const before = wilsonInterval(baseline);
  const now = wilsonInterval(window);
  if (before === null || now === null) return null;
  const p1 = window.count / window.total;
  const p2 = baseline.count / baseline.total;
  const tested = testHomogeneity({
    baseline: [baseline.count, baseline.total - baseline.count],
    window: [window.count, window.total - window.count],
  });
  return {
    difference: p1 - p2,
    lower: p1 - p2 - Math.hypot(p1 - now.lower, before.upper - p2),
    upper: p1 - p2 + Math.hypot(now.upper - p1, p2 - before.lower),
    pValue: tested?.pValue ?? 1,
  };
};
