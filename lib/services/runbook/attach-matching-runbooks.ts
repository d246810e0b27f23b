import { randomUUID } from "node:crypto";
import type { AlertRow } from "#db/postgres/queries/alert.ts";
import type { IncidentRow } from "#db/postgres/queries/incident.ts";
import { insertIncidentRunbook } from "#db/postgres/queries/incident-runbook.ts";
import { findModelTier } from "#db/postgres/queries/model.ts";
import { listMonitorStatistics } from "#db/postgres/queries/monitor.ts";
import { listEnabledRunbooks } from "#db/postgres/queries/runbook.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import { runbookLimits } from "#lib/domain/runbook.ts";
import type { IncidentTraits } from "#lib/rules/match-runbook.ts";
import { matchRunbook } from "#lib/rules/match-runbook.ts";
import { workerActor } from "../incident/alerting.ts";
import { recordOnTimeline } from "../incident/record-on-timeline.ts";

/** Gives an incident that opens the runbooks that fit it, as they are at this moment, the one that asks for most first. It goes by
 *  what the incident opened with: what fires later changes nothing under the hands of who works by them. */
export async function attachMatchingRunbooks(
  scope: PostgresScope & { now: Date },
  incident: IncidentRow,
  alerts: readonly AlertRow[],
): Promise<void> {
  const traits = await traitsOf(scope, incident, alerts);
  const fitting = (await listEnabledRunbooks(scope))
    .flatMap((runbook) => {
      const match = matchRunbook(runbook.attachRule, traits);
      return match === null ? [] : [{ runbook, ...match }];
    })
    .toSorted((a, b) => b.weight - a.weight)
    .slice(0, runbookLimits.attachedMax);
  for (const [place, { runbook, reason }] of fitting.entries()) {
    await insertIncidentRunbook(scope.pg, {
      workspaceId: scope.workspaceId,
      incidentId: incident.id,
      runbookId: runbook.id,
      version: runbook.version,
      place,
      reason,
      attachedBy: workerActor,
      attachedAt: scope.now,
    });
    await recordOnTimeline(scope, {
      id: randomUUID(),
      incidentId: incident.id,
      kind: "runbook_attached",
      text: `Runbook "${runbook.title}", version ${runbook.version}, fits: ${reason}`,
      actor: workerActor,
      detail: { kind: "link", path: `runbooks/${runbook.id}`, label: runbook.title },
    });
  }
}

async function traitsOf(
  scope: PostgresScope,
  incident: IncidentRow,
  alerts: readonly AlertRow[],
): Promise<IncidentTraits> {
  const { modelId, modelName, causeClass, severity, environment, segmentKey } = incident;
  return {
    causeClass,
    severity,
    environment,
    model: modelName,
    monitorKinds: [...new Set(alerts.map(({ monitorKind }) => monitorKind))],
    subjects: [...new Set(alerts.map(({ subject }) => subject))],
    statistics: await listMonitorStatistics(scope, [
      ...new Set(alerts.map(({ monitorId }) => monitorId)),
    ]),
    tier: modelId === null ? null : await findModelTier(scope, modelId),
    hasSegment: segmentKey !== "",
  };
}
