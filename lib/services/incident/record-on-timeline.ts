import { insertTimeline } from "#db/postgres/queries/incident.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import type { IncidentActor, TimelineKind } from "#lib/domain/incident.ts";
import type { TimelineDetail } from "#lib/domain/timeline-detail.ts";

export interface TimelineRecord {
  id: string;
  incidentId: string;
  kind: TimelineKind;
  text: string;
  actor: IncidentActor;
  detail?: TimelineDetail | undefined;
  /** When it happened; now where it is left out. */
  occurredAt?: Date | undefined;
}

/** Writes down what happened around an incident without changing its state, in the caller's transaction. */
export function recordOnTimeline(
  { pg, workspaceId, now }: PostgresScope & { now: Date },
  { detail, occurredAt, ...record }: TimelineRecord,
): Promise<void> {
  return insertTimeline(pg, [
    {
      ...record,
      workspaceId,
      detail: detail ?? null,
      occurredAt: occurredAt ?? now,
      recordedAt: now,
    },
  ]);
}
