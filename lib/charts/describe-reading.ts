import type { MonitorKind } from "#lib/domain/monitor.ts";
import type { MonitorThreshold, StatisticUnit } from "#lib/domain/monitor-definition.ts";
import { formatCountExact, formatDuration, formatNumber, formatShare } from "./format-number.ts";
import { nameMetric } from "./name-metric.ts";

/** A value of a monitor with its unit. */
export function formatReading(value: number, unit: StatisticUnit): string {
  switch (unit) {
    case "share":
      return formatShare(value);
    case "ms":
      return formatDuration(value);
    case "rows":
      return formatCountExact(Math.round(value));
    case "deviation":
      return `${formatNumber(value)} standard deviations`;
    case "floors":
      return `${formatNumber(value)}\u202f×`;
    case "points":
      return `${formatNumber(value * 100)} points`;
    case "none":
      return formatNumber(value);
  }
}

const names: Readonly<Record<string, string>> = {
  psi: "PSI",
  jensen_shannon: "Jensen-Shannon",
  kolmogorov_smirnov: "Kolmogorov-Smirnov",
  wasserstein_normed: "Wasserstein",
  hellinger: "Hellinger",
  event_age: "age of the newest event",
  event_lag_p95: "event lag, 95th percentile",
  feature_age_p95: "age of feature values, 95th percentile",
  rows: "rows",
  missing_share: "missing values",
  type_violation_share: "values of the wrong type",
  nan_share: "NaN or infinite values",
  out_of_range_share: "values out of range",
  new_category_share: "new categories",
  mean: "mean latency",
  p50: "latency, median",
  p95: "latency, 95th percentile",
  p99: "latency, 99th percentile",
  mismatch_rate: "pairs that differ",
  selection_rate_gap: "gap of selection rates",
  selection_rate_ratio: "ratio of selection rates",
  true_positive_rate_gap: "gap of true positive rates",
  false_positive_rate_gap: "gap of false positive rates",
  precision_gap: "gap of precision",
  accuracy_gap: "gap of accuracy",
  mean_error_gap: "gap of mean errors",
  mean_absolute_error_gap: "gap of mean absolute errors",
  value: "expression",
};

const verdictOf: Partial<Record<MonitorKind, string>> = {
  drift: "drift, calibrated verdict",
  quality: "quality, calibrated verdict",
  skew: "skew, calibrated verdict",
  fairness: "any measure, calibrated verdict",
};

/** What a monitor asks, in the reader's words. */
export function nameQuestion(kind: MonitorKind, statistic: string): string {
  if (statistic === "verdict") return verdictOf[kind] ?? "calibrated verdict";
  if (kind === "estimated_performance") return `estimated ${nameMetric(statistic)}`;
  return names[statistic] ?? nameMetric(statistic);
}

export interface DescribedReading {
  kind: MonitorKind;
  statistic: string;
  unit: StatisticUnit;
  threshold: MonitorThreshold;
  value: number;
  lower: number | null;
  upper: number | null;
  sampleCount: number;
  fireThreshold: number | null;
  /** Of a learned band. */
  expected: number | null;
  words?: string;
}

/** What a window of a monitor says, with its value, interval, size and threshold. */
export function describeReading(reading: DescribedReading): string {
  const { kind, statistic, unit, threshold, value, lower, upper, sampleCount, words } = reading;
  const said = (one: number) => formatReading(one, unit);
  const size =
    kind === "volume" || kind === "freshness" ? "" : `, n = ${formatCountExact(sampleCount)}`;
  if (threshold.kind === "verdict") return `${words ?? said(value)}${size}`;
  const interval =
    lower === null || upper === null || lower === upper
      ? ""
      : ` (${said(lower)} to ${said(upper)})`;
  const what = nameQuestion(kind, statistic);
  const figure = kind === "volume" ? `${said(value)} rows` : `${what} ${said(value)}${interval}`;
  const note = words === undefined ? "" : `; ${words}`;
  return `${figure}${size}; ${sayThreshold(reading, said)}${note}`;
}

function sayThreshold(
  { threshold, fireThreshold, expected }: DescribedReading,
  said: (value: number) => string,
): string {
  const at = fireThreshold === null ? "" : said(fireThreshold);
  switch (threshold.kind) {
    case "verdict":
      return "";
    case "fixed":
      return `fires ${threshold.direction} ${at}`;
    case "learned": {
      const side =
        fireThreshold !== null && expected !== null && fireThreshold < expected ? "below" : "above";
      return `${expected === null ? "" : `${said(expected)} is usual at this time of the week, `}fires ${side} ${at}`;
    }
  }
}
