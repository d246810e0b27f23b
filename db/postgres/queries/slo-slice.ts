import { and, desc, eq, gt, gte, lt, sql } from "drizzle-orm";
import type { SeriesResult } from "#lib/domain/monitor.ts";
import type { BurnUrgency, SliceState } from "#lib/domain/slo.ts";
import { sloAlertState, sloSlices } from "../schema/slos.ts";
import type { PostgresScope } from "../scope.ts";

export interface MeasuredSlice {
  sliceFrom: Date;
  sliceUntil: Date;
  state: SliceState;
  goodCount: number;
  badCount: number;
  unmeasuredCount: number;
  value: number | null;
  reason: string;
}

const chunkRows = 2_000;

/** Keeps what a measurement says of each slice; one that says the same again changes nothing, and its revision stays. */
export async function upsertSlices(
  { pg, workspaceId }: PostgresScope,
  sloId: string,
  slices: readonly MeasuredSlice[],
  now: Date,
): Promise<void> {
  const changed = sql`(slo_slices.slice_until, slo_slices.state, slo_slices.good_count, slo_slices.bad_count, slo_slices.unmeasured_count, slo_slices.value, slo_slices.reason)
    IS DISTINCT FROM (excluded.slice_until, excluded.state, excluded.good_count, excluded.bad_count, excluded.unmeasured_count, excluded.value, excluded.reason)`;
  for (let from = 0; from < slices.length; from += chunkRows) {
    const rows = slices
      .slice(from, from + chunkRows)
      .map((slice) => ({ ...slice, workspaceId, sloId, measuredAt: now }));
    await pg
      .insert(sloSlices)
      .values(rows)
      .onConflictDoUpdate({
        target: [sloSlices.sloId, sloSlices.sliceFrom],
        set: {
          sliceUntil: sql`excluded.slice_until`,
          state: sql`excluded.state`,
          goodCount: sql`excluded.good_count`,
          badCount: sql`excluded.bad_count`,
          unmeasuredCount: sql`excluded.unmeasured_count`,
          value: sql`excluded.value`,
          reason: sql`excluded.reason`,
          revision: sql`slo_slices.revision + 1`,
          measuredAt: sql`excluded.measured_at`,
        },
        setWhere: changed,
      });
  }
}

/** Where the oldest slice begins that may still change by itself; null when none is. */
export async function findOldestOpenSlice(
  { pg, workspaceId }: PostgresScope,
  sloId: string,
  after: Date,
): Promise<Date | null> {
  const rows = await pg
    .select({ sliceFrom: sloSlices.sliceFrom })
    .from(sloSlices)
    .where(
      and(
        eq(sloSlices.workspaceId, workspaceId),
        eq(sloSlices.sloId, sloId),
        gte(sloSlices.sliceFrom, after),
        sql`${sloSlices.state} IN ('provisional', 'unmeasured')`,
      ),
    )
    .orderBy(sloSlices.sliceFrom)
    .limit(1);
  return rows[0]?.sliceFrom ?? null;
}

/** Where the last slice ends that does not change by itself any more; null when none is. */
export async function findSettledEnd(
  { pg, workspaceId }: PostgresScope,
  sloId: string,
): Promise<Date | null> {
  const rows = await pg
    .select({ sliceUntil: sloSlices.sliceUntil })
    .from(sloSlices)
    .where(
      and(
        eq(sloSlices.workspaceId, workspaceId),
        eq(sloSlices.sloId, sloId),
        eq(sloSlices.state, "settled"),
      ),
    )
    .orderBy(desc(sloSlices.sliceFrom))
    .limit(1);
  return rows[0]?.sliceUntil ?? null;
}

export interface SliceSum {
  sliceCount: number;
  idleCount: number;
  settledGood: number;
  settledBad: number;
  provisionalGood: number;
  provisionalBad: number;
  unmeasured: number;
  firstFrom: Date | null;
}

interface SumRow extends Record<string, unknown> {
  position: number;
  slice_count: string;
  idle_count: string;
  settled_good: string;
  settled_bad: string;
  provisional_good: string;
  provisional_bad: string;
  unmeasured: string;
  first_from: string | null;
}

/** What came of the slices of each of some stretches of time that begin in them, in the order of the stretches. */
export async function sumSlices(
  { pg, workspaceId }: PostgresScope,
  sloId: string,
  stretches: readonly { fromTime: Date; untilTime: Date }[],
): Promise<SliceSum[]> {
  const asked = JSON.stringify(
    stretches.map(({ fromTime, untilTime }, position) => ({
      position,
      from_time: fromTime.toISOString(),
      until_time: untilTime.toISOString(),
    })),
  );
  const found = await pg.execute<SumRow>(sql`
    SELECT asked.position, count(slices.slice_from) AS slice_count,
      count(*) FILTER (WHERE slices.state = 'idle') AS idle_count,
      coalesce(sum(good_count) FILTER (WHERE slices.state <> 'provisional'), 0) AS settled_good,
      coalesce(sum(bad_count) FILTER (WHERE slices.state <> 'provisional'), 0) AS settled_bad,
      coalesce(sum(good_count) FILTER (WHERE slices.state = 'provisional'), 0) AS provisional_good,
      coalesce(sum(bad_count) FILTER (WHERE slices.state = 'provisional'), 0) AS provisional_bad,
      coalesce(sum(unmeasured_count), 0) AS unmeasured,
      min(slices.slice_from) AS first_from
    FROM jsonb_to_recordset(${asked}::jsonb) AS asked (position integer, from_time timestamptz, until_time timestamptz)
    LEFT JOIN slo_slices AS slices ON slices.workspace_id = ${workspaceId}::uuid AND slices.slo_id = ${sloId}::uuid
      AND slices.slice_from >= asked.from_time AND slices.slice_from < asked.until_time
    GROUP BY asked.position ORDER BY asked.position`);
  return found.rows.map((row) => ({
    sliceCount: Number(row.slice_count),
    idleCount: Number(row.idle_count),
    settledGood: Number(row.settled_good),
    settledBad: Number(row.settled_bad),
    provisionalGood: Number(row.provisional_good),
    provisionalBad: Number(row.provisional_bad),
    unmeasured: Number(row.unmeasured),
    firstFrom: row.first_from === null ? null : new Date(row.first_from),
  }));
}

/** The newest slices in which something was bad or could not be measured. */
export function listWorseSlices({ pg, workspaceId }: PostgresScope, sloId: string, limit: number) {
  return pg
    .select({
      sliceFrom: sloSlices.sliceFrom,
      sliceUntil: sloSlices.sliceUntil,
      state: sloSlices.state,
      goodCount: sloSlices.goodCount,
      badCount: sloSlices.badCount,
      unmeasuredCount: sloSlices.unmeasuredCount,
      value: sloSlices.value,
      reason: sloSlices.reason,
    })
    .from(sloSlices)
    .where(
      and(
        eq(sloSlices.workspaceId, workspaceId),
        eq(sloSlices.sloId, sloId),
        gt(sql`${sloSlices.badCount} + ${sloSlices.unmeasuredCount}`, 0),
      ),
    )
    .orderBy(desc(sloSlices.sliceFrom))
    .limit(limit);
}

export async function deleteSlicesBefore(
  { pg, workspaceId }: PostgresScope,
  sloId: string,
  before: Date,
): Promise<void> {
  await pg
    .delete(sloSlices)
    .where(
      and(
        eq(sloSlices.workspaceId, workspaceId),
        eq(sloSlices.sloId, sloId),
        lt(sloSlices.sliceFrom, before),
      ),
    );
}

export type AlertStateRow = typeof sloAlertState.$inferSelect;

const statesMax = 1_000;

export function listAlertStates(
  { pg, workspaceId }: PostgresScope,
  sloId?: string,
): Promise<AlertStateRow[]> {
  return pg
    .select()
    .from(sloAlertState)
    .where(
      and(
        eq(sloAlertState.workspaceId, workspaceId),
        sloId === undefined ? undefined : eq(sloAlertState.sloId, sloId),
      ),
    )
    .limit(statesMax);
}

export async function upsertAlertState(
  { pg, workspaceId }: PostgresScope,
  state: {
    sloId: string;
    urgency: BurnUrgency;
    result: SeriesResult;
    firingSince: Date | null;
    evaluatedAt: Date;
  },
): Promise<void> {
  const { result, firingSince, evaluatedAt } = state;
  await pg
    .insert(sloAlertState)
    .values({ ...state, workspaceId })
    .onConflictDoUpdate({
      target: [sloAlertState.sloId, sloAlertState.urgency],
      set: { result, firingSince, evaluatedAt },
    });
}
