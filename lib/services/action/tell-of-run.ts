import { randomUUID } from "node:crypto";
import type { ActionRunRow } from "#db/postgres/queries/action-run.ts";
import { findIncidentRow } from "#db/postgres/queries/incident.ts";
import type { ActionRunState } from "#lib/domain/action.ts";
import { isOpenIncident } from "#lib/domain/incident.ts";
import { runStateNames } from "#lib/rules/step-action-run.ts";
import { alertingOf } from "../incident/alerting.ts";
import { openLocked } from "../incident/change-incident.ts";
import type { RunScope } from "./change-run.ts";

/** Where a person is needed next, or hoped for what did not come. */
const told: readonly ActionRunState[] = [
  "waiting_for_approval",
  "outcome_unknown",
  "failed",
  "not_verified",
];

/** Tells whoever hears of the incident that a run of it needs them; what people did themselves is in the timeline alone. */
export async function tellOfRun(
  { pg, workspaceId, now, publicUrl }: RunScope,
  run: Pick<ActionRunRow, "incidentId" | "actionName" | "mode">,
  { state, sentence }: { state: ActionRunState; sentence: string },
): Promise<void> {
  const { incidentId } = run;
  if (incidentId === null || run.mode !== "real" || !told.includes(state)) return;
  const incident = await findIncidentRow({ pg, workspaceId }, { id: incidentId });
  if (incident === null || !isOpenIncident(incident.state)) return;
  const alerting = alertingOf(pg, { workspaceId, now, newId: randomUUID, publicUrl });
  const { desk, file } = await openLocked(alerting, incidentId);
  const note = `${run.actionName}: ${runStateNames[state].toLowerCase()}. ${sentence}`;
  file.tells.push({ kind: "updated", note, isWritten: true });
  await desk.close();
}
