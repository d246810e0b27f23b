import type { AlertRow } from "#db/postgres/queries/alert.ts";
import type { IncidentRow } from "#db/postgres/queries/incident.ts";
import { listAlertsOfIncident } from "#db/postgres/queries/incident.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import { severityNames } from "#lib/domain/incident.ts";
import type { SeriesSubject } from "#lib/domain/monitor.ts";
import type { IncidentParameters } from "#lib/domain/runbook.ts";
import { mostImportantFirst } from "../incident/compose-message.ts";

/** What of an incident a step is asked with. */
export interface IncidentFacts {
  incident: IncidentRow;
  /** Of the alert that matters most; empty strings where nobody narrowed it. */
  version: string;
  subject: SeriesSubject | null;
  feature: string | null;
  segment: { key: string; value: string } | null;
  /** When the alert that matters most was last found. */
  evidence: { from: Date; until: Date } | null;
}

export async function readIncidentFacts(
  scope: PostgresScope,
  incident: IncidentRow,
): Promise<IncidentFacts> {
  const alerts = mostImportantFirst(await listAlertsOfIncident(scope, incident.id, "own"));
  return factsOf(incident, alerts);
}

function factsOf(incident: IncidentRow, alerts: readonly AlertRow[]): IncidentFacts {
  const [lead] = alerts;
  const featureAlert = alerts.find(({ subject, column }) => subject === "feature" && column !== "");
  const { segmentKey, segmentValue } = incident;
  return {
    incident,
    version: lead?.version ?? "",
    subject: lead?.subject ?? null,
    feature: featureAlert?.column ?? null,
    segment: segmentKey === "" ? null : { key: segmentKey, value: segmentValue },
    evidence: lead === undefined ? null : { from: lead.windowFrom, until: lead.windowUntil },
  };
}

export function toParameters({
  incident,
  version,
  feature,
  segment,
}: IncidentFacts): IncidentParameters {
  return {
    "incident.number": String(incident.number),
    "incident.title": incident.title,
    "incident.model": incident.modelName,
    "incident.environment": incident.environment,
    "incident.version": version === "" ? null : version,
    "incident.feature": feature,
    "incident.segment": segment === null ? null : `${segment.key} = ${segment.value}`,
    "incident.severity": severityNames[incident.severity],
    "incident.impact_started": incident.impactStartedAt?.toISOString() ?? null,
  };
}
