import {
  findRunbookVersion,
  insertRunbookVersion,
  lockRunbookRow,
  updateRunbookRow,
} from "#db/postgres/queries/runbook.ts";
import { runbookOutput, updateRunbookInput } from "#lib/api/runbook.ts";
import { AppError } from "#lib/domain/errors.ts";
import { attachRuleSchema, runbookLimits } from "#lib/domain/runbook.ts";
import { assertRevision } from "../assert-revision.ts";
import { defineService } from "../define-service.ts";
import { nameActor } from "../member/name-actor.ts";
import { assertRunbook } from "./assert-runbook.ts";
import { noSuchRunbook, readRunbook } from "./get-runbook.ts";

/** What it says becomes a version of its own; incidents go on by the one that they were given. */
export const updateRunbook = defineService({
  name: "updateRunbook",
  role: "editor",
  input: updateRunbookInput,
  output: runbookOutput,
  writes: true,
  async run(ctx, { runbookId, revision, body, note, ...draft }) {
    const before = await lockRunbookRow(ctx, runbookId);
    if (before === null) throw noSuchRunbook();
    assertRevision("This runbook", before.revision, revision);
    if (before.archivedAt !== null)
      throw new AppError("conflict", "This runbook is archived; take it back first.");
    await assertRunbook(ctx, { body, ...draft });
    const newest = await findRunbookVersion(ctx, runbookId, before.version);
    const isRewritten = newest?.body !== body || newest.title !== draft.title;
    const version = isRewritten ? before.version + 1 : before.version;
    if (version > runbookLimits.versionsMax)
      throw new AppError(
        "limit_exceeded",
        `A runbook has at most ${runbookLimits.versionsMax} versions. Make a new one of it.`,
      );
    const settings = { ...draft, attachRule: draft.attachRule ?? attachRuleSchema.parse({}) };
    const { workspaceId, now } = ctx;
    await updateRunbookRow(ctx, runbookId, {
      ...settings,
      version,
      revision: revision + 1,
      updatedAt: now,
    });
    if (isRewritten)
      await insertRunbookVersion(ctx.pg, {
        workspaceId,
        runbookId,
        version,
        title: draft.title,
        body,
        note,
        createdBy: await nameActor(ctx.call),
        createdAt: now,
      });
    ctx.audit({
      action: "runbook.update",
      targetKind: "runbook",
      targetId: runbookId,
      before,
      after: { ...settings, version },
    });
    return readRunbook(ctx, runbookId);
  },
});
