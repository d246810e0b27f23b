import type { Postgres } from "#db/postgres/client.ts";
import {
  attachAlerts,
  detachAlerts,
  findIncidentRow,
  listAlertsOfIncident,
  lockWriter,
} from "#db/postgres/queries/incident.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { IncidentActor } from "#lib/domain/incident.ts";
import type { AlertingOptions } from "./alerting.ts";
import { alertingOf, writerOf } from "./alerting.ts";
import { IncidentDesk, toIncidentAlert } from "./incident-desk.ts";
import { signIncident } from "./sign-incident.ts";

export interface MergeOptions extends AlertingOptions {
  incidentId: string;
  intoId: string;
  actor: IncidentActor;
}

/** One incident takes in another: what fires there goes on firing here, and the other one says where it went. */
export async function mergeIncidents(tx: Postgres, options: MergeOptions): Promise<void> {
  const { workspaceId, incidentId, intoId, actor } = options;
  const alerting = alertingOf(tx, options);
  if (incidentId === intoId)
    throw new AppError("invalid_request", "An incident can't be merged into itself.");
  const rows = [
    await findIncidentRow(alerting, { id: incidentId }),
    await findIncidentRow(alerting, { id: intoId }),
  ];
  const writers = rows.map((row) => writerOf(workspaceId, row?.modelId ?? null));
  for (const name of [...new Set(writers)].sort()) await lockWriter(tx, name);
  const desk = new IncidentDesk(alerting);
  const file = await desk.open(incidentId);
  const into = await desk.open(intoId);
  if (file === null || into === null) throw new AppError("not_found", "There is no such incident.");
  const moved = file.alerts.filter(({ state }) => state === "firing");
  const explained = await listAlertsOfIncident(alerting, incidentId, "explained");
  const alerts = moved.map(toIncidentAlert);
  const by = actor.name;
  const taken = await desk.step(
    into,
    { kind: "absorb", by, fromNumber: file.row.number, alerts },
    actor,
  );
  const left = await desk.step(
    file,
    { kind: "merge", by, intoId, intoNumber: into.row.number },
    actor,
  );
  for (const step of [taken, left])
    if (step.kind === "refused") throw new AppError("conflict", step.message);
  into.alerts.push(...moved);
  file.alerts = file.alerts.filter(({ state }) => state !== "firing");
  const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id);
  await detachAlerts(alerting, incidentId, ids([...moved, ...explained]), alerting.now);
  await attachAlerts(alerting, intoId, "own", ids(moved), alerting.now);
  await attachAlerts(alerting, intoId, "explained", ids(explained), alerting.now);
  const touched = desk.rows();
  await desk.close();
  for (const row of touched) await signIncident(alerting, row);
}
