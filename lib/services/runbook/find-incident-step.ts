import type { IncidentRow } from "#db/postgres/queries/incident.ts";
import { listIncidentRunbooks } from "#db/postgres/queries/incident-runbook.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { RunbookStep } from "#lib/domain/runbook.ts";
import { parseRunbook } from "#lib/rules/parse-runbook.ts";
import { getIncidentRow } from "../incident/get-incident.ts";

export interface IncidentStep {
  incident: IncidentRow;
  runbookTitle: string;
  step: RunbookStep;
}

/** A step of the version that an incident was given. */
export async function findIncidentStep(
  scope: PostgresScope,
  address: { incident: number; runbookId: string; stepId: string },
): Promise<IncidentStep> {
  const incident = await getIncidentRow(scope, address.incident);
  const attached = await listIncidentRunbooks(scope, incident.id);
  const runbook = attached.find(({ runbookId }) => runbookId === address.runbookId);
  if (runbook === undefined)
    throw new AppError("not_found", `This runbook is not attached to incident ${incident.number}.`);
  const step = parseRunbook(runbook.body).steps.find(({ id }) => id === address.stepId);
  if (step === undefined)
    throw new AppError("not_found", `This runbook has no step "${address.stepId}".`);
  return { incident, runbookTitle: runbook.title, step };
}
