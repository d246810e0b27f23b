import type { SloIndicator, SloPeriod } from "#lib/domain/slo.ts";
import { formatDuration, formatNumber } from "./format-number.ts";
import { nameMetric } from "./name-metric.ts";
import { plural } from "./sentence.ts";

/** What makes a slice or an event a good one: "the newest row is under 15 min old". */
export function sayIndicator(indicator: SloIndicator): string {
  switch (indicator.kind) {
    case "freshness":
      return `the newest row is at most ${formatDuration(indicator.ageMs)} old`;
    case "latency":
      return `a prediction is answered within ${formatDuration(indicator.latencyMs)}`;
    case "drift":
      return `${atMost(indicator.driftedMax, "feature")} from ${indicator.reference === "baseline" ? "the baseline" : "the days before"}`;
    case "quality":
      return indicator.problemMax === 0
        ? "no feature has values that are not as expected"
        : `at most ${indicator.problemMax} ${plural(indicator.problemMax, "feature")} with values that are not as expected`;
    case "performance":
      return `${nameMetric(indicator.metric)} is ${indicator.operator === "at_least" ? "at least" : "at most"} ${formatNumber(indicator.threshold)}`;
  }
}

const atMost = (most: number, noun: string): string =>
  most === 0 ? `no ${noun} drifts` : `at most ${most} ${plural(most, noun)} drift`;

/** What is counted, in words: "5 min slices", "predictions". */
export function sayUnit(indicator: SloIndicator): string {
  switch (indicator.kind) {
    case "freshness":
      return "slices of 5\u202fmin";
    case "latency":
      return "predictions";
    case "drift":
    case "quality":
    case "performance":
      return "hours";
  }
}

/** "28 days", "this month". */
export function sayPeriod(period: SloPeriod): string {
  if (period.kind === "rolling") return `${period.days}\u202f${plural(period.days, "day")}`;
  return `this ${period.unit}`;
}
