import { listRunRows } from "#db/postgres/queries/action-run.ts";
import type { RunListState } from "#lib/api/action.ts";
import { runListInput, runListOutput } from "#lib/api/action.ts";
import type { ActionRunState } from "#lib/domain/action.ts";
import { actionLimits, actionRunStates, finalRunStates } from "#lib/domain/action.ts";
import { defineService } from "../define-service.ts";
import { toRun } from "./to-run.ts";

/** Runs, newest first. */
export const listRuns = defineService({
  name: "listRuns",
  role: "viewer",
  input: runListInput,
  output: runListOutput,
  writes: false,
  async run(ctx, { action, incident, stepId, state, before }) {
    const rows = await listRunRows(ctx, {
      actionSlug: action,
      incidentNumber: incident,
      stepId,
      states: statesOf(state),
      before,
      countMax: actionLimits.listedMax + 1,
    });
    const shown = rows.slice(0, actionLimits.listedMax);
    return {
      runs: shown.map((row) => toRun(row, ctx.actor)),
      next: rows.length > shown.length ? (shown.at(-1)?.position ?? null) : null,
    };
  },
});

function statesOf(state: RunListState): readonly ActionRunState[] | undefined {
  switch (state) {
    case "all":
      return undefined;
    case "open":
      return actionRunStates.filter(
        (each) => each !== "succeeded" && !finalRunStates.includes(each),
      );
    case "waiting":
      return ["waiting_for_approval"];
    case "unknown":
      return ["outcome_unknown"];
    case "failed":
      return ["failed", "not_verified", "checks_failed", "verification_impossible"];
  }
}
