import { randomUUID } from "node:crypto";
import type { ActionItemRow } from "#db/postgres/queries/action-item.ts";
import { updateActionItemRow } from "#db/postgres/queries/action-item.ts";
import {
  listDefaultDestinationIds,
  listDestinationRows,
} from "#db/postgres/queries/destination.ts";
import { findIncidentNames, findIncidentRow } from "#db/postgres/queries/incident.ts";
import { findTeamRow } from "#db/postgres/queries/team.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import type { DestinationKind } from "#lib/domain/destination.ts";
import { enqueueNotifications } from "../notification/enqueue-notifications.ts";

/** Nobody is woken by what is due: these open incidents of their own. */
const pages: ReadonlySet<DestinationKind> = new Set(["pagerduty", "alertmanager"]);

/** Tells whoever owns an item, where their team hears of things, else where everybody does. Answers to how many places it goes. */
export async function tellOwners(
  scope: PostgresScope & { now: Date; call?: { publicUrl?: string | undefined } },
  item: ActionItemRow,
  note: string,
): Promise<number> {
  const destinationIds = await findDestinations(scope, item);
  if (destinationIds.length === 0) return 0;
  const names = await findIncidentNames(scope, item);
  const incident =
    item.incidentId === null ? null : await findIncidentRow(scope, { id: item.incidentId });
  const sequence = item.messageCount + 1;
  const publicUrl = scope.call?.publicUrl;
  await updateActionItemRow(scope, item.id, { messageCount: sequence });
  await enqueueNotifications(scope.pg, {
    workspaceId: scope.workspaceId,
    destinationIds,
    now: scope.now,
    newId: randomUUID,
    message: {
      kind: "reminded",
      about: "action_item",
      workspaceName: names.workspaceName,
      incidentId: item.id,
      incidentNumber: 0,
      sequence,
      groupKey: `action item ${item.id}`,
      title: `A-${item.number}: ${item.title}`,
      // Nothing can be acknowledged or resolved of it where it is read.
      state: "closed",
      severity: "sev5",
      causeClass: incident?.causeClass ?? "other",
      model:
        incident === null || incident.modelName === null
          ? null
          : { name: incident.modelName, environment: incident.environment, version: "" },
      answer: `${item.title} (${item.priority.toUpperCase()}${incident === null ? "" : `, of incident #${incident.number}`})`,
      impactStartedAt: null,
      detectedAt: item.createdAt.toISOString(),
      acknowledgedAt: null,
      acknowledgedBy: null,
      mitigatedAt: null,
      resolvedAt: null,
      ownerName: names.ownerName,
      note,
      alerts: [],
      firingCount: 0,
      resolvedCount: 0,
      explainedCount: 0,
      runbookUrl: item.trackerUrl === "" ? null : item.trackerUrl,
      incidentUrl:
        publicUrl === undefined
          ? null
          : `${publicUrl}/w/${encodeURIComponent(names.workspaceSlug)}/action-items/${item.number}`,
    },
  });
  return destinationIds.length;
}

async function findDestinations(scope: PostgresScope, item: ActionItemRow): Promise<string[]> {
  const team = item.ownerTeamId === null ? null : await findTeamRow(scope, item.ownerTeamId);
  const own = team?.destinationIds ?? [];
  const wanted = new Set(own.length > 0 ? own : await listDefaultDestinationIds(scope));
  return (await listDestinationRows(scope))
    .filter(({ id, kind, isEnabled }) => wanted.has(id) && isEnabled && !pages.has(kind))
    .map(({ id }) => id);
}
