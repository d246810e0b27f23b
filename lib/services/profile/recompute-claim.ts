import { findModelRetention } from "#db/postgres/queries/active-models.ts";
import type {
  BucketAspect,
  BucketClaim,
  ClaimedBucket,
} from "#db/postgres/queries/dirty-buckets.ts";
import {
  claimDirtyBuckets,
  countDirtyBuckets,
  dropDirtyBuckets,
  failDirtyBuckets,
  markBuckets,
  releaseDirtyBuckets,
  settleDirtyBuckets,
} from "#db/postgres/queries/dirty-buckets.ts";
import { recordProgress } from "#db/postgres/queries/job-run.ts";
import type { Grain } from "#lib/domain/grain.ts";
import { grainMs } from "#lib/domain/grain.ts";
import { retentionDefaults } from "#lib/domain/limits.ts";
import type { Stores } from "../context.ts";
import { markEvaluations } from "../evaluation/mark-evaluations.ts";
import { rebuildPerformanceDays } from "../performance/rebuild-performance-days.ts";
import { recomputePerformance } from "../performance/recompute-performance.ts";
import { rebuildSkewOfDays, recomputeSkewHours } from "../skew/recompute-skew.ts";
import type { HeldClaim } from "./hold-claim.ts";
import { holdClaim } from "./hold-claim.ts";
import type { HourRange } from "./merge-hours.ts";
import { rebuildDays } from "./rebuild-days.ts";
import { recomputeBuckets } from "./recompute-buckets.ts";
import type { RecomputedHours } from "./recompute-hours.ts";
import { recomputeHours } from "./recompute-hours.ts";

interface Cadence {
  quietMs: number;
  runningQuietMs?: number;
  waitMsMax: number;
  bucketsMax: number;
}

/** How long a bucket may still be written to before it is recomputed. Coarse ones wait longer: a load of history touches
 *  each of them many times. */
const cadences: Record<BucketAspect, Record<Grain, Cadence>> = {
  profile: {
    "5m": { quietMs: 5_000, waitMsMax: 20_000, bucketsMax: 288 },
    "1h": { quietMs: 30_000, waitMsMax: 120_000, bucketsMax: 72 },
    // Longer than from one look at the running hour to the next, each of which would build the day again.
    "1d": { quietMs: 60_000, runningQuietMs: 150_000, waitMsMax: 300_000, bucketsMax: 31 },
  },
  performance: {
    "5m": { quietMs: 5_000, waitMsMax: 20_000, bucketsMax: 288 },
    "1h": { quietMs: 10_000, waitMsMax: 60_000, bucketsMax: 72 },
    "1d": { quietMs: 60_000, waitMsMax: 300_000, bucketsMax: 31 },
  },
  skew: {
    "5m": { quietMs: 5_000, waitMsMax: 20_000, bucketsMax: 288 },
    "1h": { quietMs: 10_000, waitMsMax: 60_000, bucketsMax: 72 },
    "1d": { quietMs: 60_000, waitMsMax: 300_000, bucketsMax: 31 },
  },
};

/** Renewed while the work runs: it runs out only when its worker is gone, and what a row says is in its profile within a
 *  minute even then. */
const leaseMs = 20_000;

/** A claim of profiles is worked off in bites, the newest first, so that what is loaded of old shows where it is done and a row of now waits no
 *  longer than this and a bite for its turn. */
const claimMsMax = 10_000;
/** How much a bucket is, is known once some are done. */
const firstBite = 3;
/** A bite that takes less is followed by one four times as large, and by a smaller one if it takes four times as long. */
const biteMs = 1_000;

/** Work worth a line of its own on the screen; less than this is everyday traffic. */
const backfillBucketsMin = 24;

export interface ClaimWork {
  stores: Stores;
  /** Default: profiles. */
  aspect?: BucketAspect;
  grain: Grain;
  now: () => Date;
  newId: () => string;
  onFailure: (failure: {
    claim: BucketClaim;
    fromTime: Date;
    untilTime: Date;
    error: unknown;
  }) => void;
  signal?: AbortSignal | undefined;
  /** What the work takes is measured by. */
  clockMs?: () => number;
  /** Only this model's buckets. */
  modelId?: string;
}

export interface ClaimDone {
  claim: BucketClaim;
  bucketCount: number;
  failedCount: number;
  rowsRead: number;
}

/** Claims due buckets of one model and recomputes them, some neighbours at a time. A stretch that fails is tried again
 *  bucket by bucket, so that a bad one stays alone; it rests and stays dirty. What there is no time for is given back. Null: nothing
 *  was due. */
export async function recomputeClaim(work: ClaimWork): Promise<ClaimDone | null> {
  const { stores, aspect = "profile", grain, now } = work;
  const pg = stores.postgres.db;
  const claim = await claimDirtyBuckets(pg, {
    aspect,
    grain,
    now: now(),
    ...cadences[aspect][grain],
    leaseMs,
    modelId: work.modelId,
  });
  if (claim === null) return null;
  const holding = { postgres: stores.postgres, claim, leaseMs, now };
  const { buckets, rowsRead, failedCount } = await holdClaim(holding, (held) =>
    recomputeHeld(work, claim, held),
  );
  const done = { ...claim, buckets };
  await recordBackfill(work, done, rowsRead);
  return { claim: done, bucketCount: buckets.length, failedCount, rowsRead };
}

interface HeldDone {
  /** Those that were not given back. */
  buckets: ClaimedBucket[];
  rowsRead: number;
  failedCount: number;
}

async function recomputeHeld(
  work: ClaimWork,
  claim: BucketClaim,
  held: HeldClaim,
): Promise<HeldDone> {
  const { clockMs = () => performance.now() } = work;
  const left = await dropExpired(work, claim);
  const startedMs = clockMs();
  // What joins rows pays for a look at all of them, however few it is about.
  let size = claim.aspect === "profile" ? firstBite : left.length;
  let rowsRead = 0;
  let failedCount = 0;
  while (left.length > 0) {
    const biteStartedMs = clockMs();
    for (const stretch of toStretches(left.splice(-size), grainMs[claim.grain])) {
      const result = await recomputeStretch(work, claim, held, stretch);
      rowsRead += result.rowsRead;
      failedCount += result.failedCount;
    }
    const nowMs = clockMs();
    if (nowMs - startedMs > claimMsMax) break;
    size = nextSize(size, nowMs - biteStartedMs);
  }
  await held.write((current) => releaseDirtyBuckets(work.stores.postgres.db, current, left));
  const given = new Set(left);
  return { buckets: claim.buckets.filter((one) => !given.has(one)), rowsRead, failedCount };
}

function nextSize(size: number, tookMs: number): number {
  if (tookMs < biteMs) return 4 * size;
  return tookMs > 4 * biteMs ? Math.max(1, Math.floor(size / 2)) : size;
}

async function recomputeStretch(
  work: ClaimWork,
  claim: BucketClaim,
  held: HeldClaim,
  stretch: readonly ClaimedBucket[],
): Promise<{ rowsRead: number; failedCount: number }> {
  const { stores, now, signal } = work;
  const range = rangeOf(stretch, grainMs[claim.grain]);
  try {
    const { rowsRead, unfinished } = await recompute(
      stores,
      claim,
      { ...range, now: now() },
      signal,
    );
    await held.write((current) =>
      stores.postgres.transaction(async (tx) => {
        await settleDirtyBuckets(tx, current, stretch, now());
        for (const hour of unfinished)
          await markBuckets(tx, current, "1h", [hour.getTime()], endOf(hour));
        await markEvaluations(tx, current, stretch, now());
      }),
    );
    return { rowsRead, failedCount: 0 };
  } catch (error) {
    if (stretch.length > 1 && signal?.aborted !== true) {
      let rowsRead = 0;
      let failedCount = 0;
      for (const bucket of stretch) {
        const result = await recomputeStretch(work, claim, held, [bucket]);
        rowsRead += result.rowsRead;
        failedCount += result.failedCount;
      }
      return { rowsRead, failedCount };
    }
    work.onFailure({ claim, ...range, error });
    await held.write((current) => failDirtyBuckets(stores.postgres.db, current, stretch, now()));
    return { rowsRead: 0, failedCount: stretch.length };
  }
}

const endOf = (hour: Date) => new Date(hour.getTime() + grainMs["1h"]);

type Builder<T> = (stores: Stores, range: HourRange, signal: AbortSignal | undefined) => Promise<T>;

/** How an aspect's hours are made, and its days of hours. Hours say how many raw rows they read. */
const builders: Record<
  BucketAspect,
  { recomputeHours: Builder<RecomputedHours>; rebuild: Builder<void> }
> = {
  profile: { recomputeHours, rebuild: rebuildDays },
  performance: { recomputeHours: fromRows(recomputePerformance), rebuild: rebuildPerformanceDays },
  skew: { recomputeHours: fromRows(recomputeSkewHours), rebuild: rebuildSkewOfDays },
};

function fromRows(count: Builder<number>): Builder<RecomputedHours> {
  return async (stores, range, signal) => ({
    rowsRead: await count(stores, range, signal),
    unfinished: [],
  });
}

async function recompute(
  stores: Stores,
  { aspect, workspaceId, modelId, grain }: BucketClaim,
  { fromTime, untilTime, now }: { fromTime: Date; untilTime: Date; now: Date },
  signal: AbortSignal | undefined,
): Promise<RecomputedHours> {
  const range = { workspaceId, modelId, fromTime, untilTime, now };
  const { recomputeHours: ofHours, rebuild } = builders[aspect];
  if (grain === "5m")
    return {
      rowsRead: await recomputeBuckets(stores, { ...range, grain }, signal),
      unfinished: [],
    };
  if (grain === "1h") return ofHours(stores, range, signal);
  const hoursUntil = new Date(Math.min(untilTime.getTime(), hoursKeptFrom(now)));
  const recomputed =
    hoursUntil > fromTime
      ? await ofHours(stores, { ...range, untilTime: hoursUntil }, signal)
      : { rowsRead: 0, unfinished: [] };
  await rebuild(stores, range, signal);
  return recomputed;
}

/** Hours of days before this may have been dropped: all of them are made anew before their day is built of them, or the
 *  day would shrink to the hours that late rows have touched. A day of grace, as where windows are covered. */
function hoursKeptFrom(now: Date): number {
  const dayMs = grainMs["1d"];
  return (Math.floor(now.getTime() / dayMs) - retentionDefaults.profile1hDays + 1) * dayMs;
}

/** A bucket whose raw rows have expired is never recomputed; they expire by whole days, as retention deletes them. One that
 *  is too old for five-minute profiles has no place for them: its hour is marked instead. A model that is gone has neither. */
async function dropExpired(work: ClaimWork, claim: BucketClaim): Promise<ClaimedBucket[]> {
  const { stores, now } = work;
  const nowMs = now().getTime();
  const dayMs = grainMs["1d"];
  const retention = await findModelRetention(stores.postgres.db, claim.modelId);
  const rawDays =
    retention === null
      ? Number.NEGATIVE_INFINITY
      : (retention.rawRetentionDays ?? Number.POSITIVE_INFINITY);
  const keptFromMs = (Math.floor(nowMs / dayMs) - rawDays) * dayMs;
  const isExpired = ({ bucket }: ClaimedBucket) => bucket.getTime() < keptFromMs;
  const isTooOld = ({ bucket }: ClaimedBucket) =>
    claim.grain === "5m" && bucket.getTime() < nowMs - retentionDefaults.profile5mDays * dayMs;
  const expired = claim.buckets.filter(isExpired);
  const tooOld = claim.buckets.filter((bucket) => !isExpired(bucket) && isTooOld(bucket));
  if (expired.length + tooOld.length > 0) {
    await stores.postgres.transaction(async (tx) => {
      await dropDirtyBuckets(tx, claim, expired, false, now());
      await dropDirtyBuckets(tx, claim, tooOld, true, now());
    });
  }
  return claim.buckets.filter((bucket) => !isExpired(bucket) && !isTooOld(bucket));
}

async function recordBackfill(
  work: ClaimWork,
  claim: BucketClaim,
  rowsRead: number,
): Promise<void> {
  const pg = work.stores.postgres.db;
  const { workspaceId } = claim;
  const now = work.now();
  const remaining = await countDirtyBuckets({ pg, workspaceId, now }, claim.aspect);
  await recordProgress(pg, {
    id: work.newId(),
    name: `${claim.aspect}-buckets`,
    workspaceId,
    doneCount: claim.buckets.length,
    remainingCount: remaining.count < backfillBucketsMin ? 0 : remaining.count,
    rowsRead,
    now,
  });
}

/** Neighbours are recomputed together; a gap is never filled with buckets that nobody marked. */
function toStretches<T extends { bucket: Date }>(buckets: readonly T[], sizeMs: number): T[][] {
  const stretches: T[][] = [];
  for (const bucket of buckets) {
    const last = stretches.at(-1);
    const previous = last?.at(-1);
    if (
      last !== undefined &&
      previous !== undefined &&
      bucket.bucket.getTime() - previous.bucket.getTime() === sizeMs
    ) {
      last.push(bucket);
    } else stretches.push([bucket]);
  }
  return stretches;
}

function rangeOf(
  stretch: readonly ClaimedBucket[],
  sizeMs: number,
): { fromTime: Date; untilTime: Date } {
  const times = stretch.map(({ bucket }) => bucket.getTime());
  return {
    fromTime: new Date(Math.min(...times)),
    untilTime: new Date(Math.max(...times) + sizeMs),
  };
}
