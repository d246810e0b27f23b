import type { z } from "zod";
import type { IncidentRow } from "#db/postgres/queries/incident.ts";
import {
  listIncidentRunbooks as listRows,
  listRunbookRecords,
} from "#db/postgres/queries/incident-runbook.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import { incidentRunbooksInput, incidentRunbooksOutput } from "#lib/api/runbook.ts";
import { parseRunbook } from "#lib/rules/parse-runbook.ts";
import { walkRunbook } from "#lib/rules/walk-runbook.ts";
import { defineService } from "../define-service.ts";
import { getIncidentRow } from "../incident/get-incident.ts";
import { readIncidentFacts, toParameters } from "./read-incident-facts.ts";

/** What an incident is worked on by, and how far it is. */
export const listIncidentRunbooks = defineService({
  name: "listIncidentRunbooks",
  role: "viewer",
  input: incidentRunbooksInput,
  output: incidentRunbooksOutput,
  writes: false,
  async run(ctx, { incident }) {
    return readIncidentRunbooks(ctx, await getIncidentRow(ctx, incident));
  },
});

export async function readIncidentRunbooks(
  scope: PostgresScope,
  incident: IncidentRow,
): Promise<z.input<typeof incidentRunbooksOutput>> {
  const rows = await listRows(scope, incident.id);
  const records = rows.length === 0 ? [] : await listRunbookRecords(scope, incident.id);
  return {
    runbooks: rows.map(({ attachedBy, attachedAt, ...row }) => {
      const own = records.filter(({ runbookId }) => runbookId === row.runbookId);
      const { steps } = parseRunbook(row.body);
      const { states, nextId } = walkRunbook(steps, own);
      return {
        ...row,
        attachedBy: attachedBy.name,
        attachedAt: attachedAt.toISOString(),
        steps: steps.map(({ id, number, kind, title }) => ({
          id,
          number,
          kind,
          title,
          state: states.get(id) ?? "todo",
        })),
        nextStepId: nextId,
        records: own.map(({ id, stepId, outcome, note, result, actor, recordedAt }) => ({
          id,
          stepId,
          outcome,
          note,
          result,
          by: actor.name,
          at: recordedAt.toISOString(),
        })),
      };
    }),
    parameters: toParameters(await readIncidentFacts(scope, incident)),
  };
}
