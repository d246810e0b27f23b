import { findAlertRow } from "#db/postgres/queries/alert.ts";
import { findEvidence, findIncidentOfAlert } from "#db/postgres/queries/incident.ts";
import { evidenceInput, evidenceOutput } from "#lib/api/incident.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { getIncidentRow } from "./get-incident.ts";

/** Why an alert began to fire, as it stood then. */
export const getEvidence = defineService({
  name: "getEvidence",
  role: "viewer",
  input: evidenceInput,
  output: evidenceOutput,
  writes: false,
  async run(ctx, { incident, alertId }) {
    const { id } = await getIncidentRow(ctx, incident);
    const [alert, found] = await Promise.all([
      findAlertRow(ctx, alertId),
      findIncidentOfAlert(ctx, alertId),
    ]);
    if (alert === null || found?.incidentId !== id)
      throw new AppError("not_found", `Incident ${incident} has no such alert.`);
    const hash = alert.evidenceHash;
    const evidence = hash === null ? null : await findEvidence(ctx, hash);
    if (hash === null || evidence === null)
      throw new AppError("not_found", "No evidence was kept of this alert; the timeline says why.");
    return { hash, evidence };
  },
});
