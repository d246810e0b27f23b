import { listRunEvents } from "#db/postgres/queries/action-run.ts";
import { runDetailOutput, runInput } from "#lib/api/action.ts";
import { defineService } from "../define-service.ts";
import { getRunRow, toRun } from "./to-run.ts";

/** A run with every step of it. */
export const getRun = defineService({
  name: "getRun",
  role: "viewer",
  input: runInput,
  output: runDetailOutput,
  writes: false,
  async run(ctx, { runId }) {
    const row = await getRunRow(ctx, runId);
    const events = await listRunEvents(ctx, runId);
    return {
      run: toRun(row, ctx.actor),
      body: row.body,
      events: events.map(({ state, sentence, actor, at }) => ({
        state,
        sentence,
        by: actor.name,
        at: at.toISOString(),
      })),
    };
  },
});
