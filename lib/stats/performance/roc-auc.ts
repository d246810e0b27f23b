/** ROC AUC: the chance that a positive row scores above a negative one, ties counting half.
 *
 *  Definition. AUC = sum over distinct scores of n- (N+_above + n+/2) / (N+ N-).
 *  Interval: DeLong, DeLong and Clarke-Pearson (1988) from counts: with V10 = the share of negatives below each positive
 *  (ties half) and V01 = the share of positives above each negative, Var = S10/N+ + S01/N-, S being sample variances.
 *  Matches sklearn.metrics.roc_auc_score.
 *  Degenerate input: one class: undefined; a single row of a class: a value without an interval. */

import { normalMetric, UNIT } from "#lib/stats/performance/intervals.ts";
import type { MetricValue } from "#lib/stats/performance/metric-value.ts";
import { undefinedBecause } from "#lib/stats/performance/metric-value.ts";
import type { ScoreGroup } from "#lib/stats/performance/score-cells.ts";

export const computeRocAuc = (groups: readonly ScoreGroup[]): MetricValue => {
  let positives = 0;
  let negatives = 0;
  for (const group of groups) {
    positives += group.positives;
    negatives += group.negatives;
  }
  if (positives + negatives === 0) return undefinedBecause("no_labels");
  if (positives === 0 || negatives === 0) return undefinedBecause("one_class");
  let negativesBelow = 0;
  let positivesBelow = 0;
  let mean = 0;
  let squares10 = 0;
  let squares01 = 0;
  for (const group of groups) {
    const below = (negativesBelow + group.negatives / 2) / negatives;
    const above = (positives - positivesBelow - group.positives / 2) / positives;
    mean += group.positives * below;
    squares10 += group.positives * below * below;
    squares01 += group.negatives * above * above;
    negativesBelow += group.negatives;
    positivesBelow += group.positives;
  }
  const auc = mean / positives;
  const varianceOf = (squares: number, n: number) =>
    n < 2 ? Number.NaN : Math.max(0, squares - n * auc * auc) / (n - 1);
  const variance =
    varianceOf(squares10, positives) / positives + varianceOf(squares01, negatives) / negatives;
  return normalMetric(auc, Math.sqrt(variance), positives + negatives, UNIT);
};
