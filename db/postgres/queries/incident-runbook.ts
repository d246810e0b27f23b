import { and, asc, count, eq } from "drizzle-orm";
import { runbookLimits } from "#lib/domain/runbook.ts";
import type { Postgres } from "../client.ts";
import { incidentRunbooks, runbookRecords, runbooks, runbookVersions } from "../schema/runbooks.ts";
import type { PostgresScope } from "../scope.ts";

export type NewRunbookRecord = Omit<typeof runbookRecords.$inferInsert, "position">;
export type RunbookRecordRow = typeof runbookRecords.$inferSelect;

/** False: it was attached already, and stays with the version that it has. */
export async function insertIncidentRunbook(
  pg: Postgres,
  row: typeof incidentRunbooks.$inferInsert,
): Promise<boolean> {
  const inserted = await pg
    .insert(incidentRunbooks)
    .values(row)
    .onConflictDoNothing()
    .returning({ runbookId: incidentRunbooks.runbookId });
  return inserted.length > 0;
}

/** What an incident is worked on by, each with the text of its version, the most fitting first. */
export function listIncidentRunbooks(scope: PostgresScope, incidentId: string) {
  return scope.pg
    .select({
      runbookId: incidentRunbooks.runbookId,
      version: incidentRunbooks.version,
      reason: incidentRunbooks.reason,
      attachedBy: incidentRunbooks.attachedBy,
      attachedAt: incidentRunbooks.attachedAt,
      title: runbookVersions.title,
      body: runbookVersions.body,
      newestVersion: runbooks.version,
    })
    .from(incidentRunbooks)
    .innerJoin(
      runbookVersions,
      and(
        eq(runbookVersions.runbookId, incidentRunbooks.runbookId),
        eq(runbookVersions.version, incidentRunbooks.version),
        eq(runbookVersions.workspaceId, scope.workspaceId),
      ),
    )
    .leftJoin(
      runbooks,
      and(eq(runbooks.id, incidentRunbooks.runbookId), eq(runbooks.workspaceId, scope.workspaceId)),
    )
    .where(
      and(
        eq(incidentRunbooks.workspaceId, scope.workspaceId),
        eq(incidentRunbooks.incidentId, incidentId),
      ),
    )
    .orderBy(asc(incidentRunbooks.place), asc(incidentRunbooks.attachedAt))
    .limit(2 * runbookLimits.attachedMax);
}

/** All that was said of an incident's steps, in the order in which it was written down. */
export function listRunbookRecords(
  scope: PostgresScope,
  incidentId: string,
): Promise<RunbookRecordRow[]> {
  return scope.pg
    .select()
    .from(runbookRecords)
    .where(
      and(
        eq(runbookRecords.workspaceId, scope.workspaceId),
        eq(runbookRecords.incidentId, incidentId),
      ),
    )
    .orderBy(asc(runbookRecords.position))
    .limit(runbookLimits.recordsMax);
}

export async function insertRunbookRecord(pg: Postgres, row: NewRunbookRecord): Promise<void> {
  await pg.insert(runbookRecords).values(row);
}

export async function countRunbookRecords(
  scope: PostgresScope,
  incidentId: string,
): Promise<number> {
  const [row] = await scope.pg
    .select({ recordCount: count() })
    .from(runbookRecords)
    .where(
      and(
        eq(runbookRecords.workspaceId, scope.workspaceId),
        eq(runbookRecords.incidentId, incidentId),
      ),
    );
  return row?.recordCount ?? 0;
}
