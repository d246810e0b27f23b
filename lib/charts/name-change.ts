import type { Change, ChangeList } from "#lib/api/change.ts";
import type { ShownChangeKind } from "#lib/domain/change.ts";
import type { TimeMark } from "./mark-time-axis.ts";

export const changeKindNames: Record<ShownChangeKind, string> = {
  deployment: "Deployment",
  promotion: "Promotion",
  rollback: "Rollback",
  retrain: "Retrain",
  feature_pipeline: "Feature pipeline",
  config: "Configuration",
  schema: "Schema",
  other: "Change",
  first_seen: "New version",
};

/** "eta, production, version 7"; what is empty is all of them. */
export function sayChangeScope({ model, environment, version }: Change): string {
  const parts = [
    model === "" ? "all models" : model,
    ...(environment === "" ? [] : [environment]),
    ...(version === "" ? [] : [`version ${version}`]),
  ];
  return parts.join(", ");
}

export function toTimeMarks(
  { changes, incidents }: ChangeList,
  exceptIncident?: number,
): TimeMark[] {
  return [
    ...changes.map(
      ({ kind, title, occurredAt }): TimeMark => ({
        timeMs: Date.parse(occurredAt),
        kind: "change",
        text: `${changeKindNames[kind]}: ${title}`,
      }),
    ),
    ...incidents
      .filter(({ number }) => number !== exceptIncident)
      .map(
        ({ number, title, detectedAt }): TimeMark => ({
          timeMs: Date.parse(detectedAt),
          kind: "incident",
          text: `#${number} ${title}`,
        }),
      ),
  ];
}
