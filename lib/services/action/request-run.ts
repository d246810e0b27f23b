import { requestRunInput, runOutput } from "#lib/api/action.ts";
import { AppError } from "#lib/domain/errors.ts";
import { isOpenIncident } from "#lib/domain/incident.ts";
import { defineService } from "../define-service.ts";
import { getIncidentRow } from "../incident/get-incident.ts";
import { toIncidentActor } from "../incident/to-alerting.ts";
import { createRun } from "./create-run.ts";
import { assertMayAct } from "./may-act.ts";
import { getActionRow } from "./to-action.ts";
import { toRun } from "./to-run.ts";

/** Asks for an action for an incident. It is checked, approved and sent after this. */
export const requestRun = defineService({
  name: "requestRun",
  role: "editor",
  input: requestRunInput,
  output: runOutput,
  writes: true,
  async run(ctx, { action: slug, incident: number, stepId, reason }) {
    const action = await getActionRow(ctx, { slug });
    assertMayAct(ctx.actor, action.definition.runRole, action.name);
    if (!action.isEnabled)
      throw new AppError("conflict", `${action.name} is switched off; an admin can switch it on.`);
    const incident = await getIncidentRow(ctx, number);
    if (!isOpenIncident(incident.state))
      throw new AppError("conflict", `Incident ${number} is not open; reopen it first.`);
    const actor = await toIncidentActor(ctx);
    const run = await createRun(ctx, { action, incident, mode: "real", reason, actor, stepId });
    ctx.audit({
      action: "action_run.request",
      targetKind: "action_run",
      targetId: run.id,
      after: { action: slug, incident: number, stepId, reason, mode: run.mode },
    });
    return { run: toRun(run, ctx.actor) };
  },
});
