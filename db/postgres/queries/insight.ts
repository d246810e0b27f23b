import { and, asc, count, desc, eq, gte, inArray, isNull, lt, ne, sql } from "drizzle-orm";
import type { NotificationKind } from "#lib/domain/notification.ts";
import { actionItems } from "../schema/action-items.ts";
import { alerts, incidentAlerts, incidents } from "../schema/incidents.ts";
import { notifications } from "../schema/notifications.ts";
import { teams } from "../schema/workspaces.ts";
import type { PostgresScope } from "../scope.ts";

export interface InsightFilter {
  from: Date;
  until: Date;
  model?: string | undefined;
  teamId?: string | undefined;
  countMax: number;
}

/** Real incidents that were detected in a stretch of time, newest first; what was merged counts with the one that took it in. */
export function listInsightIncidents(
  { pg, workspaceId }: PostgresScope,
  { from, until, model, teamId, countMax }: InsightFilter,
) {
  return pg
    .select({ incident: incidents, team: teams.name })
    .from(incidents)
    .leftJoin(
      teams,
      and(eq(teams.id, incidents.ownerTeamId), eq(teams.workspaceId, incidents.workspaceId)),
    )
    .where(
      and(
        eq(incidents.workspaceId, workspaceId),
        eq(incidents.mode, "real"),
        ne(incidents.state, "merged"),
        gte(incidents.detectedAt, from),
        lt(incidents.detectedAt, until),
        model === undefined ? undefined : eq(incidents.modelName, model),
        teamId === undefined ? undefined : eq(incidents.ownerTeamId, teamId),
      ),
    )
    .orderBy(desc(incidents.number))
    .limit(countMax);
}

const monitorsMax = 50_000;

/** Which monitors' alerts are in these incidents, each named as it was called last. */
export function listMonitorsOfIncidents(
  { pg, workspaceId }: PostgresScope,
  incidentIds: readonly string[],
) {
  if (incidentIds.length === 0) return Promise.resolve([]);
  return pg
    .select({
      incidentId: incidentAlerts.incidentId,
      monitorId: alerts.monitorId,
      monitorName: alerts.monitorName,
      firedAt: alerts.firedAt,
    })
    .from(incidentAlerts)
    .innerJoin(alerts, eq(alerts.id, incidentAlerts.alertId))
    .where(
      and(
        eq(incidentAlerts.workspaceId, workspaceId),
        inArray(incidentAlerts.incidentId, [...incidentIds]),
        eq(incidentAlerts.role, "own"),
        isNull(incidentAlerts.leftAt),
      ),
    )
    .orderBy(asc(alerts.firedAt), asc(alerts.id))
    .limit(monitorsMax);
}

/** Messages that ask somebody to look, one per destination. */
const pageKinds: NotificationKind[] = ["triggered", "reopened", "reminded", "escalated"];

export async function countPages(
  { pg, workspaceId }: PostgresScope,
  incidentIds: readonly string[],
): Promise<Map<string, number>> {
  if (incidentIds.length === 0) return new Map();
  const rows = await pg
    .select({ incidentId: notifications.incidentId, pages: count() })
    .from(notifications)
    .where(
      and(
        eq(notifications.workspaceId, workspaceId),
        inArray(notifications.incidentId, [...incidentIds]),
        inArray(notifications.kind, pageKinds),
      ),
    )
    .groupBy(notifications.incidentId)
    .limit(incidentIds.length);
  return new Map(rows.map(({ incidentId, pages }) => [incidentId, pages]));
}

const itemsMax = 2_000;

/** The action items of these incidents, and whether each was opened again after it was done. */
export function listItemsOfIncidents(
  { pg, workspaceId }: PostgresScope,
  incidentIds: readonly string[],
) {
  if (incidentIds.length === 0) return Promise.resolve([]);
  return pg
    .select({
      number: actionItems.number,
      title: actionItems.title,
      incidentId: actionItems.incidentId,
      state: actionItems.state,
      doneAt: actionItems.doneAt,
      // Written out: within the select of one table a column goes by its bare name, and both tables have an id.
      wasReopened: sql<boolean>`EXISTS (SELECT FROM action_item_events AS event
        WHERE event.item_id = action_items.id AND event.workspace_id = ${workspaceId}::uuid AND event.kind = 'reopened')`,
    })
    .from(actionItems)
    .where(
      and(
        eq(actionItems.workspaceId, workspaceId),
        inArray(actionItems.incidentId, [...incidentIds]),
      ),
    )
    .orderBy(desc(actionItems.number))
    .limit(itemsMax);
}
