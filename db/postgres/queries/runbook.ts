import { and, asc, count, desc, eq, inArray, isNotNull, isNull, max } from "drizzle-orm";
import { runbookLimits } from "#lib/domain/runbook.ts";
import type { Postgres } from "../client.ts";
import { incidentRunbooks, runbooks, runbookVersions } from "../schema/runbooks.ts";
import type { PostgresScope } from "../scope.ts";

export type RunbookRow = typeof runbooks.$inferSelect;
export type RunbookVersionRow = typeof runbookVersions.$inferSelect;

const own = (scope: PostgresScope, runbookId: string) =>
  and(eq(runbooks.workspaceId, scope.workspaceId), eq(runbooks.id, runbookId));

/** By title; all of a workspace, of which there are not many. */
export function listRunbookRows(scope: PostgresScope, isArchived: boolean): Promise<RunbookRow[]> {
  return scope.pg
    .select()
    .from(runbooks)
    .where(
      and(
        eq(runbooks.workspaceId, scope.workspaceId),
        isArchived ? isNotNull(runbooks.archivedAt) : isNull(runbooks.archivedAt),
      ),
    )
    .orderBy(asc(runbooks.title), asc(runbooks.id))
    .limit(runbookLimits.runbooksMax);
}

/** Those that may be attached by themselves. */
export function listEnabledRunbooks(scope: PostgresScope): Promise<RunbookRow[]> {
  return scope.pg
    .select()
    .from(runbooks)
    .where(
      and(
        eq(runbooks.workspaceId, scope.workspaceId),
        isNull(runbooks.archivedAt),
        eq(runbooks.isEnabled, true),
      ),
    )
    .orderBy(asc(runbooks.createdAt), asc(runbooks.id))
    .limit(runbookLimits.runbooksMax);
}

export async function countRunbooks(scope: PostgresScope): Promise<number> {
  const [row] = await scope.pg
    .select({ runbookCount: count() })
    .from(runbooks)
    .where(eq(runbooks.workspaceId, scope.workspaceId));
  return row?.runbookCount ?? 0;
}

export async function findRunbookRow(
  scope: PostgresScope,
  runbookId: string,
): Promise<RunbookRow | null> {
  const [row] = await scope.pg.select().from(runbooks).where(own(scope, runbookId)).limit(1);
  return row ?? null;
}

/** The same, and nobody else changes it until the transaction ends. */
export async function lockRunbookRow(
  scope: PostgresScope,
  runbookId: string,
): Promise<RunbookRow | null> {
  const [row] = await scope.pg
    .select()
    .from(runbooks)
    .where(own(scope, runbookId))
    .limit(1)
    .for("update");
  return row ?? null;
}

/** False: the workspace has the ready one of that key already. */
export async function insertRunbook(
  pg: Postgres,
  row: typeof runbooks.$inferInsert,
): Promise<boolean> {
  const inserted = await pg
    .insert(runbooks)
    .values(row)
    .onConflictDoNothing({ target: [runbooks.workspaceId, runbooks.libraryKey] })
    .returning({ id: runbooks.id });
  return inserted.length > 0;
}

export async function updateRunbookRow(
  scope: PostgresScope,
  runbookId: string,
  change: Partial<typeof runbooks.$inferInsert>,
): Promise<void> {
  await scope.pg.update(runbooks).set(change).where(own(scope, runbookId));
}

export async function insertRunbookVersion(
  pg: Postgres,
  row: typeof runbookVersions.$inferInsert,
): Promise<void> {
  await pg.insert(runbookVersions).values(row);
}

export async function findRunbookVersion(
  scope: PostgresScope,
  runbookId: string,
  version: number,
): Promise<RunbookVersionRow | null> {
  const [row] = await scope.pg
    .select()
    .from(runbookVersions)
    .where(
      and(
        eq(runbookVersions.workspaceId, scope.workspaceId),
        eq(runbookVersions.runbookId, runbookId),
        eq(runbookVersions.version, version),
      ),
    )
    .limit(1);
  return row ?? null;
}

/** Newest first, without what they say. */
export function listRunbookVersions(scope: PostgresScope, runbookId: string) {
  return scope.pg
    .select({
      version: runbookVersions.version,
      title: runbookVersions.title,
      note: runbookVersions.note,
      createdBy: runbookVersions.createdBy,
      createdAt: runbookVersions.createdAt,
    })
    .from(runbookVersions)
    .where(
      and(
        eq(runbookVersions.workspaceId, scope.workspaceId),
        eq(runbookVersions.runbookId, runbookId),
      ),
    )
    .orderBy(desc(runbookVersions.version))
    .limit(runbookLimits.versionsMax);
}

/** In how many incidents each was used, and when last. */
export async function countUses(
  scope: PostgresScope,
  runbookIds: readonly string[],
): Promise<Map<string, { useCount: number; lastAt: Date | null }>> {
  if (runbookIds.length === 0) return new Map();
  const rows = await scope.pg
    .select({
      runbookId: incidentRunbooks.runbookId,
      useCount: count(),
      lastAt: max(incidentRunbooks.attachedAt),
    })
    .from(incidentRunbooks)
    .where(
      and(
        eq(incidentRunbooks.workspaceId, scope.workspaceId),
        inArray(incidentRunbooks.runbookId, [...runbookIds]),
      ),
    )
    .groupBy(incidentRunbooks.runbookId)
    .limit(runbookIds.length);
  return new Map(rows.map(({ runbookId, ...use }) => [runbookId, use]));
}
