import type { Postgres } from "#db/postgres/client.ts";
import type { AlertRow } from "#db/postgres/queries/alert.ts";
import { attachAlerts, detachAlerts, listAlertsOfIncident } from "#db/postgres/queries/incident.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { IncidentActor } from "#lib/domain/incident.ts";
import { titleOf } from "#lib/rules/describe-incident.ts";
import { refuseSplit, splitFrom } from "#lib/rules/step-incident.ts";
import { splitSeriesOf } from "../alert/raise-alert.ts";
import type { AlertingOptions } from "./alerting.ts";
import { alertingOf } from "./alerting.ts";
import { openLocked } from "./change-incident.ts";
import { mostImportantFirst } from "./compose-message.ts";
import { toIncidentAlert } from "./incident-desk.ts";
import { signIncident } from "./sign-incident.ts";

export interface SplitOptions extends AlertingOptions {
  incidentId: string;
  alertIds: readonly string[];
  /** null: named by its most important alert. */
  title: string | null;
  actor: IncidentActor;
}

/** Takes some alerts out of an incident into one of their own, because they are another trouble. Its key is its own, so that what
 *  comes of the same kind later goes on joining the first; only the series that went along come back to it. */
export async function splitIncident(
  tx: Postgres,
  options: SplitOptions,
): Promise<{ id: string; number: number }> {
  const { incidentId, actor } = options;
  const alertIds = [...new Set(options.alertIds)];
  const alerting = alertingOf(tx, options);
  const { now } = alerting;
  const { desk, file } = await openLocked(alerting, incidentId);
  const refusal = refuseSplit(file.facts, alertIds);
  if (refusal !== null) throw new AppError("conflict", refusal);
  const leaving = mostImportantFirst(file.alerts.filter(({ id }) => alertIds.includes(id)));
  const [first] = leaving;
  if (first === undefined) throw new AppError("invalid_request", "No alert is named.");
  const explained = (await listAlertsOfIncident(alerting, incidentId, "explained")).filter(
    ({ explainedBy }) => explainedBy !== null && alertIds.includes(explainedBy),
  );
  const explainedIds = explained.map(({ id }) => id);
  await detachAlerts(alerting, incidentId, [...alertIds, ...explainedIds], now);
  const facts = splitFrom(
    file.facts,
    leaving.map(toIncidentAlert),
    {
      by: actor.name,
      firedAt: earliest(leaving, "firedAt"),
      impactStartedAt: earliest(leaving, "beganAt"),
    },
    { ...alerting.seams.settings, ackTimeoutMs: file.ackTimeoutMs },
    now,
  );
  const { row } = file;
  const made = await desk.create(
    facts,
    {
      groupKey: `split ${alerting.newId()}`,
      mode: row.mode,
      title: options.title ?? titleOf({ ...first, modelName: row.modelName }),
      causeClass: first.causeClass,
      modelId: row.modelId,
      modelName: row.modelName,
      environment: row.environment,
      segmentKey: first.segmentKey,
      segmentValue: first.segmentValue,
      ownerUserId: row.ownerUserId,
      ownerTeamId: row.ownerTeamId,
      destinationIds: row.destinationIds,
      runbookUrl: row.runbookUrl,
      impactEarliest: null,
      impactLatest: null,
      followsId: null,
      splitFromId: row.id,
      splitSeries: [...new Set(leaving.map(splitSeriesOf))],
      roles: row.roles,
    },
    leaving,
    [
      {
        kind: "split_off",
        text: `${actor.name} split it off incident ${row.number}`,
        occurredAt: now,
        actor,
      },
    ],
  );
  await attachAlerts(alerting, made.row.id, "explained", explainedIds, now);
  const event = {
    kind: "split_off" as const,
    by: actor.name,
    alertIds,
    intoNumber: made.row.number,
  };
  const step = await desk.step(file, event, actor);
  if (step.kind === "refused") throw new AppError("conflict", step.message);
  file.alerts = file.alerts.filter(({ id }) => !alertIds.includes(id));
  const touched = desk.rows();
  await desk.close();
  for (const row of touched) await signIncident(alerting, row);
  return { id: made.row.id, number: made.row.number };
}

const earliest = (alerts: readonly AlertRow[], name: "firedAt" | "beganAt"): Date =>
  new Date(Math.min(...alerts.map((alert) => alert[name].getTime())));
