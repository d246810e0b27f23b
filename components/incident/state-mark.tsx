import { incidentStateNames } from "#lib/charts/name-incident.ts";
import { healthOf } from "#lib/charts/prepare-incident-answer.ts";
import type { IncidentState, Severity } from "#lib/domain/incident.ts";
import { StatusMark } from "../ui/status-mark.tsx";

/** The state in words, with the shape of how the model is. */
export function StateMark({ state, severity }: { state: IncidentState; severity: Severity }) {
  // Where it went says how it is.
  if (state === "merged") return <span className="text-ink-2">{incidentStateNames[state]}</span>;
  return <StatusMark status={healthOf({ state, severity })} text={incidentStateNames[state]} />;
}
