import { actionInput, runOutput } from "#lib/api/action.ts";
import { defineService } from "../define-service.ts";
import { toIncidentActor } from "../incident/to-alerting.ts";
import { createRun } from "./create-run.ts";
import { getActionRow } from "./to-action.ts";
import { toRun } from "./to-run.ts";

/** The real call by the real way, of no incident, with a body and a header that say that it is a test. */
export const testAction = defineService({
  name: "testAction",
  role: "admin",
  input: actionInput,
  output: runOutput,
  writes: true,
  async run(ctx, { actionId }) {
    const action = await getActionRow(ctx, { id: actionId });
    const actor = await toIncidentActor(ctx);
    const reason = "A test: nothing is broken.";
    const run = await createRun(ctx, { action, incident: null, mode: "test", reason, actor });
    ctx.audit({
      action: "action_run.test",
      targetKind: "action_run",
      targetId: run.id,
      after: { action: action.slug },
    });
    return { run: toRun(run, ctx.actor) };
  },
});
