import { checkOffInput, incidentRunbooksOutput } from "#lib/api/runbook.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { findIncidentStep } from "./find-incident-step.ts";
import { readIncidentRunbooks } from "./list-incident-runbooks.ts";
import { recordStep } from "./record-step.ts";

/** A person says that a step is done or not needed, or takes that back. What two say at once is kept of both. */
export const checkOffStep = defineService({
  name: "checkOffStep",
  role: "editor",
  input: checkOffInput,
  output: incidentRunbooksOutput,
  writes: true,
  async run(ctx, { outcome, note, ...address }) {
    const found = await findIncidentStep(ctx, address);
    if (outcome !== "done" && note === "")
      throw new AppError(
        "invalid_request",
        "A reason is due to leave out a step or take it back.",
        {
          details: [{ path: "note", message: "expected a reason" }],
        },
      );
    if (outcome === "done" && found.step.kind === "query")
      throw new AppError("invalid_request", "A query step is asked, or skipped with a reason.", {
        details: [{ path: "outcome", message: "expected skipped or reopened for a query step" }],
      });
    await recordStep(ctx, found, { runbookId: address.runbookId, outcome, note, result: null });
    return readIncidentRunbooks(ctx, found.incident);
  },
});
