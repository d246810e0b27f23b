import { endAlertRows, listExplainedBy, updateAlert } from "#db/postgres/queries/alert.ts";
import { findIncidentOfAlert } from "#db/postgres/queries/incident.ts";
import { targetOf } from "#lib/rules/describe-incident.ts";
import { graceMsOf } from "#lib/rules/inhibition.ts";
import type { IncidentDesk } from "../incident/incident-desk.ts";
import { toCausalAlert } from "./to-causal-alert.ts";

/** An alert is over: its incident hears of it, and what it explained counts on its own from then on, after a time of grace. */
export async function clearAlert(
  desk: IncidentDesk,
  alertId: string,
  { endReason, sentence }: { endReason: string; sentence: string | null },
): Promise<void> {
  const { alerting } = desk;
  // Read before the alert ends: what it was decides what its end means.
  const found = await findIncidentOfAlert(alerting, alertId);
  const file = found?.role === "own" ? await desk.open(found.incidentId) : null;
  const [alert] = await endAlertRows(alerting, [alertId], { endedAt: alerting.now, endReason });
  if (alert === undefined) return;
  await releaseExplained(desk, alertId);
  if (file === null) return;
  file.alerts = file.alerts.map((row) => (row.id === alertId ? alert : row));
  const target = targetOf(alert);
  await desk.step(
    file,
    sentence === null
      ? { kind: "alert_ended", alertId, reason: `${target}: ${endReason}` }
      : { kind: "alert_cleared", alertId, sentence: `${target}: ${sentence}` },
  );
}

export async function releaseExplained(desk: IncidentDesk, causeId: string): Promise<void> {
  const { alerting } = desk;
  for (const row of await listExplainedBy(alerting, causeId)) {
    if (row.explainedUntil !== null) continue;
    const untilMs = alerting.now.getTime() + graceMsOf(toCausalAlert(row));
    await updateAlert(alerting, row.id, { explainedUntil: new Date(untilMs) });
  }
}
