import { z } from "zod";
import { updateCommentRow } from "#db/postgres/queries/postmortem.ts";
import { resolveCommentInput } from "#lib/api/postmortem.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { nameActor } from "../member/name-actor.ts";
import { openForWriting } from "./get-postmortem-row.ts";

/** Resolves a comment, or opens it again. */
export const resolveComment = defineService({
  name: "resolveComment",
  role: "editor",
  input: resolveCommentInput,
  output: z.undefined(),
  writes: true,
  async run(ctx, { incident, commentId, isResolved }) {
    const { row } = await openForWriting(ctx, incident);
    const isThere = await updateCommentRow(
      ctx,
      { postmortemId: row.id, id: commentId },
      isResolved
        ? { resolvedBy: await nameActor(ctx.call), resolvedAt: ctx.now }
        : { resolvedBy: null, resolvedAt: null },
    );
    if (!isThere) throw new AppError("not_found", "There is no such comment.");
    ctx.audit({
      action: isResolved ? "postmortem.resolve_comment" : "postmortem.reopen_comment",
      targetKind: "postmortem",
      targetId: row.id,
      after: { commentId },
    });
    return undefined;
  },
});
