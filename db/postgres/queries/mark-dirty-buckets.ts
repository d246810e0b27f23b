import { sql } from "drizzle-orm";
import type { Postgres } from "../client.ts";

export interface DirtyBucket {
  workspaceId: string;
  modelId: string;
  /** Start of a 5-minute bucket, in seconds since 1970. */
  bucket: number;
}

const chunkRows = 10_000;

/** Marks 5-minute buckets for recompute, and the performance and the skew of their hours; skew only where anybody ever sent
 *  offline features: the first to come find the hours of the predictions before them. Sorted, so that two that mark at once wait for
 *  each other in the same order. */
export async function markDirtyBuckets(
  pg: Postgres,
  buckets: readonly DirtyBucket[],
  now: Date,
): Promise<void> {
  const rows = buckets
    .map(({ workspaceId, modelId, bucket }) => ({
      workspace_id: workspaceId,
      model_id: modelId,
      bucket,
    }))
    .sort((a, b) =>
      a.model_id === b.model_id ? a.bucket - b.bucket : compare(a.model_id, b.model_id),
    );
  const at = now.toISOString();
  for (let from = 0; from < rows.length; from += chunkRows) {
    const chunk = JSON.stringify(rows.slice(from, from + chunkRows));
    await pg.execute(sql`
      INSERT INTO dirty_buckets (aspect, workspace_id, model_id, grain, bucket, first_marked_at, last_marked_at)
      SELECT DISTINCT aspect, workspace_id, model_id, grain, to_timestamp(bucket - bucket % seconds), ${at}::timestamptz, ${at}::timestamptz
      FROM jsonb_to_recordset(${chunk}::jsonb) AS seen (workspace_id uuid, model_id uuid, bucket bigint),
        (VALUES ('profile', '5m', 300), ('performance', '1h', 3600), ('skew', '1h', 3600)) AS stale (aspect, grain, seconds)
      WHERE aspect <> 'skew' OR EXISTS (SELECT 1 FROM models WHERE models.id = model_id AND has_offline_features)
      ORDER BY 1, 4, 3, 5
      ON CONFLICT (aspect, grain, model_id, bucket) DO UPDATE
      SET generation = dirty_buckets.generation + 1, last_marked_at = excluded.last_marked_at`);
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : 1;
}
