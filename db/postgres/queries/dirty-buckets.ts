import { sql } from "drizzle-orm";
import type { Grain } from "#lib/domain/grain.ts";
import { bucketStartMs, grainMs, grains } from "#lib/domain/grain.ts";
import type { Postgres } from "../client.ts";
import type { PostgresScope } from "../scope.ts";

/** What of a bucket is stale. Labels make performance stale and no profile, offline features skew alone. */
export const bucketAspects = ["profile", "performance", "skew"] as const;
export type BucketAspect = (typeof bucketAspects)[number];

export interface ClaimedBucket {
  bucket: Date;
  generation: number;
  attempts: number;
}

export interface BucketClaim {
  aspect: BucketAspect;
  workspaceId: string;
  modelId: string;
  grain: Grain;
  /** Also names the claim: a bucket that has another one was claimed by somebody else since. */
  claimedUntil: Date;
  /** Oldest first. */
  buckets: ClaimedBucket[];
}

export interface ClaimRule {
  /** Default: profiles. */
  aspect?: BucketAspect | undefined;
  grain: Grain;
  now: Date;
  /** Claimed when the last mark is this old, or the first one `waitMsMax`. */
  quietMs: number;
  /** In place of that for a bucket that is not over: what is written to it does not end. */
  runningQuietMs?: number | undefined;
  waitMsMax: number;
  bucketsMax: number;
  leaseMs: number;
  /** Only this model's. */
  modelId?: string | undefined;
}

/** Takes due buckets of one model, the newest first, so that what happens now does not wait behind what is loaded of old.
 *  Whoever else claims skips what is locked; a claim that is never settled runs out. */
export async function claimDirtyBuckets(
  pg: Postgres,
  rule: ClaimRule,
): Promise<BucketClaim | null> {
  const { aspect = "profile", grain, now, bucketsMax } = rule;
  const { quietMs, runningQuietMs = quietMs } = rule;
  const at = (ms: number) => new Date(now.getTime() + ms).toISOString();
  const claimedUntil = new Date(now.getTime() + rule.leaseMs);
  const due = sql`aspect = ${aspect} AND grain = ${grain} AND (claimed_until IS NULL OR claimed_until <= ${at(0)}::timestamptz)
    AND (last_marked_at <= CASE WHEN bucket <= ${at(-grainMs[grain])}::timestamptz THEN ${at(-quietMs)}::timestamptz ELSE ${at(-runningQuietMs)}::timestamptz END
      OR first_marked_at <= ${at(-rule.waitMsMax)}::timestamptz)
    ${rule.modelId === undefined ? sql`` : sql`AND model_id = ${rule.modelId}`}`;
  const claimed = await pg.execute<{
    workspace_id: string;
    model_id: string;
    bucket_seconds: number;
    generation: string;
    attempts: number;
  }>(sql`
    WITH picked AS (SELECT model_id FROM dirty_buckets WHERE ${due} ORDER BY bucket DESC, first_marked_at LIMIT 1),
    locked AS (
      SELECT aspect, grain, model_id, bucket FROM dirty_buckets
      WHERE ${due} AND model_id = (SELECT model_id FROM picked)
      ORDER BY bucket DESC LIMIT ${bucketsMax} FOR UPDATE SKIP LOCKED)
    UPDATE dirty_buckets AS taken SET claimed_until = ${claimedUntil.toISOString()}::timestamptz
    FROM locked
    WHERE taken.aspect = locked.aspect AND taken.grain = locked.grain AND taken.model_id = locked.model_id AND taken.bucket = locked.bucket
    RETURNING taken.workspace_id, taken.model_id, extract(epoch FROM taken.bucket)::bigint::int AS bucket_seconds, taken.generation, taken.attempts`);
  const [first] = claimed.rows;
  if (first === undefined) return null;
  const buckets = claimed.rows.map((row) => ({
    bucket: new Date(row.bucket_seconds * 1000),
    generation: Number(row.generation),
    attempts: row.attempts,
  }));
  buckets.sort((a, b) => a.bucket.getTime() - b.bucket.getTime());
  return {
    aspect,
    workspaceId: first.workspace_id,
    modelId: first.model_id,
    grain,
    claimedUntil,
    buckets,
  };
}

/** What the claim still holds stays claimed until then, which is the claim's new name. */
export async function renewBucketClaim(
  pg: Postgres,
  claim: BucketClaim,
  claimedUntil: Date,
): Promise<void> {
  await pg.execute(sql`
    UPDATE dirty_buckets SET claimed_until = ${claimedUntil.toISOString()}::timestamptz
    WHERE aspect = ${claim.aspect} AND grain = ${claim.grain} AND model_id = ${claim.modelId}
      AND claimed_until = ${claim.claimedUntil.toISOString()}::timestamptz`);
}

/** What was recomputed is clean if nobody marked it meanwhile; else it is due again. A bucket whose claim ran out may have
 *  been recomputed by two at once, in an order that nobody knows: it is marked again. Marks the coarser buckets that are
 *  built from it. Belongs in one transaction. */
export async function settleDirtyBuckets(
  pg: Postgres,
  claim: BucketClaim,
  done: readonly ClaimedBucket[],
  now: Date,
): Promise<void> {
  if (done.length === 0) return;
  const claimedUntil = claim.claimedUntil.toISOString();
  const rows = toJson(done);
  const isClaimed = sql`bucket.aspect = ${claim.aspect} AND bucket.grain = ${claim.grain} AND bucket.model_id = ${claim.modelId}
    AND bucket.bucket = to_timestamp(done.bucket) AND bucket.claimed_until = ${claimedUntil}::timestamptz`;
  await pg.execute(sql`
    WITH done AS (SELECT * FROM jsonb_to_recordset(${rows}::jsonb) AS row (bucket bigint, generation bigint)),
    held AS (SELECT bucket.bucket FROM dirty_buckets AS bucket, done WHERE ${isClaimed} FOR UPDATE OF bucket),
    cleared AS (
      DELETE FROM dirty_buckets AS bucket USING done
      WHERE ${isClaimed} AND bucket.generation = done.generation RETURNING bucket.bucket),
    again AS (
      UPDATE dirty_buckets AS bucket SET claimed_until = NULL, attempts = 0, first_marked_at = bucket.last_marked_at
      FROM done WHERE ${isClaimed} AND bucket.generation <> done.generation RETURNING bucket.bucket)
    INSERT INTO dirty_buckets (aspect, workspace_id, model_id, grain, bucket, first_marked_at, last_marked_at)
    SELECT ${claim.aspect}, ${claim.workspaceId}::uuid, ${claim.modelId}::uuid, ${claim.grain}, to_timestamp(done.bucket), ${now.toISOString()}::timestamptz, ${now.toISOString()}::timestamptz
    FROM done WHERE NOT EXISTS (SELECT 1 FROM held WHERE held.bucket = to_timestamp(done.bucket))
    ON CONFLICT (aspect, grain, model_id, bucket) DO UPDATE
    SET generation = dirty_buckets.generation + 1, last_marked_at = excluded.last_marked_at`);
  const coarser = coarserGrain[claim.grain];
  if (coarser !== null) await markBuckets(pg, claim, coarser, startsOf(done), now);
}

const coarserGrain: Record<Grain, Grain | null> = { "5m": "1h", "1h": "1d", "1d": null };

/** Drops claimed buckets that shall never be recomputed; `marksCoarser` where only this grain has no place for them. */
export async function dropDirtyBuckets(
  pg: Postgres,
  claim: BucketClaim,
  dropped: readonly ClaimedBucket[],
  marksCoarser: boolean,
  now: Date,
): Promise<void> {
  if (dropped.length === 0) return;
  await pg.execute(sql`
    DELETE FROM dirty_buckets AS bucket USING jsonb_to_recordset(${toJson(dropped)}::jsonb) AS done (bucket bigint, generation bigint)
    WHERE bucket.aspect = ${claim.aspect} AND bucket.grain = ${claim.grain} AND bucket.model_id = ${claim.modelId} AND bucket.bucket = to_timestamp(done.bucket)
      AND bucket.generation = done.generation`);
  const coarser = coarserGrain[claim.grain];
  if (marksCoarser && coarser !== null)
    await markBuckets(pg, claim, coarser, startsOf(dropped), now);
}

/** Gives back what the claim holds of these: somebody else may take them, or what is newer goes before them. */
export async function releaseDirtyBuckets(
  pg: Postgres,
  claim: BucketClaim,
  released: readonly ClaimedBucket[],
): Promise<void> {
  if (released.length === 0) return;
  await pg.execute(sql`
    UPDATE dirty_buckets AS bucket SET claimed_until = NULL
    FROM jsonb_to_recordset(${toJson(released)}::jsonb) AS given (bucket bigint)
    WHERE bucket.aspect = ${claim.aspect} AND bucket.grain = ${claim.grain} AND bucket.model_id = ${claim.modelId} AND bucket.bucket = to_timestamp(given.bucket)
      AND bucket.claimed_until = ${claim.claimedUntil.toISOString()}::timestamptz`);
}

const backoffMsMin = 10_000;
const backoffMsMax = 10 * 60_000;

/** Counts the failed attempt and lets the bucket rest; it stays dirty, and is seen as such. */
export async function failDirtyBuckets(
  pg: Postgres,
  claim: BucketClaim,
  failed: readonly ClaimedBucket[],
  now: Date,
): Promise<void> {
  if (failed.length === 0) return;
  const attempts = Math.max(...failed.map((bucket) => bucket.attempts));
  const restMs = Math.min(backoffMsMax, backoffMsMin * 2 ** Math.min(attempts, 10));
  await pg.execute(sql`
    UPDATE dirty_buckets AS bucket SET attempts = bucket.attempts + 1, claimed_until = ${new Date(now.getTime() + restMs).toISOString()}::timestamptz
    FROM jsonb_to_recordset(${toJson(failed)}::jsonb) AS done (bucket bigint, generation bigint)
    WHERE bucket.aspect = ${claim.aspect} AND bucket.grain = ${claim.grain} AND bucket.model_id = ${claim.modelId} AND bucket.bucket = to_timestamp(done.bucket)
      AND bucket.claimed_until = ${claim.claimedUntil.toISOString()}::timestamptz`);
}

const startsOf = (buckets: readonly ClaimedBucket[]) =>
  buckets.map(({ bucket }) => bucket.getTime());

const marksMax = 10_000;

/** Marks the buckets of a grain in which these times lie; `now` may be later than it is for what is due then, unless something else
 *  makes it due before. Sorted, so that two that mark at once wait in the same order. */
export async function markBuckets(
  pg: Postgres,
  { aspect, workspaceId, modelId }: Pick<BucketClaim, "aspect" | "workspaceId" | "modelId">,
  grain: Grain,
  timesMs: readonly number[],
  now: Date,
): Promise<void> {
  const starts = [...new Set(timesMs.map((ms) => bucketStartMs(ms, grain)))].sort((a, b) => a - b);
  const at = now.toISOString();
  for (let from = 0; from < starts.length; from += marksMax) {
    const rows = JSON.stringify(
      starts.slice(from, from + marksMax).map((ms) => ({ bucket: ms / 1000 })),
    );
    await pg.execute(sql`
      INSERT INTO dirty_buckets (aspect, workspace_id, model_id, grain, bucket, first_marked_at, last_marked_at)
      SELECT ${aspect}, ${workspaceId}::uuid, ${modelId}::uuid, ${grain}, to_timestamp(bucket), ${at}::timestamptz, ${at}::timestamptz
      FROM jsonb_to_recordset(${rows}::jsonb) AS seen (bucket bigint)
      ORDER BY bucket
      ON CONFLICT (aspect, grain, model_id, bucket) DO UPDATE
      SET generation = dirty_buckets.generation + 1, last_marked_at = excluded.last_marked_at,
        first_marked_at = least(dirty_buckets.first_marked_at, excluded.first_marked_at)`);
  }
}

export interface DirtyCount {
  count: number;
  oldestMarkedAt: Date | null;
  failingCount: number;
}

/** What waits to be recomputed. What is to be looked at again at a time to come does not. */
export async function countDirtyBuckets(
  { pg, workspaceId, now }: PostgresScope & { now: Date },
  aspect: BucketAspect = "profile",
): Promise<DirtyCount> {
  const found = await pg.execute<{ count: string; oldest: string | null; failing: string }>(sql`
    SELECT count(*) AS count, min(first_marked_at)::text AS oldest, count(*) FILTER (WHERE attempts > 0) AS failing
    FROM dirty_buckets
    WHERE workspace_id = ${workspaceId} AND aspect = ${aspect} AND first_marked_at <= ${now.toISOString()}::timestamptz`);
  const [row] = found.rows;
  return {
    count: Number(row?.count ?? 0),
    oldestMarkedAt: row?.oldest == null ? null : new Date(row.oldest),
    failingCount: Number(row?.failing ?? 0),
  };
}

function toJson(buckets: readonly ClaimedBucket[]): string {
  return JSON.stringify(
    buckets.map(({ bucket, generation }) => ({ bucket: bucket.getTime() / 1000, generation })),
  );
}

/** Over all workspaces, for the worker's metrics. */
export async function countAllDirtyBuckets(
  pg: Postgres,
): Promise<{ aspect: BucketAspect; grain: Grain; count: number }[]> {
  const found = await pg.execute<{ aspect: BucketAspect; grain: Grain; count: string }>(
    sql`SELECT aspect, grain, count(*) AS count FROM dirty_buckets GROUP BY aspect, grain`,
  );
  const counts = new Map(
    found.rows.map((row) => [`${row.aspect} ${row.grain}`, Number(row.count)]),
  );
  return bucketAspects.flatMap((aspect) =>
    grains
      .filter((grain) => aspect === "profile" || grain !== "5m")
      .map((grain) => ({ aspect, grain, count: counts.get(`${aspect} ${grain}`) ?? 0 })),
  );
}

const dirtyColumnsMax = 10_000;

export interface DirtyStretch {
  modelId: string;
  startMs: number;
  /** Since when some of it has waited. */
  markedMs: number;
}

/** Which stretches of `widthMs` hold buckets of a workspace that wait to be recomputed; starts in ms. A day that waits begins with
 *  midnight, so who asks about hours names the grains. */
export async function listDirtyStretches(
  { pg, workspaceId }: PostgresScope,
  window: {
    aspect?: BucketAspect;
    /** This one alone: what waits of others must not use up the bound. */
    modelId?: string;
    fromTime: Date;
    untilTime: Date;
    widthMs: number;
    grains?: readonly Grain[];
  },
): Promise<DirtyStretch[]> {
  const wanted = window.grains ?? grains;
  const found = await pg.execute<{ model_id: string; start_ms: string; marked_ms: string }>(sql`
    SELECT model_id, (floor(extract(epoch FROM bucket) * 1000 / ${window.widthMs}::bigint) * ${window.widthMs}::bigint)::bigint AS start_ms,
      floor(extract(epoch FROM min(first_marked_at)) * 1000)::bigint AS marked_ms
    FROM dirty_buckets
    WHERE workspace_id = ${workspaceId} AND aspect = ${window.aspect ?? "profile"} AND bucket >= ${window.fromTime.toISOString()}::timestamptz AND bucket < ${window.untilTime.toISOString()}::timestamptz
      AND grain IN (${sql.join(
        wanted.map((grain) => sql`${grain}`),
        sql`, `,
      )})
      ${window.modelId === undefined ? sql`` : sql`AND model_id = ${window.modelId}::uuid`}
    GROUP BY 1, 2
    LIMIT ${dirtyColumnsMax}`);
  return found.rows.map((row) => ({
    modelId: row.model_id,
    startMs: Number(row.start_ms),
    markedMs: Number(row.marked_ms),
  }));
}

const lateHoursMax = 20_000;

/** The hours of [fromTime, untilTime) in which something waits for its profile longer than it should: a row is in its
 *  five minutes within a minute, and in its hour within ten. Days follow from their hours. */
export async function countLateHours(
  { pg, workspaceId, now }: PostgresScope & { now: Date },
  window: { aspect?: BucketAspect; modelId: string; fromTime: Date; untilTime: Date },
): Promise<number> {
  const markedBefore = (seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString();
  const found = await pg.execute<{ hours: string }>(sql`
    SELECT count(*) AS hours FROM (
      SELECT DISTINCT floor(extract(epoch FROM bucket) / 3600) FROM dirty_buckets
      WHERE workspace_id = ${workspaceId} AND aspect = ${window.aspect ?? "profile"} AND model_id = ${window.modelId}
        AND bucket >= ${window.fromTime.toISOString()}::timestamptz AND bucket < ${window.untilTime.toISOString()}::timestamptz
        AND ((grain = '5m' AND first_marked_at < ${markedBefore(60)}::timestamptz)
          OR (grain = '1h' AND first_marked_at < ${markedBefore(600)}::timestamptz))
      LIMIT ${lateHoursMax}) AS late`);
  return Number(found.rows[0]?.hours ?? 0);
}
