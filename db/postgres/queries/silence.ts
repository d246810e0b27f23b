import { and, count, desc, eq, gt, inArray, isNull, lte, or, sql } from "drizzle-orm";
import type { AlertLabels } from "#lib/domain/silence.ts";
import { silenceLimits } from "#lib/domain/silence.ts";
import { silencedAlerts, silences } from "../schema/people.ts";
import type { PostgresScope } from "../scope.ts";

export type StoredSilence = typeof silences.$inferSelect;

const endedMax = 500;
const hiddenMax = 200;

/** Not over yet by the clock or by hand; one that was quiet for too long is still among them. */
function isOpen(scope: PostgresScope, now: Date) {
  return and(
    eq(silences.workspaceId, scope.workspaceId),
    gt(silences.endsAt, now),
    or(isNull(silences.expiredAt), gt(silences.expiredAt, now)),
  );
}

export function listOpenSilences(scope: PostgresScope, now: Date): Promise<StoredSilence[]> {
  return scope.pg
    .select()
    .from(silences)
    .where(isOpen(scope, now))
    .orderBy(silences.endsAt, silences.id)
    .limit(silenceLimits.openMax);
}

export async function countOpenSilences(scope: PostgresScope, now: Date): Promise<number> {
  const rows = await scope.pg
    .select({ silenceCount: count() })
    .from(silences)
    .where(isOpen(scope, now));
  return rows[0]?.silenceCount ?? 0;
}

/** The last to end first. */
export function listEndedSilences(scope: PostgresScope, now: Date): Promise<StoredSilence[]> {
  return scope.pg
    .select()
    .from(silences)
    .where(
      and(
        eq(silences.workspaceId, scope.workspaceId),
        or(lte(silences.endsAt, now), lte(silences.expiredAt, now)),
      ),
    )
    .orderBy(desc(sql`least(${silences.endsAt}, ${silences.expiredAt})`), silences.id)
    .limit(endedMax);
}

export async function findSilenceRow(
  scope: PostgresScope,
  silenceId: string,
): Promise<StoredSilence | null> {
  const rows = await scope.pg
    .select()
    .from(silences)
    .where(and(eq(silences.workspaceId, scope.workspaceId), eq(silences.id, silenceId)))
    .limit(1);
  return rows[0] ?? null;
}

export async function insertSilence(
  scope: PostgresScope,
  silence: Omit<typeof silences.$inferInsert, "workspaceId">,
): Promise<void> {
  await scope.pg.insert(silences).values({ ...silence, workspaceId: scope.workspaceId });
}

export async function updateSilenceRow(
  scope: PostgresScope,
  silenceId: string,
  values: { endsAt: Date } | { expiredAt: Date; expiredBy: string },
): Promise<void> {
  await scope.pg
    .update(silences)
    .set(values)
    .where(and(eq(silences.workspaceId, scope.workspaceId), eq(silences.id, silenceId)));
}

/** How many alerts each of some silences hid. */
export async function countHidden(
  scope: PostgresScope,
  silenceIds: readonly string[],
): Promise<Map<string, number>> {
  if (silenceIds.length === 0) return new Map();
  const rows = await scope.pg
    .select({ silenceId: silencedAlerts.silenceId, alertCount: count() })
    .from(silencedAlerts)
    .where(
      and(
        eq(silencedAlerts.workspaceId, scope.workspaceId),
        inArray(silencedAlerts.silenceId, [...silenceIds]),
      ),
    )
    .groupBy(silencedAlerts.silenceId)
    .limit(silenceIds.length);
  return new Map(rows.map((row) => [row.silenceId, row.alertCount]));
}

/** What a silence hid, last first. */
export function listHidden(scope: PostgresScope, silenceId: string) {
  return scope.pg
    .select({
      alertId: silencedAlerts.alertId,
      labels: silencedAlerts.labels,
      firstHiddenAt: silencedAlerts.firstHiddenAt,
      lastHiddenAt: silencedAlerts.lastHiddenAt,
    })
    .from(silencedAlerts)
    .where(
      and(
        eq(silencedAlerts.workspaceId, scope.workspaceId),
        eq(silencedAlerts.silenceId, silenceId),
      ),
    )
    .orderBy(desc(silencedAlerts.lastHiddenAt), silencedAlerts.alertId)
    .limit(hiddenMax);
}

/** Says that an alert is hidden now, and keeps its silence from ending as quiet. */
export async function insertHidden(
  scope: PostgresScope,
  hidden: {
    silenceId: string;
    alertId: string;
    labels: AlertLabels;
    now: Date;
  },
): Promise<void> {
  const { now, ...values } = hidden;
  const { workspaceId, pg } = scope;
  await pg
    .insert(silencedAlerts)
    .values({ ...values, workspaceId, firstHiddenAt: now, lastHiddenAt: now })
    .onConflictDoUpdate({
      target: [silencedAlerts.silenceId, silencedAlerts.alertId],
      set: {
        lastHiddenAt: sql`greatest(silenced_alerts.last_hidden_at, excluded.last_hidden_at)`,
      },
      setWhere: sql`silenced_alerts.last_hidden_at < excluded.last_hidden_at`,
    });
  await pg
    .update(silences)
    .set({ lastHidAt: now })
    .where(
      and(
        eq(silences.workspaceId, workspaceId),
        eq(silences.id, hidden.silenceId),
        or(
          isNull(silences.lastHidAt),
          sql`${silences.lastHidAt} < ${now.toISOString()}::timestamptz`,
        ),
      ),
    );
}
