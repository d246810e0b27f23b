import type { ActionRunRow } from "#db/postgres/queries/action-run.ts";
import { findRun } from "#db/postgres/queries/action-run.ts";
import type { ActionRun } from "#lib/api/action.ts";
import { AppError } from "#lib/domain/errors.ts";
import { isBeforeSending } from "#lib/rules/step-action-run.ts";
import type { Actor, ServiceContext } from "../context.ts";
import { idOf, mayAct } from "./may-act.ts";

/** A run as whoever asks sees it, with what they may do. */
export function toRun(run: ActionRunRow, actor: Actor): ActionRun {
  const refusal = refuseApproval(run, actor);
  const isWaiting = run.state === "waiting_for_approval";
  const mayRun = mayAct(actor, run.definition.runRole);
  const { requestedBy, decidedBy } = run;
  return {
    id: run.id,
    position: run.position,
    action: run.actionSlug,
    actionName: run.actionName,
    kind: run.definition.kind,
    incident: run.incidentNumber,
    stepId: run.stepId,
    isReaction: run.reactionId !== null,
    mode: run.mode,
    state: run.state,
    sentence: run.sentence,
    reason: run.reason,
    requestedBy: { kind: requestedBy.kind, name: requestedBy.name },
    requestedAt: run.requestedAt.toISOString(),
    decidedBy: decidedBy === null ? null : { kind: decidedBy.kind, name: decidedBy.name },
    decidedAt: run.decidedAt?.toISOString() ?? null,
    checks: run.checks,
    attempt: run.attempt,
    status: run.status,
    answer: run.answer,
    dueAt: run.dueAt?.toISOString() ?? null,
    finishedAt: run.finishedAt?.toISOString() ?? null,
    may: {
      approve: isWaiting && refusal === null,
      approveReason: isWaiting ? refusal : null,
      cancel: mayRun && isBeforeSending(run.state) && !run.isMaybeDone,
      settle: mayRun && run.state === "outcome_unknown",
    },
  };
}

/** Why somebody can't approve or decline a run; null where they can. */
export function refuseApproval(
  { definition, requestedBy }: Pick<ActionRunRow, "definition" | "requestedBy">,
  actor: Actor,
): string | null {
  const { approval, approvalRole } = definition;
  if (!mayAct(actor, approvalRole)) return `Approving it needs the role ${approvalRole}.`;
  if (approval === "another" && requestedBy.id === idOf(actor))
    return "Somebody else than who asked for it must approve it.";
  return null;
}

export async function getRunRow(ctx: ServiceContext, runId: string): Promise<ActionRunRow> {
  const run = await findRun(ctx, runId);
  if (run === null) throw new AppError("not_found", "There is no such run.");
  return run;
}
