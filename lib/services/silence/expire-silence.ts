import { z } from "zod";
import { findSilenceRow, updateSilenceRow } from "#db/postgres/queries/silence.ts";
import { expireSilenceInput } from "#lib/api/silence.ts";
import { AppError } from "#lib/domain/errors.ts";
import { silenceState } from "#lib/rules/silence.ts";
import { defineService } from "../define-service.ts";
import { nameActor } from "../member/name-actor.ts";

/** Ends it now. The row stays, with what it hid. */
export const expireSilence = defineService({
  name: "expireSilence",
  role: "editor",
  input: expireSilenceInput,
  output: z.undefined(),
  writes: true,
  async run(ctx, { silenceId }) {
    const before = await findSilenceRow(ctx, silenceId);
    if (before === null) throw new AppError("not_found", "There is no such silence.");
    if (silenceState(before, ctx.now) === "ended") {
      ctx.audit("unchanged");
      return undefined;
    }
    const expiredBy = await nameActor(ctx.call);
    await updateSilenceRow(ctx, silenceId, { expiredAt: ctx.now, expiredBy });
    ctx.audit({
      action: "silence.expire",
      targetKind: "silence",
      targetId: silenceId,
      before: { endsAt: before.endsAt },
      after: { expiredAt: ctx.now },
    });
    return undefined;
  },
});
