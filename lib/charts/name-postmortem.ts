import type { MonitorQuestion } from "#lib/domain/monitor-definition.ts";
import type {
  Detection,
  DetectionRow,
  FactorClass,
  PostmortemState,
} from "#lib/domain/postmortem.ts";
import { nameQuestion } from "./describe-reading.ts";
import { formatDuration } from "./format-number.ts";
import { monitorKindNames } from "./name-monitor.ts";

export const postmortemStateNames: Record<PostmortemState, string> = {
  draft: "Draft",
  in_review: "In review",
  published: "Published",
};

export const factorNames: Record<FactorClass, string> = {
  data_source: "Data source",
  feature_pipeline: "Feature pipeline",
  training: "Training",
  model_release: "Model or release",
  serving: "Serving",
  monitoring_detection: "Monitoring and detection",
  process: "Process",
  external: "External",
};

/** "would have fired 2 h after the impact began". */
export function sayDetection({ verdict, afterImpactMs, reason }: DetectionRow): string {
  switch (verdict) {
    case "fired":
      return `would have fired ${formatDuration(afterImpactMs)} after the impact began`;
    case "silent":
      return "would not have fired";
    case "already":
      return "fired before the impact began, and finds nothing";
    case "cannot_say":
      return `cannot say: ${reason ?? "nobody knows why"}`;
  }
}

/** "15 more monitors of the model were not replayed." */
export const sayLeftOut = ({ leftOutCount }: Detection): string =>
  leftOutCount === 1
    ? "One more monitor of the model was not replayed."
    : `${leftOutCount} more monitors of the model were not replayed.`;

/** "1.5 in 30 days (3 in 60 days of history)". */
export function sayCost({
  falseAlertsPer30Days,
  falseAlertCount,
  historyDays,
}: DetectionRow): string {
  if (falseAlertCount === null) return "not known";
  if (falseAlertsPer30Days === null)
    return "not known: less than a day of history outside of the impact had values";
  const days = Math.round(historyDays);
  return `${Number(falseAlertsPer30Days.toPrecision(3))} in 30 days (${falseAlertCount} in ${days} ${days === 1 ? "day" : "days"} of history)`;
}

/** "Data quality: share of missing values", for settings that have no name of their own. */
export function nameSettings({ kind, definition }: MonitorQuestion): string {
  return `${monitorKindNames[kind]}: ${nameQuestion(kind, definition.statistic)}`;
}
