/** Average precision: the area under the precision-recall steps.
 *
 *  Definition. AP = sum over distinct scores, descending, of (R_k - R_{k-1}) P_k.
 *  Matches sklearn.metrics.average_precision_score. Interval by the delta method on the counts of every score.
 *  Degenerate input: no positive row: undefined. */

import { normalMetric, UNIT, varianceOfCounts } from "#lib/stats/performance/intervals.ts";
import type { MetricValue } from "#lib/stats/performance/metric-value.ts";
import type { ScoreGroup } from "#lib/stats/performance/score-cells.ts";

export const computeAveragePrecision = (ascending: readonly ScoreGroup[]): MetricValue => {
  const found = averagePrecisionOf(ascending);
  if (found.kind === "undefined") return found;
  return normalMetric(found.value, found.standardError, found.rows, UNIT);
};

/** With its standard error, which may be NaN. */
export const averagePrecisionOf = (
  ascending: readonly ScoreGroup[],
):
  | Extract<MetricValue, { kind: "undefined" }>
  | { kind: "found"; value: number; standardError: number; rows: number } => {
  let positives = 0;
  let rows = 0;
  for (const group of ascending) {
    positives += group.positives;
    rows += group.count;
  }
  if (rows === 0) return { kind: "undefined", reason: "no_labels" };
  if (positives === 0) return { kind: "undefined", reason: "no_positive" };
  const precisions = new Array<number>(ascending.length).fill(0);
  const totals = new Array<number>(ascending.length).fill(0);
  let truePositives = 0;
  let total = 0;
  let sum = 0;
  for (let k = ascending.length - 1; k >= 0; k -= 1) {
    const group = ascending[k];
    if (group === undefined) continue;
    truePositives += group.positives;
    total += group.count;
    precisions[k] = total === 0 ? 0 : truePositives / total;
    totals[k] = total;
    sum += group.positives * (precisions[k] ?? 0);
  }
  const value = sum / positives;
  // By a count at a score: what it adds to the precision of every score at or below its own.
  const counts: number[] = [];
  const derivative: number[] = [];
  let gain = 0;
  let loss = 0;
  for (let k = 0; k < ascending.length; k += 1) {
    const group = ascending[k];
    const precision = precisions[k] ?? 0;
    const held = totals[k] ?? 0;
    if (group === undefined || held === 0) continue;
    gain += (group.positives * (1 - precision)) / held;
    loss += (group.positives * precision) / held;
    counts.push(group.positives, group.negatives);
    derivative.push((precision + gain - value) / positives, -loss / positives);
  }
  const variance = varianceOfCounts(counts, derivative);
  return { kind: "found", value, standardError: Math.sqrt(variance), rows };
};
