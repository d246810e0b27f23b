import type { AlertRow } from "#db/postgres/queries/alert.ts";
import { listModelNames } from "#db/postgres/queries/model.ts";
import { insertHidden, listOpenSilences } from "#db/postgres/queries/silence.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import type { AlertLabels } from "#lib/domain/silence.ts";
import { findSilence } from "#lib/rules/silence.ts";

/** Which of some alerts a silence hides now. What it hides of those that fire is written down in the same transaction: that is how a
 *  silence says what it hid, and knows whether it has become quiet. */
export async function findSilencedAlerts(
  scope: PostgresScope,
  alerts: readonly AlertRow[],
  now: Date,
): Promise<Set<string>> {
  const silences = await listOpenSilences(scope, now);
  if (silences.length === 0 || alerts.length === 0) return new Set();
  const names = await listModelNames(scope, [...new Set(alerts.map(({ modelId }) => modelId))]);
  const hidden = new Set<string>();
  for (const alert of alerts) {
    const labels = labelsOf(alert, names.get(alert.modelId) ?? null);
    const found = findSilence(silences, labels, now);
    if (found === null) continue;
    hidden.add(alert.id);
    if (alert.state === "firing")
      await insertHidden(scope, {
        silenceId: found.silenceId,
        alertId: alert.id,
        labels,
        now,
      });
  }
  return hidden;
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
