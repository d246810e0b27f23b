import { listAlertsByIds } from "#db/postgres/queries/alert.ts";
import { findIncidentOfAlert } from "#db/postgres/queries/incident.ts";
import type { Alerting } from "../incident/alerting.ts";
import { labelsOf } from "../silence/find-silencings.ts";
import { noteHidden } from "../silence/note-hidden.ts";

/** Writes down which of the alerts that fire in this evaluation a silence keeps from being told. */
export async function noteSilenced(
  alerting: Alerting,
  modelName: string | null,
  alertIds: readonly string[],
): Promise<void> {
  const { pg, workspaceId, now, seams } = alerting;
  const rows = await listAlertsByIds(alerting, alertIds);
  const alerts = rows.map((row) => ({ ...row, modelName }));
  const silencings = await seams.findSilencings(alerting, alerts, now);
  for (const alert of alerts) {
    const silencing = silencings.get(alert.id);
    if (silencing === undefined) continue;
    const incidentId = (await findIncidentOfAlert(alerting, alert.id))?.incidentId ?? null;
    const { silenceId } = silencing;
    const labels = labelsOf(alert);
    await noteHidden(pg, { workspaceId, silenceId, alertId: alert.id, incidentId, labels, now });
  }
}
