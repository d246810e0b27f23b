import { decideRunInput, runOutput } from "#lib/api/action.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { RunEvent } from "#lib/rules/step-action-run.ts";
import { defineService } from "../define-service.ts";
import { toIncidentActor } from "../incident/to-alerting.ts";
import { changeRun } from "./change-run.ts";
import { assertMayAct } from "./may-act.ts";
import { getRunRow, refuseApproval, toRun } from "./to-run.ts";

/** Approves, declines or cancels a run that has not been sent. */
export const decideRun = defineService({
  name: "decideRun",
  role: "editor",
  input: decideRunInput,
  output: runOutput,
  writes: true,
  async run(ctx, { runId, decision, reason }) {
    const before = await getRunRow(ctx, runId);
    if (decision === "cancel") assertMayAct(ctx.actor, before.definition.runRole, "Cancelling it");
    else {
      const refusal = refuseApproval(before, ctx.actor);
      if (refusal !== null) throw new AppError("forbidden", refusal);
    }
    const actor = await toIncidentActor(ctx);
    const by = actor.name;
    const event: RunEvent =
      decision === "approve" ? { kind: "approve", by } : { kind: decision, by, reason };
    const { run, step } = await changeRun(ctx, runId, event, actor, {
      decidedBy: actor,
      decidedAt: ctx.now,
    });
    ctx.audit(
      step.kind === "unchanged"
        ? "unchanged"
        : {
            action: `action_run.${decision}`,
            targetKind: "action_run",
            targetId: runId,
            before: { state: before.state },
            after: { state: run.state, reason },
          },
    );
    return { run: toRun(run, ctx.actor) };
  },
});
