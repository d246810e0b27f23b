import { z } from "zod";
import { incidentRunbooksInput, incidentRunbooksOutput } from "#lib/api/runbook.ts";
import { queryResultSchema } from "#lib/domain/runbook.ts";
import { defineService } from "../define-service.ts";
import { findIncidentStep } from "./find-incident-step.ts";
import { readIncidentRunbooks } from "./list-incident-runbooks.ts";
import { recordStep } from "./record-step.ts";

const keepResultInput = incidentRunbooksInput.extend({
  runbookId: z.uuid(),
  stepId: z.string(),
  result: queryResultSchema,
});

/** Keeps what a query step found. There is no door to it but the step: nobody sends a result of their own. */
export const keepResult = defineService({
  name: "keepResult",
  role: "editor",
  input: keepResultInput,
  output: incidentRunbooksOutput,
  writes: true,
  async run(ctx, { result, ...address }) {
    const found = await findIncidentStep(ctx, address);
    await recordStep(ctx, found, {
      runbookId: address.runbookId,
      outcome: result.outcome,
      note: "",
      result,
    });
    return readIncidentRunbooks(ctx, found.incident);
  },
});
