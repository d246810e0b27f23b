/** Difference of one metric between two samples that have no rows in common, with its 95 % interval and a test that it is zero.
 *
 *  Definition. The interval squares and adds the distances of each side's own bounds (Zou and Donner 2008), which for shares with
 *  Wilson's bounds is Newcombe's interval. The test is that of two proportions for shares, else z of the two standard errors.
 *  Matches statsmodels' confint_proportions_2indep(method="newcomb") for shares, scipy's normal distribution for the rest.
 *  Degenerate input: a side that is undefined or has no interval: null. */

import type { Interval } from "#lib/stats/interval.ts";
import { NORMAL_QUANTILE_975 } from "#lib/stats/interval.ts";
import { normalTwoSided } from "#lib/stats/normal-distribution.ts";
import type { JudgedMetric } from "#lib/stats/performance/judge.ts";
import { computeRateChange } from "#lib/stats/rate-change.ts";

export type UnpairedDifference = {
  readonly first: number;
  readonly second: number;
  readonly difference: number;
  readonly interval: Interval;
  readonly pValue: number;
  readonly firstCount: number;
  readonly secondCount: number;
};

type Known = {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  readonly sampleCount: number;
};

const SHARES: ReadonlySet<string> = new Set([
  "accuracy",
  "precision",
  "recall",
  "specificity",
  "false_positive_rate",
]);

const knownOf = (metric: JudgedMetric | undefined): Known | null => {
  if (metric?.kind !== "value" || metric.lower === null || metric.upper === null) return null;
  return { ...metric, lower: metric.lower, upper: metric.upper };
};

/** A bound of the metric may cut one side of a normal interval, never both. */
const errorOf = ({ value, lower, upper }: Known): number =>
  Math.max(value - lower, upper - value) / NORMAL_QUANTILE_975;

const testOf = (metric: string, first: Known, second: Known): number => {
  if (SHARES.has(metric)) {
    const rate = ({ value, sampleCount }: Known) => ({
      count: Math.round(value * sampleCount),
      total: sampleCount,
    });
    return computeRateChange(rate(first), rate(second))?.pValue ?? 1;
  }
  const error = Math.hypot(errorOf(first), errorOf(second));
  if (error > 0) return normalTwoSided((second.value - first.value) / error);
  return second.value === first.value ? 1 : 0;
};

export const computeUnpairedDifference = (
  metric: string,
  firstMetric: JudgedMetric | undefined,
  secondMetric: JudgedMetric | undefined,
): UnpairedDifference | null => {
  const [first, second] = [knownOf(firstMetric), knownOf(secondMetric)];
  if (first === null || second === null) return null;
  const difference = second.value - first.value;
  return {
    first: first.value,
    second: second.value,
    difference,
    interval: {
      low: difference - Math.hypot(second.value - second.lower, first.upper - first.value),
      high: difference + Math.hypot(second.upper - second.value, first.value - first.lower),
    },
    pValue: testOf(metric, first, second),
    firstCount: first.sampleCount,
    secondCount: second.sampleCount,
  };
};
