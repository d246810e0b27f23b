import { sql } from "drizzle-orm";
import type { Postgres } from "../client.ts";

export interface LabelArrivalRow {
  workspaceId: string;
  modelId: string;
  /** Places in the order of receipt, both inclusive; labels of other batches may lie between them. */
  sequenceFrom: bigint;
  sequenceUntil: bigint;
  labelFromMs: number;
  labelUntilMs: number;
  labelCount: number;
}

/** Notes which labels were stored, before the log lets go of them. Noted twice is noted once. */
export async function recordLabelArrivals(
  pg: Postgres,
  arrivals: readonly LabelArrivalRow[],
  now: Date,
): Promise<void> {
  if (arrivals.length === 0) return;
  const rows = JSON.stringify(
    arrivals
      .map((one) => ({
        workspace_id: one.workspaceId,
        model_id: one.modelId,
        sequence_from: String(one.sequenceFrom),
        sequence_until: String(one.sequenceUntil),
        label_from: one.labelFromMs / 1000,
        label_until: one.labelUntilMs / 1000,
        label_count: one.labelCount,
      }))
      .sort((a, b) => (a.model_id < b.model_id ? -1 : 1)),
  );
  await pg.execute(sql`
    INSERT INTO label_arrivals (workspace_id, model_id, sequence_from, sequence_until, label_from, label_until, label_count, arrived_at)
    SELECT workspace_id, model_id, sequence_from, sequence_until, to_timestamp(label_from), to_timestamp(label_until), label_count, ${now.toISOString()}::timestamptz
    FROM jsonb_to_recordset(${rows}::jsonb) AS seen (workspace_id uuid, model_id uuid, sequence_from bigint, sequence_until bigint,
      label_from double precision, label_until double precision, label_count integer)
    ON CONFLICT (model_id, sequence_from, sequence_until) DO NOTHING`);
}

export interface ArrivalClaim {
  workspaceId: string;
  modelId: string;
  /** Also names the claim. */
  claimedUntil: Date;
  ranges: { from: string; until: string }[];
  labelFrom: Date;
  labelUntil: Date;
  labelCount: number;
}

export interface ArrivalRule {
  now: Date;
  quietMs: number;
  leaseMs: number;
  arrivalsMax: number;
  /** No more arrivals once they hold this many labels. */
  labelsMax: number;
  /** Only this model's. */
  modelId?: string | undefined;
}

/** Takes arrivals of one model, the oldest first; a claim that is never settled runs out. */
export async function claimLabelArrivals(
  pg: Postgres,
  { now, quietMs, leaseMs, arrivalsMax, labelsMax, modelId }: ArrivalRule,
): Promise<ArrivalClaim | null> {
  const at = (ms: number) => new Date(now.getTime() + ms).toISOString();
  const claimedUntil = new Date(now.getTime() + leaseMs);
  const due = sql`(claimed_until IS NULL OR claimed_until <= ${at(0)}::timestamptz)
    AND arrived_at <= ${at(-quietMs)}::timestamptz ${modelId === undefined ? sql`` : sql`AND model_id = ${modelId}`}`;
  const { rows } = await pg.execute<{
    workspace_id: string;
    model_id: string;
    sequence_from: string;
    sequence_until: string;
    from_ms: string;
    until_ms: string;
    label_count: number;
  }>(sql`
    WITH picked AS (SELECT model_id FROM label_arrivals WHERE ${due} ORDER BY arrived_at LIMIT 1),
    counted AS (
      SELECT sequence_from, sequence_until, sum(label_count) OVER (ORDER BY arrived_at, sequence_from) - label_count AS labels_before
      FROM label_arrivals WHERE ${due} AND model_id = (SELECT model_id FROM picked)
      ORDER BY arrived_at, sequence_from LIMIT ${arrivalsMax}),
    locked AS (
      SELECT arrival.model_id, sequence_from, sequence_until
      FROM label_arrivals AS arrival JOIN counted USING (sequence_from, sequence_until)
      WHERE ${due} AND model_id = (SELECT model_id FROM picked) AND labels_before < ${labelsMax}
      FOR UPDATE OF arrival SKIP LOCKED)
    UPDATE label_arrivals AS taken SET claimed_until = ${claimedUntil.toISOString()}::timestamptz
    FROM locked
    WHERE taken.model_id = locked.model_id AND taken.sequence_from = locked.sequence_from AND taken.sequence_until = locked.sequence_until
    RETURNING taken.workspace_id, taken.model_id, taken.sequence_from, taken.sequence_until, taken.label_count,
      floor(extract(epoch FROM taken.label_from) * 1000)::bigint AS from_ms, ceil(extract(epoch FROM taken.label_until) * 1000)::bigint AS until_ms`);
  const [first] = rows;
  if (first === undefined) return null;
  return {
    workspaceId: first.workspace_id,
    modelId: first.model_id,
    claimedUntil,
    ranges: rows.map((row) => ({ from: row.sequence_from, until: row.sequence_until })),
    labelFrom: new Date(Math.min(...rows.map((row) => Number(row.from_ms)))),
    labelUntil: new Date(Math.max(...rows.map((row) => Number(row.until_ms)))),
    labelCount: rows.reduce((sum, row) => sum + row.label_count, 0),
  };
}

/** Forgets what the claim still holds; belongs in one transaction with the marks. */
export async function settleLabelArrivals(pg: Postgres, claim: ArrivalClaim): Promise<void> {
  await pg.execute(
    sql`DELETE FROM label_arrivals AS arrival USING ${rangesOf(claim)} WHERE ${isHeld(claim)}`,
  );
}

const rangesOf = ({ ranges }: ArrivalClaim) => sql`
  jsonb_to_recordset(${JSON.stringify(ranges)}::jsonb) AS done ("from" bigint, "until" bigint)`;

const isHeld = ({ modelId, claimedUntil }: ArrivalClaim) => sql`
  arrival.model_id = ${modelId} AND arrival.claimed_until = ${claimedUntil.toISOString()}::timestamptz
  AND arrival.sequence_from = done."from" AND arrival.sequence_until = done."until"`;

const restMs = 30_000;

/** Counts the failed attempt and lets the arrivals rest; they stay due. */
export async function failLabelArrivals(
  pg: Postgres,
  claim: ArrivalClaim,
  now: Date,
): Promise<void> {
  await pg.execute(sql`
    UPDATE label_arrivals AS arrival
    SET attempts = arrival.attempts + 1, claimed_until = ${new Date(now.getTime() + restMs).toISOString()}::timestamptz
    FROM ${rangesOf(claim)} WHERE ${isHeld(claim)}`);
}
