/** What a comparison of two models on the same rows finds, metric by metric. P-values are adjusted over all metrics by Holm. */

import { adjustPValuesHolm } from "#lib/stats/holm.ts";
import type { Interval } from "#lib/stats/interval.ts";
import type { Agreement } from "#lib/stats/paired/agreement.ts";
import type { UndefinedReason } from "#lib/stats/performance/metric-value.ts";

const LOWER_IS_BETTER: ReadonlySet<string> = new Set(["log_loss", "brier", "mae", "rmse"]);
export const isHigherBetter = (metric: string): boolean => !LOWER_IS_BETTER.has(metric);

type PairedTest = "mcnemar" | "delta" | "delong" | "paired_t";

export type PairedMetric = {
  readonly metric: string;
  readonly test: PairedTest;
  readonly first: number;
  readonly second: number;
  /** Second less first, with its 95 % interval. */
  readonly difference: number;
  readonly interval: Interval | null;
  readonly pValue: number;
  /** McNemar's exact one, where that is the test. */
  readonly exactPValue: number | null;
  readonly adjustedPValue: number;
  readonly count: number;
};

export type Unadjusted = Omit<PairedMetric, "adjustedPValue">;
export type Lacking = {
  readonly metric: string;
  readonly reason: UndefinedReason | "positive_class_unknown";
};

export type PairedComparison = {
  readonly pairCount: number;
  readonly labelledCount: number;
  readonly agreement: Agreement | null;
  readonly metrics: readonly PairedMetric[];
  readonly lacking: readonly Lacking[];
};

type Figures = Pick<PairedMetric, "first" | "second" | "difference" | "pValue" | "count"> & {
  readonly interval: Interval | null;
  readonly exactPValue?: number;
};

/** `reason`: why it is lacking, if it is. */
export const toMetric = (
  metric: string,
  test: PairedTest,
  figures: Figures | null,
  reason: Lacking["reason"],
): Unadjusted | Lacking => {
  if (figures === null) return { metric, reason };
  const { first, second, difference, interval, pValue, count, exactPValue = null } = figures;
  return { metric, test, first, second, difference, interval, pValue, exactPValue, count };
};

/** Those that could be computed, as one family, and those that could not. */
export const settleMetrics = (
  found: readonly (Unadjusted | Lacking)[],
): Pick<PairedComparison, "metrics" | "lacking"> => {
  const metrics = found.flatMap((one) => ("test" in one ? [one] : []));
  const adjusted = adjustPValuesHolm(metrics.map(({ pValue }) => pValue));
  return {
    metrics: metrics.map((one, i) => ({ ...one, adjustedPValue: adjusted[i] ?? 1 })),
    lacking: found.flatMap((one) => ("reason" in one ? [one] : [])),
  };
};
