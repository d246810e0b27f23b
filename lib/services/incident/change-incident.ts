import type { Postgres } from "#db/postgres/client.ts";
import { findIncidentRow, lockWriter } from "#db/postgres/queries/incident.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { IncidentAction, IncidentActor, IncidentState } from "#lib/domain/incident.ts";
import type { IncidentEvent } from "#lib/rules/step-incident.ts";
import { releaseExplained } from "../alert/clear-alert.ts";
import type { Alerting, AlertingOptions } from "./alerting.ts";
import { alertingOf, writerOf } from "./alerting.ts";
import type { OpenFile } from "./incident-desk.ts";
import { IncidentDesk } from "./incident-desk.ts";

export interface ChangeOptions extends AlertingOptions {
  incidentId: string;
  action: IncidentAction;
  actor: IncidentActor;
  reason?: string | undefined;
  /** Where it was done: it is not told what it has just said. */
  exceptDestinationId?: string | undefined;
}

export interface IncidentChange {
  state: IncidentState;
  /** False: it was so already. */
  isChanged: boolean;
}

/** What anybody may do to an incident, from inside or outside, in the caller's transaction. Throws `not_found` and, where its state
 *  does not allow it, `conflict`. */
export function changeIncident(tx: Postgres, options: ChangeOptions): Promise<IncidentChange> {
  const { actor, reason = null } = options;
  return applyEvent(alertingOf(tx, options), options, eventOf(options.action, actor.name, reason));
}

function eventOf(action: IncidentAction, by: string, reason: string | null): IncidentEvent {
  switch (action) {
    case "acknowledge":
      return { kind: "acknowledge", by };
    case "unacknowledge":
    case "mitigate":
      return { kind: action, by, reason };
    case "resolve":
      return { kind: "resolve", by, reason: reason ?? "no reason was given" };
  }
}

/** One event of one incident, from the lock to the messages. */
export async function applyEvent(
  alerting: Alerting,
  {
    incidentId,
    actor,
    exceptDestinationId,
  }: { incidentId: string; actor: IncidentActor; exceptDestinationId?: string | undefined },
  event: IncidentEvent,
): Promise<IncidentChange> {
  const { desk, file } = await openLocked(alerting, incidentId);
  file.exceptDestinationId = exceptDestinationId;
  const step = await desk.step(file, event, actor);
  if (step.kind === "refused")
    throw new AppError(step.field === undefined ? "conflict" : "invalid_request", step.message, {
      details: step.field === undefined ? [] : [{ path: step.field, message: step.message }],
    });
  if (step.kind === "changed") {
    for (const alertId of step.endedAlertIds) await releaseExplained(desk, alertId);
    await desk.close();
  }
  return { state: file.facts.state, isChanged: step.kind === "changed" };
}

/** The incident as it stands while nobody else writes to those of its model. */
export async function openLocked(
  alerting: Alerting,
  incidentId: string,
): Promise<{ desk: IncidentDesk; file: OpenFile }> {
  const row = await findIncidentRow(alerting, { id: incidentId });
  if (row === null) throw new AppError("not_found", "There is no such incident.");
  await lockWriter(alerting.pg, writerOf(alerting.workspaceId, row.modelId));
  const desk = new IncidentDesk(alerting);
  const file = await desk.open(incidentId);
  if (file === null) throw new AppError("not_found", "There is no such incident.");
  return { desk, file };
}
