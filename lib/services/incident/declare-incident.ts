import type { Postgres } from "#db/postgres/client.ts";
import { findModelForAlerting, lockWriter } from "#db/postgres/queries/incident.ts";
import { findTeamRow } from "#db/postgres/queries/team.ts";
import type { IncidentActor, IncidentMode, Severity } from "#lib/domain/incident.ts";
import type { CauseClass } from "#lib/domain/monitor.ts";
import { declaredWith } from "#lib/rules/step-incident.ts";
import type { AlertingOptions } from "./alerting.ts";
import { alertingOf, writerOf } from "./alerting.ts";
import { IncidentDesk } from "./incident-desk.ts";

export interface DeclareOptions extends AlertingOptions {
  actor: IncidentActor;
  title: string;
  reason: string;
  severity: Severity;
  causeClass: CauseClass;
  modelId: string | null;
  environment: string;
  mode: IncidentMode;
  impactStartedAt: Date | null;
  ownerUserId: string | null;
  destinationIds: readonly string[];
}

/** Opens an incident that no alert found. It is nobody else's: alerts never join it by themselves, and only a person ends it. */
export async function declareIncident(
  tx: Postgres,
  options: DeclareOptions,
): Promise<{ id: string; number: number }> {
  const { actor, reason, severity, modelId, impactStartedAt, ownerUserId } = options;
  const alerting = alertingOf(tx, options);
  await lockWriter(tx, writerOf(options.workspaceId, modelId));
  const model = modelId === null ? null : await findModelForAlerting(alerting, modelId);
  const teamId = model?.teamId ?? null;
  const team = teamId === null ? null : await findTeamRow(alerting, teamId);
  const facts = declaredWith({ severity, reason, impactStartedAt }, alerting.now);
  const desk = new IncidentDesk(alerting);
  const text = `${actor.name} declared it: ${reason}`;
  const { row } = await desk.create(
    facts,
    {
      groupKey: `declared ${alerting.newId()}`,
      mode: options.mode,
      title: options.title,
      causeClass: options.causeClass,
      modelId,
      modelName: model?.name ?? null,
      environment: options.environment,
      segmentKey: "",
      segmentValue: "",
      ownerUserId,
      ownerTeamId: model?.teamId ?? null,
      destinationIds: [...options.destinationIds, ...(team?.destinationIds ?? [])],
      runbookUrl: null,
      impactEarliest: null,
      impactLatest: null,
      followsId: null,
    },
    [],
    [{ kind: "declared", text, occurredAt: alerting.now, actor }],
  );
  await desk.close();
  return { id: row.id, number: row.number };
}
