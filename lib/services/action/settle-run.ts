import { runOutput, settleRunInput } from "#lib/api/action.ts";
import { defineService } from "../define-service.ts";
import { toIncidentActor } from "../incident/to-alerting.ts";
import { changeRun } from "./change-run.ts";
import { assertMayAct } from "./may-act.ts";
import { getRunRow, toRun } from "./to-run.ts";

/** What a person found out about a run of which nobody knew whether it was done. */
export const settleRun = defineService({
  name: "settleRun",
  role: "editor",
  input: settleRunInput,
  output: runOutput,
  writes: true,
  async run(ctx, { runId, finding }) {
    const before = await getRunRow(ctx, runId);
    assertMayAct(ctx.actor, before.definition.runRole, "Settling it");
    const actor = await toIncidentActor(ctx);
    const { run } = await changeRun(ctx, runId, { kind: finding, by: actor.name }, actor);
    ctx.audit({
      action: `action_run.${finding}`,
      targetKind: "action_run",
      targetId: runId,
      before: { state: before.state },
      after: { state: run.state },
    });
    return { run: toRun(run, ctx.actor) };
  },
});
