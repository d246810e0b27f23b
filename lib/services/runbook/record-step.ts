import { randomUUID } from "node:crypto";
import { countRunbookRecords, insertRunbookRecord } from "#db/postgres/queries/incident-runbook.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { TimelineKind } from "#lib/domain/incident.ts";
import type { QueryResult, StepOutcome } from "#lib/domain/runbook.ts";
import { runbookLimits } from "#lib/domain/runbook.ts";
import type { ServiceContext } from "../context.ts";
import { recordOnTimeline } from "../incident/record-on-timeline.ts";
import { toIncidentActor } from "../incident/to-alerting.ts";
import type { IncidentStep } from "./find-incident-step.ts";

export interface StepSaid {
  runbookId: string;
  outcome: StepOutcome;
  note: string;
  result: QueryResult | null;
}

/** Writes down what was said of a step, beside all that was said before, and shows it on the timeline. */
export async function recordStep(
  ctx: ServiceContext,
  { incident, step }: IncidentStep,
  { runbookId, outcome, note, result }: StepSaid,
): Promise<void> {
  if ((await countRunbookRecords(ctx, incident.id)) >= runbookLimits.recordsMax)
    throw new AppError(
      "limit_exceeded",
      `An incident keeps at most ${runbookLimits.recordsMax} check-offs and results.`,
    );
  const actor = await toIncidentActor(ctx);
  const { pg, workspaceId, now } = ctx;
  const id = randomUUID();
  const { kind, words } = saidOf(outcome);
  await insertRunbookRecord(pg, {
    id,
    workspaceId,
    incidentId: incident.id,
    runbookId,
    stepId: step.id,
    outcome,
    note,
    result,
    actor,
    recordedAt: now,
  });
  const after = result === null ? note : result.sentence;
  await recordOnTimeline(ctx, {
    id: randomUUID(),
    incidentId: incident.id,
    kind,
    text: `${words} ${step.number}, ${step.title}${after === "" ? "" : `: ${after}`}`,
    actor,
    detail: result === null ? undefined : { kind: "query_result", result },
  });
  ctx.audit({
    action: "runbook.step",
    targetKind: "incident",
    targetId: incident.id,
    after: { id, runbookId, stepId: step.id, outcome, note },
  });
}

function saidOf(outcome: StepOutcome): { kind: TimelineKind; words: string } {
  switch (outcome) {
    case "done":
      return { kind: "step_done", words: "Did step" };
    case "skipped":
      return { kind: "step_skipped", words: "Skipped step" };
    case "reopened":
      return { kind: "step_reopened", words: "Took back step" };
    case "in_range":
    case "out_of_range":
    case "cannot_say":
    case "shown":
      return { kind: "query_result", words: "Asked step" };
  }
}
