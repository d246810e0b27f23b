/** Regression metrics, from the moments of errors e = prediction - label.
 *
 *  Definitions. MAE mean|e|; MSE mean e^2; RMSE its root; bias mean e; MAPE mean(|e| / max(|y|, eps)), eps = 2.220446049250313e-16,
 *  which a label of 0 explodes: their number stands beside it; WMAPE sum|e| / sum|y|; R^2 1 - sum e^2 / sum (y - mean y)^2;
 *  MSLE mean (ln(1+y) - ln(1+prediction))^2, undefined when any of them is negative; quantile loss at q
 *  mean(q max(-e, 0) + (1-q) max(e, 0)).
 *  Match sklearn.metrics.mean_absolute_error, mean_squared_error, root_mean_squared_error, mean_absolute_percentage_error, r2_score,
 *  mean_squared_log_error and mean_pinball_loss. Intervals are normal ones of the mean, by the delta method for RMSE
 *  (SE = sqrt(var(e^2) / (4 n mean e^2))) and WMAPE; R^2 has none.
 *  Degenerate input: no row with both a label and a prediction: undefined. */

import { normalMetric } from "#lib/stats/performance/intervals.ts";
import type { MetricValue } from "#lib/stats/performance/metric-value.ts";
import { undefinedBecause } from "#lib/stats/performance/metric-value.ts";
import type { Moment, Moments } from "#lib/stats/performance/moments.ts";
import { NO_MOMENT, standardErrorOfMean, varianceOf } from "#lib/stats/performance/moments.ts";

export const REGRESSION_MOMENTS = [
  "label",
  "error",
  "absolute_error",
  "squared_error",
  /** |e| / |y| where y is not 0. */
  "relative_error",
  /** |e| where y is 0. */
  "error_at_zero",
  "label_size",
  /** |e| + |y|: its variance holds their covariance. */
  "error_and_size",
  "over",
  "under",
  "squared_log_error",
] as const;
export type RegressionMoment = (typeof REGRESSION_MOMENTS)[number];
export type RegressionMoments = Moments<RegressionMoment>;

const EPSILON = 2.220446049250313e-16;
const POSITIVE = { minimum: 0 };

const meanOf = (moment: Moment): MetricValue =>
  normalMetric(moment.mean, standardErrorOfMean(moment), moment.count, POSITIVE);

const rootOf = (squared: Moment): MetricValue => {
  const error =
    squared.count < 2 || squared.mean === 0
      ? null
      : Math.sqrt(squared.m2 / squared.count / (4 * squared.count * squared.mean));
  return normalMetric(Math.sqrt(squared.mean), error, squared.count, POSITIVE);
};

const mapeOf = (relative: Moment, atZero: Moment): MetricValue => {
  const n = relative.count + atZero.count;
  const value = (relative.count * relative.mean + (atZero.count * atZero.mean) / EPSILON) / n;
  if (atZero.count > 0) return normalMetric(value, null, n);
  return meanOf(relative);
};

const wmapeOf = (absolute: Moment, size: Moment, both: Moment): MetricValue => {
  if (size.mean === 0) return undefinedBecause("zero_labels_only");
  const ratio = absolute.mean / size.mean;
  const [a, b] = [varianceOf(absolute), varianceOf(size)];
  const covariance = (varianceOf(both) - a - b) / 2;
  const variance =
    Math.max(0, a + ratio * ratio * b - 2 * ratio * covariance) / (absolute.count * size.mean ** 2);
  return normalMetric(ratio, Math.sqrt(variance), absolute.count, POSITIVE);
};

export const computeQuantileLoss = (moments: RegressionMoments, quantile: number): MetricValue => {
  const { over = NO_MOMENT, under = NO_MOMENT } = moments;
  const n = over.count;
  if (n === 0) return undefinedBecause("no_labels");
  const value = quantile * under.mean + (1 - quantile) * over.mean;
  // No error is both: the mean of their product is 0.
  const variance =
    quantile ** 2 * varianceOf(under) +
    (1 - quantile) ** 2 * varianceOf(over) -
    (2 * quantile * (1 - quantile) * under.mean * over.mean * n) / (n - 1);
  return normalMetric(value, Math.sqrt(Math.max(0, variance) / n), n, POSITIVE);
};

export type RegressionMetrics = {
  readonly [name in
    | "mae"
    | "mse"
    | "rmse"
    | "bias"
    | "mape"
    | "wmape"
    | "msle"
    | "rmsle"
    | "r2"
    | "median_loss"
    | "quantile_loss@0.1"
    | "quantile_loss@0.9"]: MetricValue;
};

export const computeRegressionMetrics = (moments: RegressionMoments): RegressionMetrics => {
  const of = (name: RegressionMoment) => moments[name] ?? NO_MOMENT;
  const n = of("error").count;
  if (n === 0) {
    const none = undefinedBecause("no_labels");
    return {
      mae: none,
      mse: none,
      rmse: none,
      bias: none,
      mape: none,
      wmape: none,
      msle: none,
      rmsle: none,
      r2: none,
      median_loss: none,
      "quantile_loss@0.1": none,
      "quantile_loss@0.9": none,
    };
  }
  const squared = of("squared_error");
  const label = of("label");
  const logs = of("squared_log_error");
  const isNegative = logs.count < n;
  const r2 = (): MetricValue => {
    if (n < 2) return undefinedBecause("too_few_rows");
    if (label.m2 === 0) return undefinedBecause("constant_label");
    return normalMetric(1 - (squared.mean * n) / label.m2, null, n);
  };
  return {
    mae: meanOf(of("absolute_error")),
    mse: meanOf(squared),
    rmse: rootOf(squared),
    bias: normalMetric(of("error").mean, standardErrorOfMean(of("error")), n),
    mape: mapeOf(of("relative_error"), of("error_at_zero")),
    wmape: wmapeOf(of("absolute_error"), of("label_size"), of("error_and_size")),
    msle: isNegative ? undefinedBecause("negative_values") : meanOf(logs),
    rmsle: isNegative ? undefinedBecause("negative_values") : rootOf(logs),
    r2: r2(),
    median_loss: computeQuantileLoss(moments, 0.5),
    "quantile_loss@0.1": computeQuantileLoss(moments, 0.1),
    "quantile_loss@0.9": computeQuantileLoss(moments, 0.9),
  };
};

export const countZeroLabels = (moments: RegressionMoments): number =>
  moments.error_at_zero?.count ?? 0;
