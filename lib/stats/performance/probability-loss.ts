/** Log loss and Brier score: how far scores that are meant as probabilities are from what turned out.
 *
 *  Definitions. Log loss -mean(y ln s + (1 - y) ln(1 - s)) with s clipped to [eps, 1 - eps]; Brier mean((s - y)^2).
 *  Match sklearn.metrics.log_loss and brier_score_loss. Intervals from the variance of the row losses, which is exact for
 *  exact cells and leaves out what varies within a bin otherwise.
 *  Degenerate input: no labelled row: undefined; a score outside [0, 1] is no probability: undefined. */

import { normalMetric } from "#lib/stats/performance/intervals.ts";
import type { MetricValue } from "#lib/stats/performance/metric-value.ts";
import { undefinedBecause } from "#lib/stats/performance/metric-value.ts";
import type { ScoreCell } from "#lib/stats/performance/score-cells.ts";
import { EPSILON, isUnit } from "#lib/stats/performance/score-cells.ts";

const meanLoss = (
  cells: readonly ScoreCell[],
  lossOf: (cell: ScoreCell) => number,
): MetricValue => {
  let n = 0;
  let sum = 0;
  let squares = 0;
  for (const cell of cells) {
    if (cell.label === null || cell.count === 0) continue;
    const loss = lossOf(cell);
    n += cell.count;
    sum += loss;
    squares += (loss * loss) / cell.count;
  }
  if (n === 0) return undefinedBecause("no_labels");
  if (!isUnit(cells)) return undefinedBecause("score_outside_unit");
  const mean = sum / n;
  const variance = n < 2 ? Number.NaN : Math.max(0, squares - n * mean * mean) / (n - 1);
  return normalMetric(mean, Math.sqrt(variance / n), n, { minimum: 0 });
};

export const computeLogLoss = (cells: readonly ScoreCell[]): MetricValue =>
  meanLoss(cells, (cell) => (cell.label === true ? cell.lossPositive : cell.lossNegative));

export const computeBrier = (cells: readonly ScoreCell[]): MetricValue =>
  meanLoss(cells, ({ label, count, scoreSum, squareSum }) =>
    label === true ? squareSum - 2 * scoreSum + count : squareSum,
  );

/** Labelled rows whose score had to be clipped inside the logarithm: certainties. */
export const countClipped = (cells: readonly ScoreCell[]): number =>
  cells.reduce(
    (sum, { score, label, count }) =>
      label !== null && (score < EPSILON || score > 1 - EPSILON) ? sum + count : sum,
    0,
  );
