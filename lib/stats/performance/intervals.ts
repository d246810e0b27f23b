/** Intervals of realised metrics: Wilson for shares, the normal one for everything that has a standard error.
 *
 *  Definition. Wilson's is that of share-interval.ts, the normal one value +- 1.96 standard errors.
 *  A smooth function of counts has, by the delta method on a multinomial, the variance sum(c g^2) - (sum(c g))^2 / n, where
 *  g is its derivative by each count: `varianceOfCounts`. It stands in for bootstrap redraws: the same limit, without
 *  random numbers, and in one pass.
 *  Degenerate input: n = 0 has no interval; a standard error that is not finite gives none. */

import { NORMAL_QUANTILE_975 } from "#lib/stats/interval.ts";
import type { MetricValue, UndefinedReason } from "#lib/stats/performance/metric-value.ts";
import { undefinedBecause } from "#lib/stats/performance/metric-value.ts";
import { shareInterval } from "#lib/stats/share-interval.ts";

/** A share of counted rows. */
export const shareMetric = (
  successes: number,
  n: number,
  reasonWhenEmpty: UndefinedReason,
): MetricValue => {
  const interval = shareInterval({ count: successes, total: n });
  if (interval === null) return undefinedBecause(reasonWhenEmpty);
  return { kind: "value", value: successes / n, ...interval, sampleCount: n };
};

export type Bounds = { readonly minimum?: number; readonly maximum?: number };

/** A value with a normal interval, cut at the metric's own bounds. Null: no standard error. */
export const normalMetric = (
  value: number,
  standardError: number | null,
  sampleCount: number,
  { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY }: Bounds = {},
): MetricValue => {
  if (!Number.isFinite(value)) return undefinedBecause("not_finite");
  if (standardError === null || !Number.isFinite(standardError))
    return { kind: "value", value, lower: null, upper: null, sampleCount };
  const half = NORMAL_QUANTILE_975 * standardError;
  return {
    kind: "value",
    value,
    lower: Math.max(minimum, value - half),
    upper: Math.min(maximum, value + half),
    sampleCount,
  };
};

export const UNIT: Bounds = { minimum: 0, maximum: 1 };

/** Variance of f(counts) with the derivative g of f by each count. */
export const varianceOfCounts = (
  counts: readonly number[],
  derivative: readonly number[],
): number => {
  let n = 0;
  let first = 0;
  let second = 0;
  for (let i = 0; i < counts.length; i += 1) {
    const c = counts[i] ?? 0;
    const g = derivative[i] ?? 0;
    n += c;
    first += c * g;
    second += c * g * g;
  }
  return n === 0 ? Number.NaN : Math.max(0, second - (first * first) / n);
};
