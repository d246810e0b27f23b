import { and, asc, desc, eq, inArray, isNotNull, isNull, lt, lte, sql } from "drizzle-orm";
import type { FrozenEvidence } from "#lib/domain/evidence.ts";
import type { AlertState, IncidentActor, IncidentState, Severity } from "#lib/domain/incident.ts";
import { openIncidentStates } from "#lib/domain/incident.ts";
import type { CauseClass, SeriesSubject } from "#lib/domain/monitor.ts";
import type { Postgres } from "../client.ts";
import {
  alerts,
  incidentAlerts,
  incidentCounters,
  incidentEvidence,
  incidentNotifications,
  incidents,
  incidentTimeline,
} from "../schema/incidents.ts";
import { models } from "../schema/models.ts";
import { memberships, teamMembers, teams, users, workspaces } from "../schema/workspaces.ts";
import type { PostgresScope } from "../scope.ts";
import type { AlertRow } from "./alert.ts";
import { incidentAlertsMax } from "./alert.ts";
import type { NoteEditRow, PinRow } from "./incident-room.ts";
import { listNoteEdits, listPins } from "./incident-room.ts";

export type IncidentRow = typeof incidents.$inferSelect;
export type NewIncident = typeof incidents.$inferInsert;
export type TimelineRow = typeof incidentTimeline.$inferSelect;
export type ToldRow = typeof incidentNotifications.$inferSelect;

/** Only one writes to these until its transaction ends; whoever takes two takes them in the order of their names. */
export async function lockWriter(pg: Postgres, name: string): Promise<void> {
  await pg.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`);
}

/** From 1 in each workspace, without a gap: a number that was drawn is used in the same transaction. */
export async function drawIncidentNumber({ pg, workspaceId }: PostgresScope): Promise<number> {
  const [drawn] = await pg
    .insert(incidentCounters)
    .values({ workspaceId, lastNumber: 1 })
    .onConflictDoUpdate({
      target: incidentCounters.workspaceId,
      set: { lastNumber: sql`${incidentCounters.lastNumber} + 1` },
    })
    .returning({ number: incidentCounters.lastNumber });
  if (drawn === undefined) throw new Error("The counter of incidents answered nothing.");
  return drawn.number;
}

export async function findIncidentRow(
  { pg, workspaceId }: PostgresScope,
  key: { id: string } | { number: number },
): Promise<IncidentRow | null> {
  const [found] = await pg
    .select()
    .from(incidents)
    .where(
      and(
        eq(incidents.workspaceId, workspaceId),
        "id" in key ? eq(incidents.id, key.id) : eq(incidents.number, key.number),
      ),
    )
    .limit(1);
  return found ?? null;
}

/** The incident of a key that is open, else the newest, whatever its state. */
export async function findIncidentOfKey(
  { pg, workspaceId }: PostgresScope,
  groupKey: string,
): Promise<IncidentRow | null> {
  const [found] = await pg
    .select()
    .from(incidents)
    .where(and(eq(incidents.workspaceId, workspaceId), eq(incidents.groupKey, groupKey)))
    .orderBy(
      sql`${incidents.state} IN ('triggered', 'acknowledged', 'mitigated') DESC`,
      desc(incidents.number),
    )
    .limit(1);
  return found ?? null;
}

/** The newest incident that took this series along when it was split off; null: none did. */
export async function findSplitOfSeries(
  { pg, workspaceId }: PostgresScope,
  series: string,
): Promise<IncidentRow | null> {
  const [found] = await pg
    .select()
    .from(incidents)
    .where(
      and(
        eq(incidents.workspaceId, workspaceId),
        sql`${incidents.splitSeries} <> '{}' AND ${incidents.splitSeries} @> ARRAY[${series}]::text[]`,
      ),
    )
    .orderBy(desc(incidents.number))
    .limit(1);
  return found ?? null;
}

export async function insertIncident(pg: Postgres, row: NewIncident): Promise<IncidentRow> {
  const [inserted] = await pg.insert(incidents).values(row).returning();
  if (inserted === undefined) throw new Error("An incident was not stored.");
  return inserted;
}

export async function updateIncidentRow(
  { pg, workspaceId }: PostgresScope,
  incidentId: string,
  change: Partial<NewIncident>,
): Promise<void> {
  await pg
    .update(incidents)
    .set(change)
    .where(and(eq(incidents.workspaceId, workspaceId), eq(incidents.id, incidentId)));
}

/** The alerts that an incident has, its own or those that it explains, oldest first. */
export async function listAlertsOfIncident(
  { pg, workspaceId }: PostgresScope,
  incidentId: string,
  role: "own" | "explained",
): Promise<AlertRow[]> {
  const rows = await pg
    .select({ alert: alerts })
    .from(incidentAlerts)
    .innerJoin(alerts, eq(alerts.id, incidentAlerts.alertId))
    .where(
      and(
        eq(incidentAlerts.workspaceId, workspaceId),
        eq(incidentAlerts.incidentId, incidentId),
        eq(incidentAlerts.role, role),
        isNull(incidentAlerts.leftAt),
      ),
    )
    .orderBy(asc(alerts.firedAt), asc(alerts.id))
    .limit(incidentAlertsMax);
  return rows.map(({ alert }) => alert);
}

/** The incident that has an alert now, and as what. */
export async function findIncidentOfAlert(
  { pg, workspaceId }: PostgresScope,
  alertId: string,
): Promise<{ incidentId: string; role: "own" | "explained" } | null> {
  const [found] = await pg
    .select({ incidentId: incidentAlerts.incidentId, role: incidentAlerts.role })
    .from(incidentAlerts)
    .where(
      and(
        eq(incidentAlerts.workspaceId, workspaceId),
        eq(incidentAlerts.alertId, alertId),
        isNull(incidentAlerts.leftAt),
      ),
    )
    .limit(1);
  return found ?? null;
}

export async function attachAlerts(
  { pg, workspaceId }: PostgresScope,
  incidentId: string,
  role: "own" | "explained",
  alertIds: readonly string[],
  now: Date,
): Promise<void> {
  if (alertIds.length === 0) return;
  await pg
    .insert(incidentAlerts)
    .values(
      alertIds.map((alertId) => ({ workspaceId, incidentId, alertId, role, attachedAt: now })),
    )
    .onConflictDoUpdate({
      target: [incidentAlerts.incidentId, incidentAlerts.alertId],
      set: { role, attachedAt: now, leftAt: null },
    });
}

export async function detachAlerts(
  { pg, workspaceId }: PostgresScope,
  incidentId: string,
  alertIds: readonly string[],
  now: Date,
): Promise<void> {
  if (alertIds.length === 0) return;
  await pg
    .update(incidentAlerts)
    .set({ leftAt: now })
    .where(
      and(
        eq(incidentAlerts.workspaceId, workspaceId),
        eq(incidentAlerts.incidentId, incidentId),
        inArray(incidentAlerts.alertId, [...alertIds]),
      ),
    );
}

export async function insertTimeline(
  pg: Postgres,
  rows: readonly (typeof incidentTimeline.$inferInsert)[],
): Promise<void> {
  if (rows.length > 0) await pg.insert(incidentTimeline).values([...rows]);
}

const timelineMax = 2_000;

/** An entry as it reads now, with what it said before it was corrected, oldest first. */
export interface TimelineEntryRow extends TimelineRow {
  /** 1 is the original. */
  revision: number;
  earlier: NoteVersion[];
  pin: PinRow | null;
}

export interface NoteVersion {
  revision: number;
  text: string;
  occurredAt: Date;
  actor: IncidentActor;
  recordedAt: Date;
}

/** What happened, in the order in which it did; notes as they were corrected last. */
export async function listTimeline(
  scope: PostgresScope,
  incidentId: string,
): Promise<TimelineEntryRow[]> {
  const { pg, workspaceId } = scope;
  const rows = await pg
    .select()
    .from(incidentTimeline)
    .where(
      and(
        eq(incidentTimeline.workspaceId, workspaceId),
        eq(incidentTimeline.incidentId, incidentId),
      ),
    )
    .orderBy(asc(incidentTimeline.occurredAt), asc(incidentTimeline.position))
    .limit(timelineMax);
  const edits = Map.groupBy(await listNoteEdits(scope, incidentId), ({ entryId }) => entryId);
  const pins = new Map((await listPins(scope, incidentId)).map((pin) => [pin.entryId, pin]));
  const entries = rows.map((row) => ({
    ...asCorrected(row, edits.get(row.id) ?? []),
    pin: pins.get(row.id) ?? null,
  }));
  return entries.sort(
    (a, b) => a.occurredAt.getTime() - b.occurredAt.getTime() || a.position - b.position,
  );
}

/** The actor of an entry stays whoever wrote it first. */
function asCorrected(row: TimelineRow, edits: readonly NoteEditRow[]) {
  const versions: NoteVersion[] = [{ ...row, revision: 1 }, ...edits].map(
    ({ revision, text, occurredAt, actor, recordedAt }) => ({
      revision,
      text,
      occurredAt,
      actor,
      recordedAt,
    }),
  );
  const newest = versions.at(-1) ?? { ...row, revision: 1 };
  const { revision, text, occurredAt } = newest;
  return { ...row, revision, text, occurredAt, earlier: versions.slice(0, -1) };
}

export async function insertEvidence(
  pg: Postgres,
  row: typeof incidentEvidence.$inferInsert,
): Promise<void> {
  await pg.insert(incidentEvidence).values(row).onConflictDoNothing();
}

export async function findEvidence(
  { pg, workspaceId }: PostgresScope,
  hash: string,
): Promise<FrozenEvidence | null> {
  const [found] = await pg
    .select({ evidence: incidentEvidence.evidence })
    .from(incidentEvidence)
    .where(and(eq(incidentEvidence.workspaceId, workspaceId), eq(incidentEvidence.hash, hash)))
    .limit(1);
  return found?.evidence ?? null;
}

const destinationsMax = 1_000;

export function listTold(
  { pg, workspaceId }: PostgresScope,
  incidentId: string,
): Promise<ToldRow[]> {
  return pg
    .select()
    .from(incidentNotifications)
    .where(
      and(
        eq(incidentNotifications.workspaceId, workspaceId),
        eq(incidentNotifications.incidentId, incidentId),
      ),
    )
    .limit(destinationsMax);
}

export async function upsertTold(pg: Postgres, rows: readonly ToldRow[]): Promise<void> {
  if (rows.length === 0) return;
  await pg
    .insert(incidentNotifications)
    .values([...rows])
    .onConflictDoUpdate({
      target: [incidentNotifications.incidentId, incidentNotifications.destinationId],
      set: {
        firing: sql`excluded.firing`,
        resolved: sql`excluded.resolved`,
        toldAt: sql`excluded.told_at`,
      },
    });
}

const dueMax = 100;

/** Incidents of every workspace, or of one, with which time alone has something to do; for the worker alone. */
export function listDueIncidents(
  pg: Postgres,
  { now, workspaceId }: { now: Date; workspaceId?: string | undefined },
): Promise<{ id: string; workspaceId: string }[]> {
  return pg
    .select({ id: incidents.id, workspaceId: incidents.workspaceId })
    .from(incidents)
    .where(
      and(
        isNotNull(incidents.tickAt),
        lte(incidents.tickAt, now),
        workspaceId === undefined ? undefined : eq(incidents.workspaceId, workspaceId),
      ),
    )
    .orderBy(asc(incidents.tickAt), asc(incidents.id))
    .limit(dueMax);
}

/** What a message of an incident names beside its rows. */
export async function findIncidentNames(
  { pg, workspaceId }: PostgresScope,
  { ownerUserId, ownerTeamId }: Pick<IncidentRow, "ownerUserId" | "ownerTeamId">,
): Promise<{ workspaceName: string; workspaceSlug: string; ownerName: string | null }> {
  const [found] = await pg
    .select({ workspaceName: workspaces.name, workspaceSlug: workspaces.slug })
    .from(workspaces)
    .where(eq(workspaces.id, workspaceId))
    .limit(1);
  const [user] =
    ownerUserId === null
      ? []
      : await pg.select({ name: users.name }).from(users).where(eq(users.id, ownerUserId)).limit(1);
  const [team] =
    ownerTeamId === null
      ? []
      : await pg
          .select({ name: teams.name })
          .from(teams)
          .where(and(eq(teams.workspaceId, workspaceId), eq(teams.id, ownerTeamId)))
          .limit(1);
  return {
    workspaceName: found?.workspaceName ?? "",
    workspaceSlug: found?.workspaceSlug ?? "",
    ownerName: user?.name ?? team?.name ?? null,
  };
}

/** What alerting needs of a model; null: it is gone. */
export async function findModelForAlerting(
  { pg, workspaceId }: PostgresScope,
  modelId: string,
): Promise<{ name: string; tier: number; teamId: string | null } | null> {
  const [found] = await pg
    .select({ name: models.name, tier: models.tier, teamId: models.teamId })
    .from(models)
    .where(and(eq(models.workspaceId, workspaceId), eq(models.id, modelId)))
    .limit(1);
  return found ?? null;
}

export interface IncidentListFilter {
  states?: readonly IncidentState[] | undefined;
  severity?: Severity | undefined;
  modelName?: string | undefined;
  causeClass?: CauseClass | undefined;
  /** null: nobody owns it. Of a user: the teams that they are in as well. */
  ownerId?: string | null | undefined;
  before?: number | undefined;
  countMax: number;
}

/** Incidents of a workspace, newest first. */
export function listIncidentRows(
  { pg, workspaceId }: PostgresScope,
  { states, severity, modelName, causeClass, ownerId, before, countMax }: IncidentListFilter,
): Promise<IncidentRow[]> {
  const isOwned = () =>
    ownerId === null
      ? and(isNull(incidents.ownerUserId), isNull(incidents.ownerTeamId))
      : sql`(${incidents.ownerUserId} = ${ownerId}::uuid OR ${incidents.ownerTeamId} = ${ownerId}::uuid
          OR ${incidents.ownerTeamId} IN (SELECT ${teamMembers.teamId} FROM ${teamMembers} WHERE ${teamMembers.userId} = ${ownerId}::uuid))`;
  return pg
    .select()
    .from(incidents)
    .where(
      and(
        eq(incidents.workspaceId, workspaceId),
        states === undefined ? undefined : inArray(incidents.state, [...states]),
        severity === undefined ? undefined : eq(incidents.severity, severity),
        modelName === undefined ? undefined : eq(incidents.modelName, modelName),
        causeClass === undefined ? undefined : eq(incidents.causeClass, causeClass),
        ownerId === undefined ? undefined : isOwned(),
        before === undefined ? undefined : lt(incidents.number, before),
      ),
    )
    .orderBy(desc(incidents.number))
    .limit(countMax);
}

export async function countOpenIncidents({ pg, workspaceId }: PostgresScope) {
  const [found] = await pg
    .select({
      open: sql<number>`count(*)::int`,
      triggered: sql<number>`(count(*) FILTER (WHERE ${incidents.state} = 'triggered'))::int`,
      unowned: sql<number>`(count(*) FILTER (WHERE ${incidents.ownerUserId} IS NULL AND ${incidents.ownerTeamId} IS NULL))::int`,
    })
    .from(incidents)
    .where(
      and(
        eq(incidents.workspaceId, workspaceId),
        inArray(incidents.state, [...openIncidentStates]),
        eq(incidents.mode, "real"),
      ),
    );
  return found ?? { open: 0, triggered: 0, unowned: 0 };
}

/** Of each open incident of a workspace that is about a model: which, and how bad. */
export function listOpenOfModels({ pg, workspaceId }: PostgresScope) {
  return pg
    .select({
      modelId: incidents.modelId,
      environment: incidents.environment,
      causeClass: incidents.causeClass,
      number: incidents.number,
      severity: incidents.severity,
      state: incidents.state,
    })
    .from(incidents)
    .where(
      and(
        eq(incidents.workspaceId, workspaceId),
        inArray(incidents.state, [...openIncidentStates]),
        isNotNull(incidents.modelId),
      ),
    )
    .orderBy(asc(incidents.severity), desc(incidents.number))
    .limit(openMax);
}

const openMax = 2_000;

export interface IncidentDigest {
  incidentId: string;
  firingCount: number;
  alertCount: number;
  explainedCount: number;
  /** The most important alerts, at most four. */
  alerts: AnswerRow[];
}

export interface AnswerRow {
  state: AlertState;
  subject: SeriesSubject;
  column: string;
  version: string;
  segmentKey: string;
  segmentValue: string;
  sentence: string;
}

const digestAlerts = 4;

/** Of each of these incidents how many alerts it has, and the most important of them. */
export async function listIncidentDigests(
  { pg, workspaceId }: PostgresScope,
  incidentIds: readonly string[],
): Promise<IncidentDigest[]> {
  if (incidentIds.length === 0) return [];
  const ids = sql.join(
    incidentIds.map((id) => sql`${id}::uuid`),
    sql`, `,
  );
  const { rows } = await pg.execute<{
    incident_id: string;
    firing: number;
    own: number;
    explained: number;
    alerts: AnswerRow[] | null;
  }>(sql`
    WITH linked AS (
      SELECT link.incident_id, link.role, alert.*, row_number() OVER (
          PARTITION BY link.incident_id, link.role ORDER BY alert.state, alert.severity, alert.began_at, alert.column_name, alert.id) AS place
      FROM incident_alerts AS link JOIN alerts AS alert ON alert.id = link.alert_id
      WHERE link.workspace_id = ${workspaceId}::uuid AND link.incident_id IN (${ids}) AND link.left_at IS NULL)
    SELECT incident_id,
      (count(*) FILTER (WHERE role = 'own' AND state = 'firing'))::int AS firing,
      (count(*) FILTER (WHERE role = 'own'))::int AS own,
      (count(*) FILTER (WHERE role = 'explained'))::int AS explained,
      jsonb_agg(jsonb_build_object('state', state, 'subject', subject, 'column', column_name, 'version', version,
        'segmentKey', segment_key, 'segmentValue', segment_value, 'sentence', sentence) ORDER BY place)
        FILTER (WHERE role = 'own' AND place <= ${digestAlerts}) AS alerts
    FROM linked GROUP BY incident_id LIMIT ${incidentIds.length}`);
  return rows.map(({ incident_id, firing, own, explained, alerts: named }) => ({
    incidentId: incident_id,
    firingCount: firing,
    alertCount: own,
    explainedCount: explained,
    alerts: named ?? [],
  }));
}

/** The names of the owners of some incidents, by the id of the user or team. */
export async function listOwnerNames(
  { pg, workspaceId }: PostgresScope,
  rows: readonly Pick<IncidentRow, "ownerUserId" | "ownerTeamId">[],
): Promise<Map<string, string>> {
  const userIds = [...new Set(rows.flatMap(({ ownerUserId }) => ownerUserId ?? []))];
  const teamIds = [...new Set(rows.flatMap(({ ownerTeamId }) => ownerTeamId ?? []))];
  const people =
    userIds.length === 0
      ? []
      : await pg
          .select({ id: users.id, name: users.name })
          .from(users)
          .innerJoin(memberships, eq(memberships.userId, users.id))
          .where(and(eq(memberships.workspaceId, workspaceId), inArray(users.id, userIds)))
          .limit(userIds.length);
  const groups =
    teamIds.length === 0
      ? []
      : await pg
          .select({ id: teams.id, name: teams.name })
          .from(teams)
          .where(and(eq(teams.workspaceId, workspaceId), inArray(teams.id, teamIds)))
          .limit(teamIds.length);
  return new Map([...people, ...groups].map(({ id, name }) => [id, name]));
}

export async function isMember(
  { pg, workspaceId }: PostgresScope,
  userId: string,
): Promise<boolean> {
  const found = await pg
    .select({ userId: memberships.userId })
    .from(memberships)
    .where(and(eq(memberships.workspaceId, workspaceId), eq(memberships.userId, userId)))
    .limit(1);
  return found.length > 0;
}

/** Numbers of some incidents by id. */
export async function listIncidentNumbers(
  { pg, workspaceId }: PostgresScope,
  incidentIds: readonly string[],
): Promise<Map<string, number>> {
  if (incidentIds.length === 0) return new Map();
  const found = await pg
    .select({ id: incidents.id, number: incidents.number })
    .from(incidents)
    .where(and(eq(incidents.workspaceId, workspaceId), inArray(incidents.id, [...incidentIds])))
    .limit(incidentIds.length);
  return new Map(found.map(({ id, number }) => [id, number]));
}
