import { randomUUID } from "node:crypto";
import type { NewChange } from "#db/postgres/queries/change.ts";
import { listChangeDestinationIds } from "#db/postgres/queries/destination.ts";
import { findWorkspace } from "#db/postgres/queries/workspace.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import type { IncidentMessage } from "#lib/domain/notification.ts";
import { enqueueNotifications } from "../notification/enqueue-notifications.ts";

/** Tells PagerDuty of changes, where a destination wants them, so that they stand there beside incidents. By the outbox of every
 *  message; a change is the only one of its kind and has a number of its own. */
export async function announceChanges(
  scope: PostgresScope & { now: Date },
  changes: readonly NewChange[],
): Promise<void> {
  if (changes.length === 0) return;
  const destinationIds = await listChangeDestinationIds(scope);
  if (destinationIds.length === 0) return;
  const workspace = await findWorkspace(scope);
  for (const change of changes) {
    await enqueueNotifications(scope.pg, {
      workspaceId: scope.workspaceId,
      message: toMessage(change, workspace?.name ?? ""),
      destinationIds,
      now: scope.now,
      newId: randomUUID,
    });
  }
}

function toMessage(change: NewChange, workspaceName: string): IncidentMessage {
  const { modelName, environment, version, occurredAt } = change;
  return {
    kind: "change",
    workspaceName,
    incidentId: randomUUID(),
    incidentNumber: 0,
    sequence: 1,
    groupKey: `change ${change.id}`,
    title: change.title,
    state: "resolved",
    severity: "sev5",
    causeClass: "other",
    model: modelName === "" ? null : { name: modelName, environment, version },
    answer: change.title,
    impactStartedAt: null,
    detectedAt: occurredAt.toISOString(),
    acknowledgedAt: null,
    acknowledgedBy: null,
    mitigatedAt: null,
    resolvedAt: null,
    ownerName: null,
    note: null,
    alerts: [],
    firingCount: 0,
    resolvedCount: 0,
    explainedCount: 0,
    runbookUrl: null,
    incidentUrl: null,
    change: {
      kind: change.kind,
      source: change.source ?? "",
      url: change.url ?? null,
      details: change.details ?? {},
    },
  };
}
