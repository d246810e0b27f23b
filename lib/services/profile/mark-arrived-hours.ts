import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { arrivedHours } from "#db/clickhouse/queries/arrived-hours.ts";
import type { ArrivalAspect } from "#db/postgres/queries/arrival.ts";
import { claimArrivals, failArrivals, settleArrivals } from "#db/postgres/queries/arrival.ts";
import { markBuckets } from "#db/postgres/queries/dirty-buckets.ts";
import type { Stores } from "../context.ts";

export interface ArrivalWork {
  stores: Stores;
  aspect: ArrivalAspect;
  now: () => Date;
  onFailure: (failure: { workspaceId: string; modelId: string; error: unknown }) => void;
  signal?: AbortSignal | undefined;
  /** Only this model's. */
  modelId?: string;
}

/** Looking for predictions by their ids reads the ids of all of them: what came is gathered for a while first. */
const quietMs = 5_000;
/** Longer than the query may take: a claim that runs out is looked into twice, which changes nothing. */
const leaseMs = 180_000;
const arrivalsMax = 200;

const tables = { performance: "labels", skew: "offline_features" } as const;

/** Finds the hours of the predictions that labels or offline features came for, however late, and marks what of these hours
 *  they make stale. A row before its prediction finds none: it is joined when the prediction comes and marks its own hour.
 *  Null: nothing was due. */
export async function markArrivedHours(
  work: ArrivalWork,
): Promise<{ rowCount: number; hourCount: number } | null> {
  const { stores, aspect, now, modelId, signal } = work;
  const pg = stores.postgres.db;
  const claim = await claimArrivals(pg, {
    aspect,
    now: now(),
    quietMs,
    leaseMs,
    arrivalsMax,
    modelId,
  });
  if (claim === null) return null;
  try {
    const hours = await scopeClickHouse(stores.clickhouse, claim.workspaceId).query(
      arrivedHours,
      {
        modelId: claim.modelId,
        table: tables[aspect],
        sequencesFrom: claim.ranges.map((range) => BigInt(range.from)),
        sequencesUntil: claim.ranges.map((range) => BigInt(range.until)),
        rowFrom: claim.rowFrom,
        rowUntil: claim.rowUntil,
      },
      signal,
    );
    const times = hours.map((row) => row.hourSeconds * 1000);
    await stores.postgres.transaction(async (tx) => {
      await markBuckets(tx, claim, "1h", times, now());
      await settleArrivals(tx, claim);
    });
    return { rowCount: claim.rowCount, hourCount: hours.length };
  } catch (error) {
    work.onFailure({ workspaceId: claim.workspaceId, modelId: claim.modelId, error });
    await failArrivals(pg, claim, now());
    return { rowCount: 0, hourCount: 0 };
  }
}
