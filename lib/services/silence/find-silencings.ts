import { listOpenSilences } from "#db/postgres/queries/silence.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import type { CauseClass, SeriesSubject } from "#lib/domain/monitor.ts";
import type { AlertLabels } from "#lib/domain/silence.ts";
import type { Silencing } from "#lib/rules/silence.ts";
import { findSilence } from "#lib/rules/silence.ts";

/** An alert as far as silences know one. */
export interface SilenceableAlert {
  id: string;
  modelName: string | null;
  environment: string;
  version: string;
  subject: SeriesSubject;
  column: string;
  segmentKey: string;
  segmentValue: string;
  monitorId: string;
  causeClass: CauseClass;
  severity: string;
}

/** Which of these alerts a silence hides now, and until when. */
export async function findSilencings(
  scope: PostgresScope,
  alerts: readonly SilenceableAlert[],
  now: Date,
): Promise<Map<string, Silencing>> {
  const silences = alerts.length === 0 ? [] : await listOpenSilences(scope, now);
  if (silences.length === 0) return new Map();
  return new Map(
    alerts.flatMap((alert) => {
      const found = findSilence(silences, labelsOf(alert), now);
      return found === null ? [] : [[alert.id, found] as const];
    }),
  );
}

export function labelsOf(alert: SilenceableAlert): AlertLabels {
  const orNull = (text: string) => (text === "" ? null : text);
  return {
    model: alert.modelName,
    environment: orNull(alert.environment),
    version: orNull(alert.version),
    segment: alert.segmentKey === "" ? null : `${alert.segmentKey}=${alert.segmentValue}`,
    feature: alert.subject === "feature" ? orNull(alert.column) : null,
    monitor: alert.monitorId,
    cause_class: alert.causeClass,
    severity: alert.severity,
  };
}
