import type { z } from "zod";
import type { AlertRow } from "#db/postgres/queries/alert.ts";
import type { alertSchema } from "#lib/api/alert.ts";
import { targetOf } from "#lib/rules/describe-incident.ts";
import type { Silencing } from "#lib/rules/silence.ts";

export function toAlert(
  row: AlertRow,
  modelName: string | null,
  silencing: Silencing | null,
): z.input<typeof alertSchema> {
  const { environment, version, subject, column, segmentKey, segmentValue } = row;
  return {
    id: row.id,
    monitorId: row.monitorId,
    monitorName: row.monitorName,
    causeClass: row.causeClass,
    model: modelName,
    series: { environment, version, subject, column, segmentKey, segmentValue },
    target: targetOf(row),
    severity: row.severity,
    state: row.state,
    endReason: row.endReason,
    isFlapping: row.isFlapping,
    sentence: row.sentence,
    value: row.value,
    windowFrom: row.windowFrom.toISOString(),
    windowUntil: row.windowUntil.toISOString(),
    unknown:
      row.unknownSince === null || row.unknownReason === null
        ? null
        : { since: row.unknownSince.toISOString(), reason: row.unknownReason },
    beganAt: row.beganAt.toISOString(),
    firedAt: row.firedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
    hasEvidence: row.evidenceHash !== null,
    silenced:
      silencing === null
        ? null
        : { silenceId: silencing.silenceId, until: silencing.untilTime.toISOString() },
    explainedUntil: row.explainedUntil?.toISOString() ?? null,
  };
}
