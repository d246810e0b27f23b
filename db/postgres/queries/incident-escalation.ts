import { and, eq, sql } from "drizzle-orm";
import type { Postgres } from "../client.ts";
import { incidentEscalations } from "../schema/people.ts";
import type { PostgresScope } from "../scope.ts";

export type EscalationRow = typeof incidentEscalations.$inferSelect;

const dueMax = 100;

/** Incidents of every workspace, or of one, whose pages are to begin, go on, pause or stop; for the worker alone. */
export async function listDueEscalations(
  pg: Postgres,
  { now, workspaceId }: { now: Date; workspaceId?: string | undefined },
): Promise<{ workspaceId: string; incidentId: string }[]> {
  const inWorkspace =
    workspaceId === undefined ? sql`` : sql`AND incidents.workspace_id = ${workspaceId}::uuid`;
  const found = await pg.execute<{ workspace_id: string; incident_id: string }>(sql`
    SELECT incidents.workspace_id, incidents.id AS incident_id
    FROM incidents LEFT JOIN incident_escalations AS pages ON pages.incident_id = incidents.id
    WHERE incidents.state = 'triggered' ${inWorkspace}
      AND (pages.incident_id IS NULL OR pages.status <> 'running' OR pages.due_at <= ${now.toISOString()}::timestamptz)
    UNION ALL
    SELECT pages.workspace_id, pages.incident_id
    FROM incident_escalations AS pages JOIN incidents ON incidents.id = pages.incident_id
    WHERE pages.status <> 'over' ${inWorkspace}
      AND pages.status <> CASE incidents.state WHEN 'triggered' THEN pages.status WHEN 'acknowledged' THEN 'paused' ELSE 'over' END
    LIMIT ${dueMax}`);
  return found.rows.map((row) => ({
    workspaceId: row.workspace_id,
    incidentId: row.incident_id,
  }));
}

export async function findEscalation(
  { pg, workspaceId }: PostgresScope,
  incidentId: string,
): Promise<EscalationRow | null> {
  const rows = await pg
    .select()
    .from(incidentEscalations)
    .where(
      and(
        eq(incidentEscalations.workspaceId, workspaceId),
        eq(incidentEscalations.incidentId, incidentId),
      ),
    )
    .limit(1);
  return rows[0] ?? null;
}

export async function upsertEscalation(
  { pg, workspaceId }: PostgresScope,
  escalation: Omit<EscalationRow, "workspaceId">,
): Promise<void> {
  const { incidentId, ...values } = escalation;
  await pg
    .insert(incidentEscalations)
    .values({ ...values, incidentId, workspaceId })
    .onConflictDoUpdate({ target: incidentEscalations.incidentId, set: values });
}
