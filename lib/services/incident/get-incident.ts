import type { z } from "zod";
import type { AlertRow } from "#db/postgres/queries/alert.ts";
import type { IncidentRow } from "#db/postgres/queries/incident.ts";
import {
  findIncidentRow,
  listAlertsOfIncident,
  listIncidentNumbers,
  listOwnerNames,
} from "#db/postgres/queries/incident.ts";
import { findEscalation } from "#db/postgres/queries/incident-escalation.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import { incidentInput, incidentOutput } from "#lib/api/incident.ts";
import { AppError } from "#lib/domain/errors.ts";
import { toAlert } from "../alert/to-alert.ts";
import { defineService } from "../define-service.ts";
import { findSilencings } from "../silence/find-silenced-alerts.ts";
import { readTimeline } from "../timeline/to-timeline.ts";
import { mostImportantFirst } from "./compose-message.ts";
import { readRoles } from "./read-roles.ts";
import { toIso, toSummary } from "./to-incident.ts";

/** One incident with all that is known of it. */
export const getIncident = defineService({
  name: "getIncident",
  role: "viewer",
  input: incidentInput,
  output: incidentOutput,
  writes: false,
  run: (ctx, { incident }) => readIncident(ctx, incident),
});

export async function getIncidentRow(scope: PostgresScope, number: number): Promise<IncidentRow> {
  const row = await findIncidentRow(scope, { number });
  if (row === null) throw new AppError("not_found", `There is no incident ${number}.`);
  return row;
}

export async function readIncident(
  scope: PostgresScope & { now: Date },
  number: number,
): Promise<z.input<typeof incidentOutput>> {
  const row = await getIncidentRow(scope, number);
  // One after the other: within a transaction there is one connection.
  const own = await listAlertsOfIncident(scope, row.id, "own");
  const explained = await listAlertsOfIncident(scope, row.id, "explained");
  const timeline = await readTimeline(scope, row.id);
  const ownerNames = await listOwnerNames(scope, [row]);
  const numbers = await listIncidentNumbers(
    scope,
    [row.mergedIntoId, row.followsId, row.splitFromId].flatMap((id) => id ?? []),
  );
  const escalation = await findEscalation(scope, row.id);
  const snapshot = escalation?.snapshot ?? null;
  const alerts = mostImportantFirst(own);
  const { modelName } = row;
  const silencings = await findSilencings(
    scope,
    own.filter(({ state }) => state === "firing"),
    scope.now,
  );
  const tell = (alert: AlertRow) => toAlert(alert, modelName, silencings.get(alert.id) ?? null);
  const numberOf = (id: string | null) => (id === null ? null : (numbers.get(id) ?? null));
  const digest = {
    firingCount: alerts.filter(({ state }) => state === "firing").length,
    alertCount: alerts.length,
    explainedCount: explained.length,
    alerts,
  };
  return {
    ...toSummary(row, digest, ownerNames),
    alerts: alerts.map(tell),
    explained: explained.map(tell),
    timeline,
    revision: row.revision,
    roles: await readRoles(scope, row),
    impactBetween:
      row.impactEarliest === null || row.impactLatest === null
        ? null
        : { from: row.impactEarliest.toISOString(), until: row.impactLatest.toISOString() },
    runbookUrl: row.runbookUrl,
    escalation:
      snapshot === null
        ? null
        : {
            policy: snapshot.name,
            levelCount: snapshot.rules.levels.length,
            pagedCount: escalation?.stepCount ?? 0,
            lastAt: toIso(escalation?.lastStepAt ?? null),
          },
    verdict: row.verdict,
    reopenUntil: toIso(row.reopenUntil),
    ackUntil: toIso(row.ackUntil),
    mergedInto: numberOf(row.mergedIntoId),
    splitFrom: numberOf(row.splitFromId),
    resolution: row.resolution,
    follows: numberOf(row.followsId),
  };
}
