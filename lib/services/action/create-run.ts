import { randomUUID } from "node:crypto";
import type { ActionRow } from "#db/postgres/queries/action.ts";
import type { ActionRunRow } from "#db/postgres/queries/action-run.ts";
import { findOpenRun, insertRun } from "#db/postgres/queries/action-run.ts";
import { lockWriter } from "#db/postgres/queries/incident.ts";
import type { ActionRunMode } from "#lib/domain/action.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { IncidentActor } from "#lib/domain/incident.ts";
import type { RunScope } from "./change-run.ts";
import { logRun } from "./change-run.ts";

export interface RunRequest {
  action: ActionRow;
  incident: { id: string; number: number } | null;
  mode: ActionRunMode;
  reason: string;
  actor: IncidentActor;
  stepId?: string | null;
  reactionId?: string | null;
}

/** Writes down that an action was asked for; the worker checks, sends and verifies. One at a time for the same incident. */
export async function createRun(scope: RunScope, request: RunRequest): Promise<ActionRunRow> {
  const { pg, workspaceId, now } = scope;
  const { action, incident, actor } = request;
  const isDry = request.mode === "real" && action.definition.isDryRun;
  await lockWriter(pg, writerOfAction(action.id));
  if (incident !== null) {
    const open = await findOpenRun(scope, { actionId: action.id, incidentId: incident.id });
    if (open !== null)
      throw new AppError(
        "conflict",
        `${action.name} is under way for this incident already; settle or cancel that run first.`,
      );
  }
  const sentence = `${actor.name} asked for it${request.reason === "" ? "" : `: ${request.reason}`}`;
  const run = await insertRun(pg, {
    id: randomUUID(),
    workspaceId,
    actionId: action.id,
    actionSlug: action.slug,
    actionName: action.name,
    definition: action.definition,
    incidentId: incident?.id ?? null,
    incidentNumber: incident?.number ?? null,
    stepId: request.stepId ?? null,
    reactionId: request.reactionId ?? null,
    mode: isDry ? "dry_run" : request.mode,
    state: "requested",
    reason: request.reason,
    requestedBy: actor,
    requestedAt: now,
    sentence,
    dueAt: now,
    updatedAt: now,
  });
  await logRun(scope, run, { state: "requested", sentence, actor });
  return run;
}

/** Whoever counts the runs of an action and adds one does so alone. */
export const writerOfAction = (actionId: string) => `action ${actionId}`;
