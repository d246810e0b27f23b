import { and, eq, inArray, sql } from "drizzle-orm";
import type { Postgres } from "../client.ts";
import { models } from "../schema/models.ts";
import type { BucketAspect } from "./dirty-buckets.ts";

/** What of a prediction's hour a row that came for it makes stale. */
export type ArrivalAspect = Exclude<BucketAspect, "profile">;

export interface ArrivalRow {
  aspect: ArrivalAspect;
  workspaceId: string;
  modelId: string;
  /** Places in the order of receipt, both inclusive; rows of other batches may lie between them. */
  sequenceFrom: bigint;
  sequenceUntil: bigint;
  rowFromMs: number;
  rowUntilMs: number;
  rowCount: number;
}

/** Notes which rows were stored that speak of predictions, before the log lets go of them. Noted twice is noted once. */
export async function recordArrivals(
  pg: Postgres,
  arrivals: readonly ArrivalRow[],
  now: Date,
): Promise<void> {
  if (arrivals.length === 0) return;
  const offline = arrivals.filter(({ aspect }) => aspect === "skew").map(({ modelId }) => modelId);
  // Before the arrivals: a prediction that is stored later must find it.
  if (offline.length > 0)
    await pg
      .update(models)
      .set({ hasOfflineFeatures: true })
      .where(and(inArray(models.id, [...new Set(offline)]), eq(models.hasOfflineFeatures, false)));
  const rows = JSON.stringify(
    arrivals
      .map((one) => ({
        aspect: one.aspect,
        workspace_id: one.workspaceId,
        model_id: one.modelId,
        sequence_from: String(one.sequenceFrom),
        sequence_until: String(one.sequenceUntil),
        row_from: one.rowFromMs / 1000,
        row_until: one.rowUntilMs / 1000,
        row_count: one.rowCount,
      }))
      .sort((a, b) => (a.model_id < b.model_id ? -1 : 1)),
  );
  await pg.execute(sql`
    INSERT INTO arrivals (aspect, workspace_id, model_id, sequence_from, sequence_until, row_from, row_until, row_count, arrived_at)
    SELECT aspect, workspace_id, model_id, sequence_from, sequence_until, to_timestamp(row_from), to_timestamp(row_until), row_count, ${now.toISOString()}::timestamptz
    FROM jsonb_to_recordset(${rows}::jsonb) AS seen (aspect text, workspace_id uuid, model_id uuid, sequence_from bigint, sequence_until bigint,
      row_from double precision, row_until double precision, row_count integer)
    ON CONFLICT (aspect, model_id, sequence_from, sequence_until) DO NOTHING`);
}

export interface ArrivalClaim {
  aspect: ArrivalAspect;
  workspaceId: string;
  modelId: string;
  /** Also names the claim. */
  claimedUntil: Date;
  ranges: { from: string; until: string }[];
  rowFrom: Date;
  rowUntil: Date;
  rowCount: number;
}

export interface ArrivalRule {
  aspect: ArrivalAspect;
  now: Date;
  quietMs: number;
  leaseMs: number;
  arrivalsMax: number;
  /** No more arrivals once they hold this many rows. */
  rowsMax: number;
  /** Only this model's. */
  modelId?: string | undefined;
}

/** Takes arrivals of one model, the oldest first; a claim that is never settled runs out. */
export async function claimArrivals(
  pg: Postgres,
  { aspect, now, quietMs, leaseMs, arrivalsMax, rowsMax, modelId }: ArrivalRule,
): Promise<ArrivalClaim | null> {
  const at = (ms: number) => new Date(now.getTime() + ms).toISOString();
  const claimedUntil = new Date(now.getTime() + leaseMs);
  const due = sql`aspect = ${aspect} AND (claimed_until IS NULL OR claimed_until <= ${at(0)}::timestamptz)
    AND arrived_at <= ${at(-quietMs)}::timestamptz ${modelId === undefined ? sql`` : sql`AND model_id = ${modelId}`}`;
  const { rows } = await pg.execute<{
    workspace_id: string;
    model_id: string;
    sequence_from: string;
    sequence_until: string;
    from_ms: string;
    until_ms: string;
    row_count: number;
  }>(sql`
    WITH picked AS (SELECT model_id FROM arrivals WHERE ${due} ORDER BY arrived_at LIMIT 1),
    counted AS (
      SELECT sequence_from, sequence_until, sum(row_count) OVER (ORDER BY arrived_at, sequence_from) - row_count AS rows_before
      FROM arrivals WHERE ${due} AND model_id = (SELECT model_id FROM picked)
      ORDER BY arrived_at, sequence_from LIMIT ${arrivalsMax}),
    locked AS (
      SELECT aspect, model_id, sequence_from, sequence_until
      FROM arrivals AS arrival JOIN counted USING (sequence_from, sequence_until)
      WHERE ${due} AND model_id = (SELECT model_id FROM picked) AND rows_before < ${rowsMax}
      FOR UPDATE OF arrival SKIP LOCKED)
    UPDATE arrivals AS taken SET claimed_until = ${claimedUntil.toISOString()}::timestamptz
    FROM locked
    WHERE taken.aspect = locked.aspect AND taken.model_id = locked.model_id AND taken.sequence_from = locked.sequence_from AND taken.sequence_until = locked.sequence_until
    RETURNING taken.workspace_id, taken.model_id, taken.sequence_from, taken.sequence_until, taken.row_count,
      floor(extract(epoch FROM taken.row_from) * 1000)::bigint AS from_ms, ceil(extract(epoch FROM taken.row_until) * 1000)::bigint AS until_ms`);
  const [first] = rows;
  if (first === undefined) return null;
  return {
    aspect,
    workspaceId: first.workspace_id,
    modelId: first.model_id,
    claimedUntil,
    ranges: rows.map((row) => ({ from: row.sequence_from, until: row.sequence_until })),
    rowFrom: new Date(Math.min(...rows.map((row) => Number(row.from_ms)))),
    rowUntil: new Date(Math.max(...rows.map((row) => Number(row.until_ms)))),
    rowCount: rows.reduce((sum, row) => sum + row.row_count, 0),
  };
}

/** Forgets what the claim still holds; belongs in one transaction with the marks. */
export async function settleArrivals(pg: Postgres, claim: ArrivalClaim): Promise<void> {
  await pg.execute(
    sql`DELETE FROM arrivals AS arrival USING ${rangesOf(claim)} WHERE ${isHeld(claim)}`,
  );
}

const rangesOf = ({ ranges }: ArrivalClaim) => sql`
  jsonb_to_recordset(${JSON.stringify(ranges)}::jsonb) AS done ("from" bigint, "until" bigint)`;

const isHeld = ({ aspect, modelId, claimedUntil }: ArrivalClaim) => sql`
  arrival.aspect = ${aspect} AND arrival.model_id = ${modelId} AND arrival.claimed_until = ${claimedUntil.toISOString()}::timestamptz
  AND arrival.sequence_from = done."from" AND arrival.sequence_until = done."until"`;

const restMs = 30_000;

/** Counts the failed attempt and lets the arrivals rest; they stay due. */
export async function failArrivals(pg: Postgres, claim: ArrivalClaim, now: Date): Promise<void> {
  await pg.execute(sql`
    UPDATE arrivals AS arrival
    SET attempts = arrival.attempts + 1, claimed_until = ${new Date(now.getTime() + restMs).toISOString()}::timestamptz
    FROM ${rangesOf(claim)} WHERE ${isHeld(claim)}`);
}
