import { randomUUID } from "node:crypto";
import { insertComment, listCommentRows } from "#db/postgres/queries/postmortem.ts";
import { addCommentInput, addCommentOutput } from "#lib/api/postmortem.ts";
import { AppError } from "#lib/domain/errors.ts";
import { postmortemLimits } from "#lib/domain/postmortem.ts";
import { defineService } from "../define-service.ts";
import { nameActor } from "../member/name-actor.ts";
import { openForWriting } from "./get-postmortem-row.ts";
import { getSectionRow } from "./get-section.ts";

export const addComment = defineService({
  name: "addComment",
  role: "editor",
  input: addCommentInput,
  output: addCommentOutput,
  writes: true,
  async run(ctx, { incident, sectionKey, text }) {
    const { row } = await openForWriting(ctx, incident);
    await getSectionRow(ctx, row.id, sectionKey);
    if ((await listCommentRows(ctx, row.id)).length >= postmortemLimits.commentsMax)
      throw new AppError(
        "limit_exceeded",
        `It has ${postmortemLimits.commentsMax} comments, which is the most.`,
      );
    const id = randomUUID();
    await insertComment(ctx, {
      id,
      postmortemId: row.id,
      sectionKey,
      text,
      createdBy: await nameActor(ctx.call),
      createdAt: ctx.now,
    });
    ctx.audit({
      action: "postmortem.comment",
      targetKind: "postmortem",
      targetId: row.id,
      after: { id, sectionKey, text },
    });
    return { id };
  },
});
