import { randomUUID } from "node:crypto";
import { countOpenSilences, findSilenceRow, insertSilence } from "#db/postgres/queries/silence.ts";
import { createSilenceInput, createSilenceOutput } from "#lib/api/silence.ts";
import { AppError } from "#lib/domain/errors.ts";
import { silenceLimits } from "#lib/domain/silence.ts";
import { refuseSilence } from "#lib/rules/silence.ts";
import { defineService } from "../define-service.ts";
import { nameActor } from "../member/name-actor.ts";
import { assertTimeZone } from "../workspace/assert-time-zone.ts";
import { toSilences } from "./to-silence.ts";

export const createSilence = defineService({
  name: "createSilence",
  role: "editor",
  input: createSilenceInput,
  output: createSilenceOutput,
  writes: true,
  async run(ctx, input) {
    if (input.recurrence !== null) assertTimeZone(input.recurrence.timeZone);
    const silence = {
      id: randomUUID(),
      matchers: input.matchers,
      startsAt: input.startsAt === undefined ? ctx.now : new Date(input.startsAt),
      endsAt: new Date(input.endsAt),
      quietMinutes: input.quietMinutes,
      recurrence: input.recurrence,
      reason: input.reason,
      ticket: input.ticket,
      createdBy: await nameActor(ctx.call),
      createdAt: ctx.now,
    };
    const refusal = refuseSilence(silence, ctx.now);
    if (refusal !== null) {
      throw new AppError("invalid_request", `${refusal.path} ${refusal.message}.`, {
        details: [refusal],
      });
    }
    if ((await countOpenSilences(ctx, ctx.now)) >= silenceLimits.openMax) {
      const most = `This workspace has ${silenceLimits.openMax} open silences, which is the most.`;
      throw new AppError("limit_exceeded", `${most} End one first.`);
    }
    await insertSilence(ctx, silence);
    ctx.audit({
      action: "silence.create",
      targetKind: "silence",
      targetId: silence.id,
      after: silence,
    });
    const row = await findSilenceRow(ctx, silence.id);
    const [created] = await toSilences(ctx, row === null ? [] : [row], ctx.now);
    if (created === undefined) throw new Error("The silence is not there though it was inserted.");
    return { silence: created };
  },
});
