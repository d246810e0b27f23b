import { and, asc, desc, eq, gt, gte, inArray, isNotNull, isNull, lte, or, sql } from "drizzle-orm";
import type { Postgres } from "../client.ts";
import { alertSeries, alerts, incidentAlerts, incidents } from "../schema/incidents.ts";
import { models } from "../schema/models.ts";
import type { PostgresScope } from "../scope.ts";

export type AlertRow = typeof alerts.$inferSelect;
export type NewAlert = typeof alerts.$inferInsert;

const seriesMax = 20_000;
/** As many alerts as an incident is shown and judged with. */
export const incidentAlertsMax = 2_000;

/** What is remembered of some series of a monitor, with the state of the alert that each holds. */
export function listAlertSeries(
  { pg, workspaceId }: PostgresScope,
  monitorId: string,
  seriesKeys: readonly string[],
) {
  return pg
    .select({
      seriesKey: alertSeries.seriesKey,
      monitorRevision: alertSeries.monitorRevision,
      memory: alertSeries.memory,
      alertId: alertSeries.alertId,
      alertEndedAt: alerts.endedAt,
    })
    .from(alertSeries)
    .leftJoin(alerts, eq(alerts.id, alertSeries.alertId))
    .where(
      and(
        eq(alertSeries.workspaceId, workspaceId),
        eq(alertSeries.monitorId, monitorId),
        inArray(alertSeries.seriesKey, [...seriesKeys]),
      ),
    )
    .limit(seriesMax);
}

const chunkRows = 500;

export async function upsertAlertSeries(
  pg: Postgres,
  rows: readonly (typeof alertSeries.$inferInsert)[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += chunkRows) {
    await pg
      .insert(alertSeries)
      .values(rows.slice(from, from + chunkRows))
      .onConflictDoUpdate({
        target: [alertSeries.monitorId, alertSeries.seriesKey],
        set: {
          monitorRevision: sql`excluded.monitor_revision`,
          memory: sql`excluded.memory`,
          alertId: sql`excluded.alert_id`,
          updatedAt: sql`excluded.updated_at`,
        },
      });
  }
}

export async function insertAlerts(pg: Postgres, rows: readonly NewAlert[]): Promise<void> {
  for (let from = 0; from < rows.length; from += chunkRows)
    await pg.insert(alerts).values(rows.slice(from, from + chunkRows));
}

export async function updateAlert(
  { pg, workspaceId }: PostgresScope,
  alertId: string,
  change: Partial<NewAlert>,
): Promise<void> {
  await pg
    .update(alerts)
    .set(change)
    .where(and(eq(alerts.workspaceId, workspaceId), eq(alerts.id, alertId)));
}

/** Ends those of these alerts that fire; answers which did. */
export async function endAlertRows(
  { pg, workspaceId }: PostgresScope,
  alertIds: readonly string[],
  { endedAt, endReason }: { endedAt: Date; endReason: string },
): Promise<AlertRow[]> {
  if (alertIds.length === 0) return [];
  return pg
    .update(alerts)
    .set({ state: "resolved", endedAt, endReason, explainedUntil: null })
    .where(
      and(
        eq(alerts.workspaceId, workspaceId),
        inArray(alerts.id, [...alertIds]),
        eq(alerts.state, "firing"),
      ),
    )
    .returning();
}

export function listFiringAlertsOfMonitor(
  { pg, workspaceId }: PostgresScope,
  monitorId: string,
): Promise<AlertRow[]> {
  return pg
    .select()
    .from(alerts)
    .where(
      and(
        eq(alerts.workspaceId, workspaceId),
        eq(alerts.monitorId, monitorId),
        eq(alerts.state, "firing"),
      ),
    )
    .orderBy(asc(alerts.firedAt), asc(alerts.id))
    .limit(seriesMax);
}

export async function findAlertRow(
  { pg, workspaceId }: PostgresScope,
  alertId: string,
): Promise<AlertRow | null> {
  const [found] = await pg
    .select()
    .from(alerts)
    .where(and(eq(alerts.workspaceId, workspaceId), eq(alerts.id, alertId)))
    .limit(1);
  return found ?? null;
}

export function listAlertsByIds(
  { pg, workspaceId }: PostgresScope,
  alertIds: readonly string[],
): Promise<AlertRow[]> {
  if (alertIds.length === 0) return Promise.resolve([]);
  return pg
    .select()
    .from(alerts)
    .where(and(eq(alerts.workspaceId, workspaceId), inArray(alerts.id, [...alertIds])))
    .limit(alertIds.length);
}

/** Alerts of a model in one environment that fire, or ended a short while ago: what may explain another, or be explained. */
export function listRecentAlerts(
  { pg, workspaceId }: PostgresScope,
  { modelId, environment, endedAfter }: { modelId: string; environment: string; endedAfter: Date },
): Promise<AlertRow[]> {
  return pg
    .select()
    .from(alerts)
    .where(
      and(
        eq(alerts.workspaceId, workspaceId),
        eq(alerts.modelId, modelId),
        eq(alerts.environment, environment),
        or(eq(alerts.state, "firing"), gt(alerts.endedAt, endedAfter)),
      ),
    )
    .orderBy(desc(alerts.firedAt), asc(alerts.id))
    .limit(incidentAlertsMax);
}

/** Alerts that fire and that this one explains. */
export function listExplainedBy(
  { pg, workspaceId }: PostgresScope,
  causeId: string,
): Promise<AlertRow[]> {
  return pg
    .select()
    .from(alerts)
    .where(
      and(
        eq(alerts.workspaceId, workspaceId),
        eq(alerts.explainedBy, causeId),
        eq(alerts.state, "firing"),
      ),
    )
    .limit(incidentAlertsMax);
}

const outlivingMax = 100;

/** Alerts of every workspace, or of one, that outlived what explained them; for the worker alone. */
export function listOutlivingAlerts(
  pg: Postgres,
  { now, workspaceId }: { now: Date; workspaceId?: string | undefined },
): Promise<AlertRow[]> {
  return pg
    .select()
    .from(alerts)
    .where(
      and(
        eq(alerts.state, "firing"),
        isNotNull(alerts.explainedUntil),
        lte(alerts.explainedUntil, now),
        workspaceId === undefined ? undefined : eq(alerts.workspaceId, workspaceId),
      ),
    )
    .orderBy(asc(alerts.explainedUntil), asc(alerts.id))
    .limit(outlivingMax);
}

export interface AlertFilter {
  state?: "firing" | "resolved" | undefined;
  modelId?: string | undefined;
  monitorId?: string | undefined;
  after?: { firedAt: Date; id: string } | undefined;
  countMax: number;
}

/** The alerts of a workspace, newest first, with the incident that each belongs to. */
export function listAlertRows({ pg, workspaceId }: PostgresScope, filter: AlertFilter) {
  const { state, modelId, monitorId, after, countMax } = filter;
  return pg
    .select({
      alert: alerts,
      modelName: models.name,
      incidentNumber: incidents.number,
      role: incidentAlerts.role,
    })
    .from(alerts)
    .leftJoin(models, eq(models.id, alerts.modelId))
    .leftJoin(
      incidentAlerts,
      and(eq(incidentAlerts.alertId, alerts.id), isNull(incidentAlerts.leftAt)),
    )
    .leftJoin(incidents, eq(incidents.id, incidentAlerts.incidentId))
    .where(
      and(
        eq(alerts.workspaceId, workspaceId),
        state === undefined ? undefined : eq(alerts.state, state),
        modelId === undefined ? undefined : eq(alerts.modelId, modelId),
        monitorId === undefined ? undefined : eq(alerts.monitorId, monitorId),
        after === undefined
          ? undefined
          : sql`(${alerts.firedAt}, ${alerts.id}) < (${after.firedAt.toISOString()}::timestamptz, ${after.id}::uuid)`,
      ),
    )
    .orderBy(desc(alerts.firedAt), desc(alerts.id))
    .limit(countMax);
}

const recentMax = 5_000;

/** What fires now, or did since then; the newest first. */
export function listAlertsSince({ pg, workspaceId }: PostgresScope, since: Date) {
  return pg
    .select()
    .from(alerts)
    .where(
      and(
        eq(alerts.workspaceId, workspaceId),
        or(eq(alerts.state, "firing"), gte(alerts.firedAt, since)),
      ),
    )
    .orderBy(desc(alerts.firedAt), alerts.id)
    .limit(recentMax);
}
