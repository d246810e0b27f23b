import { listReactionRows } from "#db/postgres/queries/reaction.ts";
import { reactionListInput, reactionListOutput } from "#lib/api/reaction.ts";
import { defineService } from "../define-service.ts";
import { toReaction } from "./to-reaction.ts";

export const listReactions = defineService({
  name: "listReactions",
  role: "viewer",
  input: reactionListInput,
  output: reactionListOutput,
  writes: false,
  async run(ctx) {
    const rows = await listReactionRows(ctx);
    return { reactions: rows.map(({ reaction, actionName }) => toReaction(reaction, actionName)) };
  },
});
