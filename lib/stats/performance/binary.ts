/** Every metric of a binary model over a window: those of its decisions from the confusion counts, those of its scores from
 *  the score cells. A model that sends decisions alone has the first, one that sends scores alone the second. */

import { computeAveragePrecision } from "#lib/stats/performance/average-precision.ts";
import type { Confusion, ConfusionMetrics } from "#lib/stats/performance/confusion.ts";
import { computeConfusionMetrics } from "#lib/stats/performance/confusion.ts";
import type { MetricValue } from "#lib/stats/performance/metric-value.ts";
import { undefinedBecause } from "#lib/stats/performance/metric-value.ts";
import { computeBrier, computeLogLoss } from "#lib/stats/performance/probability-loss.ts";
import { computeRocAuc } from "#lib/stats/performance/roc-auc.ts";
import type { ScoreCell } from "#lib/stats/performance/score-cells.ts";
import { labelledGroups } from "#lib/stats/performance/score-cells.ts";

export type BinaryMetrics = ConfusionMetrics & {
  readonly [name in "roc_auc" | "average_precision" | "log_loss" | "brier"]: MetricValue;
};

export const computeBinaryMetrics = (
  confusion: Confusion,
  cells: readonly ScoreCell[],
): BinaryMetrics => {
  const groups = labelledGroups(cells);
  const orNoScores = (metric: () => MetricValue) =>
    cells.length === 0 ? undefinedBecause("no_scores") : metric();
  return {
    ...computeConfusionMetrics(confusion),
    roc_auc: orNoScores(() => computeRocAuc(groups)),
    average_precision: orNoScores(() => computeAveragePrecision(groups)),
    log_loss: orNoScores(() => computeLogLoss(cells)),
    brier: orNoScores(() => computeBrier(cells)),
  };
};
