import { and, eq } from "drizzle-orm";
import { reactionLimits } from "#lib/domain/reaction.ts";
import { reactions } from "../schema/actions.ts";
import type { PostgresScope } from "../scope.ts";

export type ReactionRow = typeof reactions.$inferSelect;

export function listReactionsOfAction(
  { pg, workspaceId }: PostgresScope,
  actionId: string,
): Promise<ReactionRow[]> {
  return pg
    .select()
    .from(reactions)
    .where(and(eq(reactions.workspaceId, workspaceId), eq(reactions.actionId, actionId)))
    .limit(reactionLimits.perWorkspaceMax);
}
