import { findSilenceRow, listHidden } from "#db/postgres/queries/silence.ts";
import { getSilenceInput, getSilenceOutput } from "#lib/api/silence.ts";
import { AppError } from "#lib/domain/errors.ts";
import { sayLabels } from "#lib/rules/say-silence.ts";
import { defineService } from "../define-service.ts";
import { toSilences } from "./to-silence.ts";

export const getSilence = defineService({
  name: "getSilence",
  role: "viewer",
  input: getSilenceInput,
  output: getSilenceOutput,
  writes: false,
  async run(ctx, { silenceId }) {
    const row = await findSilenceRow(ctx, silenceId);
    const [silence] = await toSilences(ctx, row === null ? [] : [row], ctx.now);
    if (silence === undefined) throw new AppError("not_found", "There is no such silence.");
    const hidden = await listHidden(ctx, silenceId);
    return {
      silence,
      hidden: hidden.map(({ labels, firstHiddenAt, lastHiddenAt, ...rest }) => ({
        ...rest,
        sentence: sayLabels(labels),
        firstHiddenAt: firstHiddenAt.toISOString(),
        lastHiddenAt: lastHiddenAt.toISOString(),
      })),
    };
  },
});
