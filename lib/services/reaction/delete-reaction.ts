import { z } from "zod";
import { deleteReactionRow } from "#db/postgres/queries/reaction.ts";
import { reactionInput } from "#lib/api/reaction.ts";
import { defineService } from "../define-service.ts";
import { getReactionRow } from "./to-reaction.ts";

/** How it came out stays in the log. */
export const deleteReaction = defineService({
  name: "deleteReaction",
  role: "admin",
  input: reactionInput,
  output: z.undefined(),
  writes: true,
  async run(ctx, { reactionId }) {
    const before = await getReactionRow(ctx, reactionId);
    await deleteReactionRow(ctx, reactionId);
    ctx.audit({
      action: "reaction.delete",
      targetKind: "reaction",
      targetId: reactionId,
      before: { name: before.name, definition: before.definition },
    });
    return undefined;
  },
});
