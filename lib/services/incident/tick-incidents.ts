import type { Postgres, PostgresPool } from "#db/postgres/client.ts";
import type { AlertRow } from "#db/postgres/queries/alert.ts";
import { findAlertRow, listOutlivingAlerts, updateAlert } from "#db/postgres/queries/alert.ts";
import {
  detachAlerts,
  findIncidentOfAlert,
  findModelForAlerting,
  listDueIncidents,
  lockWriter,
} from "#db/postgres/queries/incident.ts";
import { findMonitorForAlerting } from "#db/postgres/queries/monitor.ts";
import { targetOf } from "#lib/rules/describe-incident.ts";
import { giveToIncident } from "../alert/raise-alert.ts";
import type { AlertingOptions } from "./alerting.ts";
import { alertingOf, writerOf } from "./alerting.ts";
import { openLocked } from "./change-incident.ts";
import { IncidentDesk } from "./incident-desk.ts";

export interface TickOptions extends Omit<AlertingOptions, "workspaceId"> {
  /** This one alone; without it all of them. */
  workspaceId?: string | undefined;
  signal?: AbortSignal | undefined;
  /** One that fails leaves the others alone. */
  onError(error: unknown, what: { incidentId?: string; alertId?: string }): void;
}

/** What time alone brings: group waits that are over, acknowledgements that ran out, reminders, silences that ended, and alerts that
 *  outlived what explained them. Each in a transaction of its own. Answers how many there were. */
export async function tickIncidents(postgres: PostgresPool, options: TickOptions): Promise<number> {
  const { signal, onError } = options;
  const outliving = await listOutlivingAlerts(postgres.db, options);
  for (const alert of outliving) {
    if (signal?.aborted === true) return 0;
    try {
      await postgres.transaction((tx) =>
        releaseAlert(tx, { ...options, workspaceId: alert.workspaceId }, alert),
      );
    } catch (error) {
      onError(error, { alertId: alert.id });
    }
  }
  const due = await listDueIncidents(postgres.db, options);
  for (const { id, workspaceId } of due) {
    if (signal?.aborted === true) return 0;
    try {
      await postgres.transaction((tx) => tickIncident(tx, { ...options, workspaceId }, id));
    } catch (error) {
      onError(error, { incidentId: id });
    }
  }
  return outliving.length + due.length;
}

async function tickIncident(
  tx: Postgres,
  options: AlertingOptions,
  incidentId: string,
): Promise<void> {
  const { desk, file } = await openLocked(alertingOf(tx, options), incidentId);
  // Another worker was first.
  if (file.row.tickAt === null || file.row.tickAt > options.now) return;
  await desk.step(file, { kind: "tick" });
  await desk.close();
}

/** It fires on though its cause is over: from now on it counts on its own. */
async function releaseAlert(
  tx: Postgres,
  options: AlertingOptions,
  { id, modelId, monitorId }: AlertRow,
): Promise<void> {
  const alerting = alertingOf(tx, options);
  await lockWriter(tx, writerOf(options.workspaceId, modelId));
  const alert = await findAlertRow(alerting, id);
  if (alert === null || alert.state !== "firing" || alert.explainedUntil === null) return;
  const desk = new IncidentDesk(alerting);
  const found = await findIncidentOfAlert(alerting, id);
  const file = found === null ? null : await desk.open(found.incidentId);
  if (file !== null) {
    await detachAlerts(alerting, file.row.id, [id], alerting.now);
    const text = `${targetOf(alert)} outlived what explained it: it counts on its own now`;
    desk.note(file, { kind: "alert_released", text, occurredAt: alerting.now });
  }
  await updateAlert(alerting, id, { explainedBy: null, explainedUntil: null });
  const monitor = await findMonitorForAlerting(tx, options.workspaceId, monitorId);
  const model = await findModelForAlerting(alerting, modelId);
  await giveToIncident(
    desk,
    { ...alert, explainedBy: null, explainedUntil: null },
    {
      modelName: model?.name ?? null,
      ownerUserId: monitor?.ownerUserId ?? null,
      ownerTeamId: monitor?.ownerTeamId ?? model?.teamId ?? null,
      runbookUrl: monitor?.runbookUrl ?? null,
    },
    null,
  );
  await desk.close();
}
