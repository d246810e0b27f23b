import { findAlertRow } from "#db/postgres/queries/alert.ts";
import { findEvidence, findIncidentOfAlert } from "#db/postgres/queries/incident.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { FrozenEvidence } from "#lib/domain/evidence.ts";
import { getIncidentRow } from "./get-incident.ts";

/** What was frozen of an alert of an incident, and under which hash. */
export async function readEvidence(
  scope: PostgresScope,
  { incident, alertId }: { incident: number; alertId: string },
): Promise<{ hash: string; evidence: FrozenEvidence }> {
  const { id } = await getIncidentRow(scope, incident);
  const [alert, found] = await Promise.all([
    findAlertRow(scope, alertId),
    findIncidentOfAlert(scope, alertId),
  ]);
  if (alert === null || found?.incidentId !== id)
    throw new AppError("not_found", `Incident ${incident} has no such alert.`);
  const hash = alert.evidenceHash;
  const evidence = hash === null ? null : await findEvidence(scope, hash);
  if (hash === null || evidence === null)
    throw new AppError("not_found", "No evidence was kept of this alert; the timeline says why.");
  return { hash, evidence };
}
