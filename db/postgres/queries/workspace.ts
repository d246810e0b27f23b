import { and, eq } from "drizzle-orm";
import type { Postgres } from "../client.ts";
import { memberships, workspaces } from "../schema/workspaces.ts";
import type { PostgresScope } from "../scope.ts";

const columns = {
  id: workspaces.id,
  slug: workspaces.slug,
  name: workspaces.name,
  timeZone: workspaces.timeZone,
  isDemo: workspaces.isDemo,
  rawRetentionDays: workspaces.rawRetentionDays,
};

/** Null for a workspace that is not there and for one that is somebody else's: nobody can tell which. */
export async function findMembership(pg: Postgres, slug: string, userId: string) {
  const rows = await pg
    .select({ workspaceId: workspaces.id, role: memberships.role })
    .from(workspaces)
    .innerJoin(memberships, eq(memberships.workspaceId, workspaces.id))
    .where(and(eq(workspaces.slug, slug), eq(memberships.userId, userId)))
    .limit(1);
  return rows[0] ?? null;
}

export async function findWorkspace(scope: PostgresScope) {
  const rows = await scope.pg
    .select(columns)
    .from(workspaces)
    .where(eq(workspaces.id, scope.workspaceId))
    .limit(1);
  return rows[0] ?? null;
}

/** Answers null when the slug is taken. */
export async function insertWorkspace(pg: Postgres, workspace: typeof workspaces.$inferInsert) {
  const rows = await pg
    .insert(workspaces)
    .values(workspace)
    .onConflictDoNothing()
    .returning(columns);
  return rows[0] ?? null;
}

export async function updateWorkspaceRow(
  scope: PostgresScope,
  values: { name?: string | undefined; timeZone?: string | undefined },
) {
  const rows = await scope.pg
    .update(workspaces)
    .set(values)
    .where(eq(workspaces.id, scope.workspaceId))
    .returning(columns);
  return rows[0] ?? null;
}
