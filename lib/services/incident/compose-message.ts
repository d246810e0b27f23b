import type { AlertRow } from "#db/postgres/queries/alert.ts";
import type { IncidentRow } from "#db/postgres/queries/incident.ts";
import { findIncidentNames, listAlertsOfIncident } from "#db/postgres/queries/incident.ts";
import { severities } from "#lib/domain/incident.ts";
import type { IncidentMessage, MessageAlert } from "#lib/domain/notification.ts";
import { answerOf, targetOf } from "#lib/rules/describe-incident.ts";
import type { Alerting } from "./alerting.ts";

const alertsMax = 20;

/** What an incident says as it stands; kind, note and sequence are each message's own. */
export async function composeMessage(
  alerting: Alerting,
  row: IncidentRow,
  alerts: readonly AlertRow[],
): Promise<Omit<IncidentMessage, "kind" | "note" | "sequence">> {
  const names = await findIncidentNames(alerting, row);
  const explained = await listAlertsOfIncident(alerting, row.id, "explained");
  const ordered = mostImportantFirst(alerts);
  const versions = [...new Set(alerts.flatMap(({ version }) => (version === "" ? [] : [version])))];
  const { publicUrl } = alerting;
  return {
    workspaceName: names.workspaceName,
    incidentId: row.id,
    incidentNumber: row.number,
    groupKey: row.groupKey,
    title: row.title,
    state: row.state,
    severity: row.severity,
    causeClass: row.causeClass,
    model:
      row.modelName === null
        ? null
        : { name: row.modelName, environment: row.environment, version: versions.join(", ") },
    answer: answerOf(row, ordered),
    impactStartedAt: toIso(row.impactStartedAt),
    detectedAt: row.detectedAt.toISOString(),
    acknowledgedAt: row.acknowledgedBy === null ? null : toIso(row.acknowledgedAt),
    acknowledgedBy: row.acknowledgedBy,
    mitigatedAt: toIso(row.mitigatedAt),
    resolvedAt: toIso(row.resolvedAt),
    ownerName: names.ownerName,
    alerts: ordered.slice(0, alertsMax).map(toMessageAlert),
    firingCount: alerts.filter(({ state }) => state === "firing").length,
    resolvedCount: alerts.filter(({ state }) => state === "resolved").length,
    explainedCount: explained.length,
    runbookUrl: row.runbookUrl,
    incidentUrl:
      publicUrl === null
        ? null
        : `${publicUrl}/w/${encodeURIComponent(names.workspaceSlug)}/incidents/${row.number}`,
  };
}

/** Those that fire before those that are over, the worst first, and of the same the oldest. */
export function mostImportantFirst(alerts: readonly AlertRow[]): AlertRow[] {
  const rank = ({ state, severity }: AlertRow) =>
    (state === "firing" ? 0 : severities.length) + severities.indexOf(severity);
  return [...alerts].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      a.beganAt.getTime() - b.beganAt.getTime() ||
      a.column.localeCompare(b.column) ||
      a.id.localeCompare(b.id),
  );
}

function toMessageAlert(alert: AlertRow): MessageAlert {
  return {
    alertId: alert.id,
    monitorName: alert.monitorName,
    target: targetOf(alert),
    state: alert.state,
    sentence: alert.sentence,
    startedAt: alert.beganAt.toISOString(),
    endedAt: toIso(alert.endedAt),
  };
}

const toIso = (at: Date | null): string | null => at?.toISOString() ?? null;
