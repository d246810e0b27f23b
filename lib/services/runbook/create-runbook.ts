import { randomUUID } from "node:crypto";
import {
  countRunbooks,
  insertRunbook,
  insertRunbookVersion,
} from "#db/postgres/queries/runbook.ts";
import { createRunbookInput, runbookOutput } from "#lib/api/runbook.ts";
import { AppError } from "#lib/domain/errors.ts";
import { attachRuleSchema, runbookLimits } from "#lib/domain/runbook.ts";
import { defineService } from "../define-service.ts";
import { nameActor } from "../member/name-actor.ts";
import { assertRunbook } from "./assert-runbook.ts";
import { readRunbook } from "./get-runbook.ts";

export const createRunbook = defineService({
  name: "createRunbook",
  role: "editor",
  input: createRunbookInput,
  output: runbookOutput,
  writes: true,
  async run(ctx, { body, note, ...draft }) {
    await assertRunbook(ctx, { body, ...draft });
    if ((await countRunbooks(ctx)) >= runbookLimits.runbooksMax)
      throw new AppError(
        "limit_exceeded",
        `This workspace has ${runbookLimits.runbooksMax} runbooks, which is the most. Rewrite an archived one instead.`,
      );
    const id = randomUUID();
    const { workspaceId, now } = ctx;
    const createdBy = await nameActor(ctx.call);
    const made = { workspaceId, title: draft.title, createdBy, createdAt: now };
    const settings = { ...draft, attachRule: draft.attachRule ?? attachRuleSchema.parse({}) };
    await insertRunbook(ctx.pg, {
      ...settings,
      ...made,
      id,
      version: 1,
      revision: 1,
      updatedAt: now,
    });
    await insertRunbookVersion(ctx.pg, { ...made, runbookId: id, version: 1, body, note });
    ctx.audit({
      action: "runbook.create",
      targetKind: "runbook",
      targetId: id,
      after: { ...settings, version: 1 },
    });
    return readRunbook(ctx, id);
  },
});
