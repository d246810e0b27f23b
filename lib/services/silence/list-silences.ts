import { listEndedSilences, listOpenSilences } from "#db/postgres/queries/silence.ts";
import { silenceListInput, silenceListOutput } from "#lib/api/silence.ts";
import { defineService } from "../define-service.ts";
import { toSilences } from "./to-silence.ts";

/** Those that hold or will, and those that are over: one that ended as quiet is over though its time is not. */
export const listSilences = defineService({
  name: "listSilences",
  role: "viewer",
  input: silenceListInput,
  output: silenceListOutput,
  writes: false,
  async run(ctx, { state }) {
    const open = await toSilences(ctx, await listOpenSilences(ctx, ctx.now), ctx.now);
    if (state === "open") return { silences: open.filter((one) => one.state !== "ended") };
    const ended = await toSilences(ctx, await listEndedSilences(ctx, ctx.now), ctx.now);
    const quiet = open.filter((one) => one.state === "ended");
    return { silences: [...quiet, ...ended].sort((a, b) => b.overAt.localeCompare(a.overAt)) };
  },
});
