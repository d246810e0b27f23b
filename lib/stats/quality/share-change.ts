/** How far a share of rows moved between two samples, with Newcombe's interval and a p-value that holds for sparse counts.
 *
 *  Definition. Newcombe's interval is that of rate-change.ts. p is that of testHomogeneity (homogeneity.ts):
 *  the pooled two-proportion z squared is Pearson's chi-squared of the two cells, and sparse cells are tested exactly.
 *  Matches the examples printed by Newcombe (1998).
 *  Degenerate input: no rows on a side: null; a share of 0 or 1 on both: p = 1, the interval still has a width. */

import { testHomogeneity } from "#lib/stats/homogeneity.ts";
import type { Rate } from "#lib/stats/rate-change.ts";
import { newcombeInterval } from "#lib/stats/rate-change.ts";
import type { ShareInterval } from "#lib/stats/share-interval.ts";

export type ShareChange = ShareInterval & {
  /** Window minus baseline, as shares of one. */
  readonly difference: number;
  readonly pValue: number;
};

export const computeShareChange = (baseline: Rate, window: Rate): ShareChange | null => {
  if (!(baseline.total > 0 && window.total > 0)) return null;
  const { low, high } = newcombeInterval(baseline, window);
  const tested = testHomogeneity({
    baseline: [baseline.count, baseline.total - baseline.count],
    window: [window.count, window.total - window.count],
  });
  return {
    difference: window.count / window.total - baseline.count / baseline.total,
    lower: low,
    upper: high,
    pValue: tested?.pValue ?? 1,
  };
};
