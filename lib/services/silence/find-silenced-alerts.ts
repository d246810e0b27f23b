import type { AlertRow } from "#db/postgres/queries/alert.ts";
import { listModelNames } from "#db/postgres/queries/model.ts";
import { insertHidden, listOpenSilences } from "#db/postgres/queries/silence.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import type { AlertLabels } from "#lib/domain/silence.ts";
import type { Silencing } from "#lib/rules/silence.ts";
import { findSilence } from "#lib/rules/silence.ts";

/** Which of some alerts a silence hides now. What it hides of those that fire is written down in the same transaction: that is how a
 *  silence says what it hid, and knows whether it has become quiet. */
export async function findSilencedAlerts(
  scope: PostgresScope,
  alerts: readonly AlertRow[],
  now: Date,
): Promise<Set<string>> {
  const found = await findSilencings(scope, alerts, now);
  for (const { id: alertId, state } of alerts) {
    const hidden = found.get(alertId);
    if (hidden === undefined || state !== "firing") continue;
    const { silenceId, labels } = hidden;
    await insertHidden(scope, { silenceId, alertId, labels, now });
  }
  return new Set(found.keys());
}

/** By which silence each of some alerts is hidden now, and until when; nothing is written down. */
export async function findSilencings(
  scope: PostgresScope,
  alerts: readonly AlertRow[],
  now: Date,
): Promise<Map<string, Silencing & { labels: AlertLabels }>> {
  const silences = alerts.length === 0 ? [] : await listOpenSilences(scope, now);
  if (silences.length === 0) return new Map();
  const names = await listModelNames(scope, [...new Set(alerts.map(({ modelId }) => modelId))]);
  return new Map(
    alerts.flatMap((alert) => {
      const labels = labelsOf(alert, names.get(alert.modelId) ?? null);
      const silencing = findSilence(silences, labels, now);
      return silencing === null ? [] : [[alert.id, { ...silencing, labels }] as const];
    }),
  );
}

export const labelsOf = (
  alert: Pick<
    AlertRow,
    | "environment"
    | "version"
    | "segmentKey"
    | "segmentValue"
    | "subject"
    | "column"
    | "monitorId"
    | "causeClass"
    | "severity"
  >,
  model: string | null,
): AlertLabels => ({
  model,
  environment: alert.environment,
  version: alert.version === "" ? null : alert.version,
  segment: alert.segmentKey === "" ? null : `${alert.segmentKey}=${alert.segmentValue}`,
  feature: alert.subject === "feature" ? alert.column : null,
  monitor: alert.monitorId,
  cause_class: alert.causeClass,
  severity: alert.severity,
});
