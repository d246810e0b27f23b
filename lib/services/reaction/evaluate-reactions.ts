import { findActionRow } from "#db/postgres/queries/action.ts";
import { countRunsSince } from "#db/postgres/queries/action-run.ts";
import {
  findIncidentRow,
  findModelForAlerting,
  lockWriter,
} from "#db/postgres/queries/incident.ts";
import type { DueReaction } from "#db/postgres/queries/reaction.ts";
import {
  findReactionRow,
  insertReactionEvaluation,
  listDueReactions,
} from "#db/postgres/queries/reaction.ts";
import type { CheckResult } from "#lib/domain/action.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { IncidentActor } from "#lib/domain/incident.ts";
import type { ReactionDecision } from "#lib/rules/decide-reaction.ts";
import { decideReaction, refuseIncident } from "#lib/rules/decide-reaction.ts";
import { judgeLimits } from "#lib/rules/judge-run-limits.ts";
import { jobCall } from "../action/advance-runs.ts";
import type { RunScope } from "../action/change-run.ts";
import { createRun, writerOfAction } from "../action/create-run.ts";
import { runChecks } from "../action/run-checks.ts";
import type { Stores } from "../context.ts";
import { recordOnTimeline } from "../incident/record-on-timeline.ts";

export interface ReactionOptions {
  stores: Stores;
  now: () => Date;
  newId: () => string;
  /** Only this one's. */
  workspaceId?: string | undefined;
  signal?: AbortSignal | undefined;
  /** One that fails leaves the others alone, and is tried again. */
  onError(error: unknown, what: { reactionId: string; incidentId: string }): void;
}

/** Asks each reaction about each incident that came to its state, once, and writes down how that came out and why. Answers how many. */
export async function evaluateReactions(options: ReactionOptions): Promise<number> {
  const { stores, now, workspaceId, signal, onError } = options;
  const due = await listDueReactions(stores.postgres.db, { now: now(), workspaceId });
  for (const one of due) {
    if (signal?.aborted === true) break;
    try {
      await evaluateReaction(options, one);
    } catch (error) {
      onError(error, { reactionId: one.reaction.id, incidentId: one.incidentId });
    }
  }
  return due.length;
}

const dayMs = 86_400_000;

async function evaluateReaction(
  { stores, now, newId }: ReactionOptions,
  { reaction, incidentId }: DueReaction,
): Promise<void> {
  const { workspaceId, definition, actionId } = reaction;
  const { guards } = definition;
  const scope = { pg: stores.postgres.db, workspaceId };
  const incident = await findIncidentRow(scope, { id: incidentId });
  const action = await findActionRow(scope, { id: actionId });
  if (incident === null) return;
  const model =
    incident.modelId === null ? null : await findModelForAlerting(scope, incident.modelId);
  const refusal = refuseIncident(definition, { ...incident, tier: model?.tier ?? null });
  const isGone = action === null || action.deletedAt !== null || !action.isEnabled;
  const isAsked = refusal === null && !isGone;
  // Before the transaction: they read the stores for a while.
  const checks = isAsked
    ? await runChecks(jobCall({ ...stores, now }, workspaceId), guards, incident)
    : [];
  await stores.postgres.transaction(async (tx) => {
    const inside: RunScope = { pg: tx, workspaceId, now: now() };
    await lockWriter(tx, writerOfAction(actionId));
    const current = await findReactionRow(inside, reaction.id);
    // It was changed or switched off while it was asked.
    if (current === null || !current.isEnabled || current.revision !== reaction.revision) return;
    const limits = isAsked
      ? await readLimits(inside, { actionId, reactionId: reaction.id, guards })
      : [];
    const decided = decide();
    const run =
      decided.outcome === "run" && action !== null
        ? await start(inside, { action, incident, reaction })
        : null;
    const final: ReactionDecision =
      typeof run === "string" ? { outcome: "held_back", reason: `not run: ${run}` } : decided;
    const runId = run === null || typeof run === "string" ? null : run.id;
    const isNew = await insertReactionEvaluation(tx, {
      id: newId(),
      workspaceId,
      reactionId: reaction.id,
      reactionName: reaction.name,
      actionName: action?.name ?? "",
      incidentId,
      incidentNumber: incident.number,
      event: definition.event,
      ...final,
      runId,
      at: inside.now,
    });
    // Another worker was first: with its evaluation stands its run, and ours must not.
    if (!isNew) throw new AppError("conflict", "This reaction was asked about that already.");
    if (final.outcome === "held_back" || final.outcome === "dry_run")
      await recordOnTimeline(inside, {
        id: newId(),
        incidentId,
        kind: "action_run",
        text: `${reaction.name}: ${final.reason}`,
        actor: actorOf(reaction),
      });

    function decide(): ReactionDecision {
      if (refusal !== null) return { outcome: "not_meant", reason: refusal };
      if (isGone) return { outcome: "held_back", reason: "not run: the action is switched off" };
      return decideReaction(definition, [...checks, ...limits]);
    }
  });
}

const actorOf = ({ id, name }: { id: string; name: string }): IncidentActor => ({
  kind: "job",
  id,
  name: `the reaction "${name}"`,
  via: "worker",
});

type Started = Parameters<typeof createRun>[1];

/** The run, or why there is none: one is under way already. */
async function start(
  scope: RunScope,
  {
    action,
    incident,
    reaction,
  }: {
    action: Started["action"];
    incident: { id: string; number: number };
    reaction: DueReaction["reaction"];
  },
): Promise<Awaited<ReturnType<typeof createRun>> | string> {
  try {
    return await createRun(scope, {
      action,
      incident,
      mode: "real",
      reason: reaction.name,
      actor: actorOf(reaction),
      reactionId: reaction.id,
    });
  } catch (error) {
    if (error instanceof AppError && error.code === "conflict")
      return error.message.replace(/\.$/, "");
    throw error;
  }
}

async function readLimits(
  scope: RunScope,
  {
    actionId,
    reactionId,
    guards: { coolDownMinutes, dailyMax },
  }: {
    actionId: string;
    reactionId: string;
    guards: { coolDownMinutes: number; dailyMax: number };
  },
): Promise<CheckResult[]> {
  const since = (ms: number) => new Date(scope.now.getTime() - ms);
  const count = (ms: number) => countRunsSince(scope, { actionId, reactionId, since: since(ms) });
  const cooling = await count(coolDownMinutes * 60_000);
  const daily = await count(dayMs);
  return judgeLimits({
    coolDownMinutes,
    dailyMax,
    lastAt: cooling.lastAt,
    dailyCount: daily.runCount,
  });
}
