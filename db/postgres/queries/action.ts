import { and, count, desc, eq, isNull, sql } from "drizzle-orm";
import { actionLimits } from "#lib/domain/action.ts";
import { actions } from "../schema/actions.ts";
import type { PostgresScope } from "../scope.ts";

export type ActionRow = typeof actions.$inferSelect;

/** The actions of a workspace by name. */
export function listActionRows({ pg, workspaceId }: PostgresScope): Promise<ActionRow[]> {
  return pg
    .select()
    .from(actions)
    .where(and(eq(actions.workspaceId, workspaceId), isNull(actions.deletedAt)))
    .orderBy(sql`lower(${actions.name})`, actions.id)
    .limit(actionLimits.perWorkspaceMax);
}

export async function countActions({ pg, workspaceId }: PostgresScope): Promise<number> {
  const [row] = await pg
    .select({ actionCount: count() })
    .from(actions)
    .where(and(eq(actions.workspaceId, workspaceId), isNull(actions.deletedAt)));
  return row?.actionCount ?? 0;
}

/** Also one that was deleted: its runs go on. */
export async function findActionRow(
  { pg, workspaceId }: PostgresScope,
  key: { id: string } | { slug: string },
): Promise<ActionRow | null> {
  const [found] = await pg
    .select()
    .from(actions)
    .where(
      and(
        eq(actions.workspaceId, workspaceId),
        "id" in key
          ? eq(actions.id, key.id)
          : and(eq(actions.slug, key.slug), isNull(actions.deletedAt)),
      ),
    )
    .orderBy(desc(actions.createdAt))
    .limit(1);
  return found ?? null;
}

/** False when the slug is taken. */
export async function insertAction(
  { pg, workspaceId }: PostgresScope,
  action: Omit<typeof actions.$inferInsert, "workspaceId">,
): Promise<boolean> {
  const rows = await pg
    .insert(actions)
    .values({ ...action, workspaceId })
    .onConflictDoNothing()
    .returning({ id: actions.id });
  return rows.length > 0;
}

/** Null where somebody changed it since that revision. */
export async function updateActionRow(
  { pg, workspaceId }: PostgresScope,
  actionId: string,
  revision: number,
  values: Partial<typeof actions.$inferInsert> & { updatedAt: Date },
): Promise<ActionRow | null> {
  const [row] = await pg
    .update(actions)
    .set({ ...values, revision: revision + 1 })
    .where(
      and(
        eq(actions.workspaceId, workspaceId),
        eq(actions.id, actionId),
        eq(actions.revision, revision),
      ),
    )
    .returning();
  return row ?? null;
}
