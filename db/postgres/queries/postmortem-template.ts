import { desc, eq } from "drizzle-orm";
import { postmortemTemplates } from "../schema/postmortems.ts";
import type { PostgresScope } from "../scope.ts";

type TemplateRow = typeof postmortemTemplates.$inferSelect;

/** The newest version; null: the workspace never wrote one. */
export async function findTemplateRow({
  pg,
  workspaceId,
}: PostgresScope): Promise<TemplateRow | null> {
  const [found] = await pg
    .select()
    .from(postmortemTemplates)
    .where(eq(postmortemTemplates.workspaceId, workspaceId))
    .orderBy(desc(postmortemTemplates.version))
    .limit(1);
  return found ?? null;
}

/** False: somebody else has written that version. */
export async function insertTemplate(
  { pg, workspaceId }: PostgresScope,
  row: Omit<typeof postmortemTemplates.$inferInsert, "workspaceId">,
): Promise<boolean> {
  const inserted = await pg
    .insert(postmortemTemplates)
    .values({ ...row, workspaceId })
    .onConflictDoNothing()
    .returning({ version: postmortemTemplates.version });
  return inserted.length > 0;
}
