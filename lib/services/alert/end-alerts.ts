import type { Postgres } from "#db/postgres/client.ts";
import { listFiringAlertsOfMonitor } from "#db/postgres/queries/alert.ts";
import { lockWriter } from "#db/postgres/queries/incident.ts";
import type { AlertingOptions } from "../incident/alerting.ts";
import { alertingOf, writerOf } from "../incident/alerting.ts";
import { IncidentDesk } from "../incident/incident-desk.ts";
import { clearAlert } from "./clear-alert.ts";

/** Ends what a monitor has firing, since nobody asks its question any more: it was switched off or deleted. Answers how many ended. */
export async function endAlerts(
  tx: Postgres,
  options: AlertingOptions & { monitorId: string; reason: string },
): Promise<number> {
  const { workspaceId, monitorId, reason } = options;
  const alerting = alertingOf(tx, options);
  await lockWriter(tx, `alerts ${workspaceId} ${monitorId}`);
  const firing = await listFiringAlertsOfMonitor(alerting, monitorId);
  const modelIds = [...new Set(firing.map(({ modelId }) => modelId))].sort();
  for (const modelId of modelIds) await lockWriter(tx, writerOf(workspaceId, modelId));
  const desk = new IncidentDesk(alerting);
  for (const { id } of firing) await clearAlert(desk, id, { endReason: reason, sentence: null });
  await desk.close();
  return firing.length;
}
