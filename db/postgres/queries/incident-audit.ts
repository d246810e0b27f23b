import { sql } from "drizzle-orm";
import type { AuditFinding } from "#lib/domain/incident.ts";
import { auditFindings } from "#lib/domain/incident.ts";
import type { Postgres } from "../client.ts";
import { incidentAudits } from "../schema/incidents.ts";
import type { PostgresScope } from "../scope.ts";

const moment = (time: Date) => sql`${time.toISOString()}::timestamptz`;

/** Open incidents that have been there since before `graceBefore`, each with what it lacks. Where a silence keeps everything back, and where a
 *  workspace has no destination at all, there is nobody to tell. */
export const neglected = (graceBefore: Date) => sql`
  SELECT one.id, one.workspace_id, array_remove(ARRAY[
    CASE WHEN NOT EXISTS (SELECT 1 FROM notifications AS heard
      WHERE heard.incident_id = one.id AND heard.state IN ('sent', 'queued', 'failed', 'sending')) THEN 'unheard' END,
    CASE WHEN one.state = 'triggered' AND one.tick_at IS NULL AND NOT EXISTS (SELECT 1 FROM incident_escalations AS pages
      WHERE pages.incident_id = one.id AND pages.status = 'running' AND pages.due_at IS NOT NULL) THEN 'stalled' END,
    CASE WHEN one.state = 'acknowledged' AND one.ack_until < ${moment(graceBefore)} THEN 'ack_expired' END,
    CASE WHEN one.owner_user_id IS NULL AND one.owner_team_id IS NULL THEN 'unowned' END], NULL) AS findings
  FROM incidents AS one
  WHERE one.state IN ('triggered', 'acknowledged', 'mitigated') AND one.mode = 'real' AND NOT one.is_held
    AND one.notify_from < ${moment(graceBefore)}
    AND EXISTS (SELECT 1 FROM destinations AS place
      WHERE place.workspace_id = one.workspace_id AND place.is_enabled AND place.deleted_at IS NULL)`;

/** What alone is no reason to tell anybody. */
export const isToTell = sql`open_one.findings && ARRAY['unheard', 'stalled', 'ack_expired']`;

const foundMax = 100;

export interface Neglected {
  incidentId: string;
  workspaceId: string;
  findings: AuditFinding[];
}

/** Those that were not told of for a while, of every workspace or of one; for the worker alone. */
export async function listNeglected(
  pg: Postgres,
  {
    graceBefore,
    toldBefore,
    workspaceId,
  }: { graceBefore: Date; toldBefore: Date; workspaceId?: string | undefined },
): Promise<Neglected[]> {
  const found = await pg.execute<{
    id: string;
    workspace_id: string;
    findings: AuditFinding[];
  }>(sql`
    SELECT open_one.id, open_one.workspace_id, open_one.findings FROM (${neglected(graceBefore)}) AS open_one
    LEFT JOIN incident_audits AS told ON told.incident_id = open_one.id
    WHERE ${isToTell} AND (told.told_at IS NULL OR told.told_at < ${moment(toldBefore)})
      AND ${workspaceId === undefined ? sql`true` : sql`open_one.workspace_id = ${workspaceId}`}
    ORDER BY told.told_at NULLS FIRST, open_one.id LIMIT ${foundMax}`);
  return found.rows.map((row) => ({
    incidentId: row.id,
    workspaceId: row.workspace_id,
    findings: row.findings,
  }));
}

/** How many open incidents lack each of these now. */
export async function countFindings(
  pg: Postgres,
  graceBefore: Date,
): Promise<Record<AuditFinding, number>> {
  const found = await pg.execute<{ finding: AuditFinding; count: string }>(sql`
    SELECT unnest(findings) AS finding, count(*) AS count FROM (${neglected(graceBefore)}) AS open_one GROUP BY 1`);
  const counts = new Map(found.rows.map(({ finding, count }) => [finding, Number(count)]));
  const entries = auditFindings.map((finding) => [finding, counts.get(finding) ?? 0]);
  return Object.fromEntries(entries) as Record<AuditFinding, number>;
}

export async function recordAudit(
  { pg, workspaceId }: PostgresScope,
  { incidentId, findings, now }: { incidentId: string; findings: AuditFinding[]; now: Date },
): Promise<void> {
  await pg
    .insert(incidentAudits)
    .values({ incidentId, workspaceId, findings, foundAt: now, toldAt: now, toldCount: 1 })
    .onConflictDoUpdate({
      target: incidentAudits.incidentId,
      set: { findings, toldAt: now, toldCount: sql`${incidentAudits.toldCount} + 1` },
    });
}

/** Who hears of what nobody else does: those that hear of everything, else the one that is there longest. */
export async function listAuditorsEars({ pg, workspaceId }: PostgresScope): Promise<string[]> {
  const found = await pg.execute<{ id: string; is_default: boolean }>(sql`
    SELECT id, is_default FROM destinations
    WHERE workspace_id = ${workspaceId} AND is_enabled AND deleted_at IS NULL
    ORDER BY is_default DESC, created_at, id LIMIT 50`);
  const defaults = found.rows.filter((row) => row.is_default);
  return (defaults.length > 0 ? defaults : found.rows.slice(0, 1)).map(({ id }) => id);
}
