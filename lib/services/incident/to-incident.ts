import type { z } from "zod";
import type { AnswerRow, IncidentDigest, IncidentRow } from "#db/postgres/queries/incident.ts";
import type { incidentSummarySchema } from "#lib/api/incident.ts";
import { answerOf } from "#lib/rules/describe-incident.ts";

export function toSummary(
  row: IncidentRow,
  digest: Omit<IncidentDigest, "incidentId" | "alerts"> & { alerts: readonly AnswerRow[] },
  ownerNames: ReadonlyMap<string, string>,
): z.input<typeof incidentSummarySchema> {
  const { alerts, ...counts } = digest;
  return {
    id: row.id,
    number: row.number,
    title: row.title,
    answer: row.endsByHand && alerts.length === 0 ? row.title : answerOf(row, alerts),
    state: row.state,
    severity: row.severity,
    severityReason: row.severityReason,
    causeClass: row.causeClass,
    mode: row.mode,
    endsByHand: row.endsByHand,
    model: row.modelName,
    environment: row.environment,
    segment: row.segmentKey === "" ? null : { key: row.segmentKey, value: row.segmentValue },
    owner: ownerOf(row, ownerNames),
    acknowledgedBy: row.acknowledgedBy,
    impactStartedAt: toIso(row.impactStartedAt),
    detectedAt: row.detectedAt.toISOString(),
    acknowledgedAt: toIso(row.acknowledgedAt),
    mitigatedAt: toIso(row.mitigatedAt),
    resolvedAt: toIso(row.resolvedAt),
    closedAt: toIso(row.closedAt),
    ...counts,
    isHeld: row.isHeld,
  };
}

/** Of somebody who has left the workspace nothing is told. */
function ownerOf({ ownerUserId, ownerTeamId }: IncidentRow, names: ReadonlyMap<string, string>) {
  const named = (kind: "user" | "team", id: string | null) => {
    const name = id === null ? undefined : names.get(id);
    return id === null || name === undefined ? null : { kind, id, name };
  };
  return named("user", ownerUserId) ?? named("team", ownerTeamId);
}

export const emptyDigest = { firingCount: 0, alertCount: 0, explainedCount: 0, alerts: [] };

export const toIso = (at: Date | null): string | null => at?.toISOString() ?? null;
