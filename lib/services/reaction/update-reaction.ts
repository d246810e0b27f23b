import { findActionRow } from "#db/postgres/queries/action.ts";
import { isReactionNameTaken, updateReactionRow } from "#db/postgres/queries/reaction.ts";
import { reactionOutput, updateReactionInput } from "#lib/api/reaction.ts";
import { AppError } from "#lib/domain/errors.ts";
import { getActionRow } from "../action/to-action.ts";
import { assertRevision } from "../assert-revision.ts";
import { defineService } from "../define-service.ts";
import { getReactionRow, toReaction } from "./to-reaction.ts";

/** Once it asks for something else, or was off, what happened before is none of its business: it counts from now. */
export const updateReaction = defineService({
  name: "updateReaction",
  role: "admin",
  input: updateReactionInput,
  output: reactionOutput,
  writes: true,
  async run(ctx, { reactionId, revision, name, actionId, isEnabled, definition }) {
    const before = await getReactionRow(ctx, reactionId);
    assertRevision("The reaction", before.revision, revision);
    if (actionId !== undefined) await getActionRow(ctx, { id: actionId });
    if (name !== undefined && (await isReactionNameTaken(ctx, name, reactionId)))
      throw new AppError("conflict", `There is a reaction "${name}" already.`);
    const isNewQuestion =
      definition !== undefined ||
      actionId !== undefined ||
      (isEnabled === true && !before.isEnabled);
    const after = await updateReactionRow(ctx, reactionId, revision, {
      ...(name === undefined ? {} : { name }),
      ...(actionId === undefined ? {} : { actionId }),
      ...(isEnabled === undefined ? {} : { isEnabled }),
      ...(definition === undefined ? {} : { definition }),
      ...(isNewQuestion ? { activeFrom: ctx.now } : {}),
      updatedAt: ctx.now,
    });
    if (after === null)
      throw new AppError("stale", "The reaction was changed since you read it; read it again.");
    const shown = (row: typeof after) => ({
      name: row.name,
      actionId: row.actionId,
      isEnabled: row.isEnabled,
      definition: row.definition,
    });
    ctx.audit({
      action: "reaction.update",
      targetKind: "reaction",
      targetId: reactionId,
      before: shown(before),
      after: shown(after),
    });
    const action = await findActionRow(ctx, { id: after.actionId });
    return { reaction: toReaction(after, action?.name ?? null) };
  },
});
