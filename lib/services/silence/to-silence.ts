import type { StoredSilence } from "#db/postgres/queries/silence.ts";
import { countHidden } from "#db/postgres/queries/silence.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import type { SilenceRow } from "#lib/api/silence.ts";
import { sayMatchers } from "#lib/rules/say-silence.ts";
import { nextMaintenance, silenceEnd, silenceState } from "#lib/rules/silence.ts";

export async function toSilences(
  scope: PostgresScope,
  rows: readonly StoredSilence[],
  now: Date,
): Promise<SilenceRow[]> {
  const hidden = await countHidden(
    scope,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => toSilence(row, hidden.get(row.id) ?? 0, now));
}

function toSilence(row: StoredSilence, hiddenAlertCount: number, now: Date): SilenceRow {
  const next = nextMaintenance(row, now);
  return {
    id: row.id,
    matchers: row.matchers,
    sentence: sayMatchers(row.matchers),
    startsAt: row.startsAt.toISOString(),
    endsAt: row.endsAt.toISOString(),
    expiredAt: row.expiredAt?.toISOString() ?? null,
    expiredBy: row.expiredBy,
    quietMinutes: row.quietMinutes,
    recurrence: row.recurrence,
    reason: row.reason,
    ticket: row.ticket,
    createdBy: row.createdBy,
    createdAt: row.createdAt.toISOString(),
    state: silenceState(row, now),
    overAt: silenceEnd(row).toISOString(),
    nextFrom: next?.from.toISOString() ?? null,
    nextUntil: next?.until.toISOString() ?? null,
    hiddenAlertCount,
    lastHidAt: row.lastHidAt?.toISOString() ?? null,
  };
}
