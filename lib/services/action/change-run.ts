import { randomUUID } from "node:crypto";
import type { ActionRunRow } from "#db/postgres/queries/action-run.ts";
import { insertRunEvent, lockRun, updateRun } from "#db/postgres/queries/action-run.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import type { ActionRunState } from "#lib/domain/action.ts";
import { finalRunStates } from "#lib/domain/action.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { IncidentActor } from "#lib/domain/incident.ts";
import type { RunEvent, RunStep } from "#lib/rules/step-action-run.ts";
import { stepActionRun } from "#lib/rules/step-action-run.ts";
import { recordOnTimeline } from "../incident/record-on-timeline.ts";
import { tellOfRun } from "./tell-of-run.ts";

export type RunScope = PostgresScope & {
  now: Date;
  /** Where people find the console, for what is told outside. */
  publicUrl?: string | undefined;
};

/** The product itself, as timelines name it. */
export const actionWorker: IncidentActor = {
  kind: "job",
  id: "actions",
  name: "Plumbline",
  via: "worker",
};

type RunValues = Parameters<typeof updateRun>[2];

/** One event of one run, in the caller's transaction: from the lock to the log and the incident's timeline. `values` are kept where it
 *  changed something. */
export async function changeRun(
  scope: RunScope,
  runId: string,
  event: RunEvent,
  actor: IncidentActor,
  values: RunValues | ((run: ActionRunRow) => RunValues | null) = {},
): Promise<{ run: ActionRunRow; step: RunStep }> {
  const run = await lockRun(scope, runId);
  if (run === null) throw new AppError("not_found", "There is no such run.");
  // Somebody else has it by now.
  const kept = typeof values === "function" ? values(run) : values;
  if (kept === null) return { run, step: { kind: "unchanged" } };
  const step = stepActionRun(factsOf(run), event, scope.now);
  if (step.kind === "refused") throw new AppError("conflict", step.message);
  if (step.kind === "unchanged") return { run, step };
  const { state, sentence, dueAt, succeededAt, isMaybeDone } = step;
  const isOver = state === "succeeded" || finalRunStates.includes(state);
  const changed = {
    dueAt,
    ...kept,
    state,
    sentence,
    succeededAt,
    isMaybeDone,
    finishedAt: isOver ? scope.now : null,
    updatedAt: scope.now,
  };
  await updateRun(scope, runId, changed);
  await logRun(scope, run, { state, sentence, actor });
  if (actor.kind !== "user" && actor.kind !== "key")
    await tellOfRun(scope, run, { state, sentence });
  return { run: { ...run, ...changed }, step };
}

/** Its own log, and the incident's timeline where it has one. */
export async function logRun(
  scope: RunScope,
  run: Pick<ActionRunRow, "id" | "incidentId" | "incidentNumber" | "actionName">,
  { state, sentence, actor }: { state: ActionRunState; sentence: string; actor: IncidentActor },
): Promise<void> {
  const { pg, workspaceId, now } = scope;
  const id = randomUUID();
  await insertRunEvent(pg, { id, workspaceId, runId: run.id, state, sentence, actor, at: now });
  if (run.incidentId === null) return;
  await recordOnTimeline(scope, {
    id,
    incidentId: run.incidentId,
    // What goes by itself is left out where a reader wants what matters.
    kind:
      state === "sending" || (state === "approved" && actor.kind === "job")
        ? "action_step"
        : "action_run",
    text: `${run.actionName}: ${sentence}`,
    actor,
    detail: {
      kind: "link",
      path: `incidents/${run.incidentNumber ?? 0}?run=${run.id}#actions`,
      label: "The run",
    },
  });
}

const factsOf = (run: ActionRunRow) => ({
  state: run.state,
  mode: run.mode,
  attempt: run.attempt,
  definition: run.definition,
  requestedAt: run.requestedAt,
  succeededAt: run.succeededAt,
  hasIncident: run.incidentId !== null,
  isMaybeDone: run.isMaybeDone,
});
