import type { CauseClass } from "#lib/domain/monitor.ts";

export interface GroupLabels {
  modelId: string | null;
  environment: string;
  segmentKey: string;
  segmentValue: string;
  causeClass: CauseClass;
}

/** Alerts with the same key are one incident: of one model in one environment, of everybody or of one segment, with one kind of
 *  cause. Versions and features are not in it: one bad feed hits several. */
export function groupKeyOf(labels: GroupLabels): string {
  const { modelId, environment, segmentKey, segmentValue, causeClass } = labels;
  return JSON.stringify([modelId ?? "", environment, segmentKey, segmentValue, causeClass]);
}
