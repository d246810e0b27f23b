import { randomUUID } from "node:crypto";
import { countReactions, insertReaction } from "#db/postgres/queries/reaction.ts";
import { createReactionInput, reactionOutput } from "#lib/api/reaction.ts";
import { AppError } from "#lib/domain/errors.ts";
import { reactionLimits } from "#lib/domain/reaction.ts";
import { getActionRow } from "../action/to-action.ts";
import { defineService } from "../define-service.ts";
import { getReactionRow, toReaction } from "./to-reaction.ts";

export const createReaction = defineService({
  name: "createReaction",
  role: "admin",
  input: createReactionInput,
  output: reactionOutput,
  writes: true,
  async run(ctx, { name, actionId, definition }) {
    const action = await getActionRow(ctx, { id: actionId });
    if ((await countReactions(ctx)) >= reactionLimits.perWorkspaceMax)
      throw new AppError(
        "limit_exceeded",
        `This workspace has ${reactionLimits.perWorkspaceMax} reactions, which is the most. Delete one first.`,
      );
    const id = randomUUID();
    const isNew = await insertReaction(ctx, {
      id,
      name,
      actionId,
      definition,
      activeFrom: ctx.now,
      createdAt: ctx.now,
      updatedAt: ctx.now,
    });
    if (!isNew) throw new AppError("conflict", `There is a reaction "${name}" already.`);
    ctx.audit({
      action: "reaction.create",
      targetKind: "reaction",
      targetId: id,
      after: { name, action: action.slug, definition },
    });
    return { reaction: toReaction(await getReactionRow(ctx, id), action.name) };
  },
});
