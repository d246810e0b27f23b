import { findSilenceRow, updateSilenceRow } from "#db/postgres/queries/silence.ts";
import { createSilenceOutput, updateSilenceInput } from "#lib/api/silence.ts";
import { AppError } from "#lib/domain/errors.ts";
import { refuseSilence, silenceState } from "#lib/rules/silence.ts";
import { defineService } from "../define-service.ts";
import { toSilences } from "./to-silence.ts";

/** Moves the end, within the longest that a silence may last from its start. What has ended does not come back: it would hide again
 *  what nobody expects it to. */
export const updateSilence = defineService({
  name: "updateSilence",
  role: "editor",
  input: updateSilenceInput,
  output: createSilenceOutput,
  writes: true,
  async run(ctx, { silenceId, endsAt }) {
    const before = await findSilenceRow(ctx, silenceId);
    if (before === null) throw new AppError("not_found", "There is no such silence.");
    if (silenceState(before, ctx.now) === "ended")
      throw new AppError("conflict", "This silence has ended; make a new one.");
    const after = { ...before, endsAt: new Date(endsAt) };
    const refusal = refuseSilence(after, ctx.now);
    if (refusal !== null) {
      throw new AppError("invalid_request", `${refusal.path} ${refusal.message}.`, {
        details: [refusal],
      });
    }
    await updateSilenceRow(ctx, silenceId, { endsAt: after.endsAt });
    ctx.audit({
      action: "silence.update",
      targetKind: "silence",
      targetId: silenceId,
      before: { endsAt: before.endsAt },
      after: { endsAt: after.endsAt },
    });
    const [silence] = await toSilences(ctx, [after], ctx.now);
    if (silence === undefined) throw new Error("One silence became none.");
    return { silence };
  },
});
