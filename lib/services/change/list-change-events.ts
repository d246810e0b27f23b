import { listIncidentsBetween } from "#db/postgres/queries/change.ts";
import { changeListInput, changeListOutput } from "#lib/api/change.ts";
import { changeLimits } from "#lib/domain/change.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { listChanges } from "./list-changes.ts";

/** What was changed and what broke in a stretch of time: the marks of a time axis. */
export const listChangeEvents = defineService({
  name: "listChangeEvents",
  role: "viewer",
  input: changeListInput,
  output: changeListOutput,
  writes: false,
  async run(ctx, { model, environment, ...range }) {
    const [from, until] = [new Date(range.from), new Date(range.until)];
    if (until <= from)
      throw new AppError("invalid_request", "until must be after from.", {
        details: [{ path: "until", message: "expected a moment after from" }],
      });
    const window = { modelName: model, environment, from, until };
    const changes = await listChanges(ctx, window);
    const incidents = await listIncidentsBetween(ctx, window);
    return {
      changes: changes.map((change) => ({
        ...change,
        occurredAt: change.occurredAt.toISOString(),
      })),
      incidents: incidents.map((each) => ({ ...each, detectedAt: each.detectedAt.toISOString() })),
      isCut: changes.length >= changeLimits.listedMax,
    };
  },
});
