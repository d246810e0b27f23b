import type { ReactionRow } from "#db/postgres/queries/reaction.ts";
import { findReactionRow } from "#db/postgres/queries/reaction.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import type { Reaction } from "#lib/api/reaction.ts";
import { AppError } from "#lib/domain/errors.ts";

export function toReaction(row: ReactionRow, actionName: string | null): Reaction {
  return {
    id: row.id,
    name: row.name,
    actionId: row.actionId,
    actionName: actionName ?? "",
    definition: row.definition,
    isEnabled: row.isEnabled,
    revision: row.revision,
    activeFrom: row.activeFrom.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

export async function getReactionRow(
  scope: PostgresScope,
  reactionId: string,
): Promise<ReactionRow> {
  const row = await findReactionRow(scope, reactionId);
  if (row === null) throw new AppError("not_found", "There is no such reaction.");
  return row;
}
