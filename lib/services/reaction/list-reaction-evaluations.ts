import { listReactionEvaluations as listRows } from "#db/postgres/queries/reaction.ts";
import { reactionEvaluationListInput, reactionEvaluationListOutput } from "#lib/api/reaction.ts";
import type { ReactionOutcome } from "#lib/domain/reaction.ts";
import { reactionLimits } from "#lib/domain/reaction.ts";
import { defineService } from "../define-service.ts";

const outcomesOf: Record<string, readonly ReactionOutcome[] | undefined> = {
  all: undefined,
  meant: ["run", "dry_run", "held_back"],
  run: ["run", "dry_run"],
  held_back: ["held_back"],
};

/** How reactions came out, newest first, with the reason. */
export const listReactionEvaluations = defineService({
  name: "listReactionEvaluations",
  role: "viewer",
  input: reactionEvaluationListInput,
  output: reactionEvaluationListOutput,
  writes: false,
  async run(ctx, { reactionId, incident, outcome, before }) {
    const rows = await listRows(ctx, {
      reactionId,
      incidentNumber: incident,
      outcomes: outcomesOf[outcome],
      before,
      countMax: reactionLimits.listedMax + 1,
    });
    const shown = rows.slice(0, reactionLimits.listedMax);
    return {
      evaluations: shown.map((row) => ({
        id: row.id,
        position: row.position,
        reactionId: row.reactionId,
        reactionName: row.reactionName,
        actionName: row.actionName,
        incident: row.incidentNumber,
        event: row.event,
        outcome: row.outcome,
        reason: row.reason,
        runId: row.runId,
        at: row.at.toISOString(),
      })),
      next: rows.length > shown.length ? (shown.at(-1)?.position ?? null) : null,
    };
  },
});
