import type { MonitorKind, MonitorSeries } from "#lib/domain/monitor.ts";

/** The names of some series together: a version that all have goes without saying. */
export function nameSeriesOf(all: readonly MonitorSeries[]): (series: MonitorSeries) => string {
  const hasOne = new Set(all.map(({ version }) => version)).size <= 1;
  return (series) => nameSeries(hasOne ? { ...series, version: "" } : series);
}

/** What a series is about, in the reader's words. */
function nameSeries({ subject, column, version, segmentKey, segmentValue }: MonitorSeries): string {
  const what = {
    model: "whole model",
    feature: column,
    prediction: column === "" ? "prediction" : `prediction ${column}`,
    label: "label",
  }[subject];
  const where =
    segmentKey === "" ? "" : `, ${segmentKey} = ${segmentValue === "" ? "none" : segmentValue}`;
  return `${what}${where}${version === "" ? "" : `, version ${version}`}`;
}

export const monitorKindNames: Record<MonitorKind, string> = {
  drift: "Drift",
  skew: "Training-serving skew",
  freshness: "Freshness",
  volume: "Volume",
  quality: "Data quality",
  performance: "Performance",
  estimated_performance: "Estimated performance",
  latency: "Latency",
  fairness: "Fairness",
  expression: "Expression",
};
