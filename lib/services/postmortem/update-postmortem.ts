import { randomUUID } from "node:crypto";
import { replaceReviewers, updatePostmortemRow } from "#db/postgres/queries/postmortem.ts";
import { revisionOutput, updatePostmortemInput } from "#lib/api/postmortem.ts";
import { AppError } from "#lib/domain/errors.ts";
import { findContradictions } from "#lib/domain/monitor-definition.ts";
import { assertRevision } from "../assert-revision.ts";
import { defineService } from "../define-service.ts";
import { assertMembers } from "../member/assert-members.ts";
import { openForWriting } from "./get-postmortem-row.ts";

/** Its title, its owner, who reviews it, and the settings that are replayed beside the monitors. */
export const updatePostmortem = defineService({
  name: "updatePostmortem",
  role: "editor",
  input: updatePostmortemInput,
  output: revisionOutput,
  writes: true,
  async run(ctx, { incident, revision, ...patch }) {
    const { row } = await openForWriting(ctx, incident);
    assertRevision("The postmortem", row.revision, revision);
    const { title, ownerUserId, reviewerIds } = patch;
    const candidates = patch.candidates?.map(({ id = randomUUID(), ...rest }) => ({ id, ...rest }));
    if (typeof ownerUserId === "string") await assertMembers(ctx, [ownerUserId], "ownerUserId");
    if (reviewerIds !== undefined) {
      await assertMembers(ctx, reviewerIds, "reviewerIds");
      await replaceReviewers(ctx, row.id, [...new Set(reviewerIds)]);
    }
    (candidates ?? []).forEach(({ question }, index) => {
      const [first] = findContradictions(question);
      if (first === undefined) return;
      const path = `candidates.${index}.question.${first.path}`;
      throw new AppError("invalid_request", `\`${path}\` ${first.message}.`, {
        details: [{ path, message: first.message }],
      });
    });
    const next = row.revision + 1;
    const isContent = title !== undefined || candidates !== undefined;
    await updatePostmortemRow(ctx, row.id, {
      ...(title === undefined ? {} : { title }),
      ...(ownerUserId === undefined ? {} : { ownerUserId }),
      ...(candidates === undefined ? {} : { candidates }),
      ...(isContent ? { contentAt: ctx.now } : {}),
      revision: next,
      updatedAt: ctx.now,
    });
    ctx.audit({
      action: "postmortem.update",
      targetKind: "postmortem",
      targetId: row.id,
      before: { title: row.title, ownerUserId: row.ownerUserId, candidates: row.candidates },
      after: patch,
    });
    return { revision: next };
  },
});
