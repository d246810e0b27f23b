import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { labelledHours } from "#db/clickhouse/queries/labelled-hours.ts";
import { markBuckets } from "#db/postgres/queries/dirty-buckets.ts";
import {
  claimLabelArrivals,
  failLabelArrivals,
  settleLabelArrivals,
} from "#db/postgres/queries/label-arrival.ts";
import type { Stores } from "../context.ts";

export interface LabelWork {
  stores: Stores;
  now: () => Date;
  onFailure: (failure: { workspaceId: string; modelId: string; error: unknown }) => void;
  signal?: AbortSignal | undefined;
  /** Only this model's. */
  modelId?: string;
}

/** Looking for predictions by their ids reads the ids of all of them: labels are gathered for a while first. */
const quietMs = 5_000;
/** Longer than the query may take: a claim that runs out is looked into twice, which changes nothing. */
const leaseMs = 180_000;
const arrivalsMax = 200;
/** Ids that are looked for at once: what they take must fit the engine's memory. */
const labelsMax = 200_000;

/** Finds the hours of the predictions that labels came for, however late, and marks their performance. A label before its
 *  prediction finds none: it is joined when the prediction comes and marks its own hour. Null: nothing was due. */
export async function markLabelledHours(
  work: LabelWork,
): Promise<{ labelCount: number; hourCount: number } | null> {
  const { stores, now, modelId, signal } = work;
  const pg = stores.postgres.db;
  const claim = await claimLabelArrivals(pg, {
    now: now(),
    quietMs,
    leaseMs,
    arrivalsMax,
    labelsMax,
    modelId,
  });
  if (claim === null) return null;
  try {
    const hours = await scopeClickHouse(stores.clickhouse, claim.workspaceId).query(
      labelledHours,
      {
        modelId: claim.modelId,
        sequencesFrom: claim.ranges.map((range) => BigInt(range.from)),
        sequencesUntil: claim.ranges.map((range) => BigInt(range.until)),
        labelFrom: claim.labelFrom,
        labelUntil: claim.labelUntil,
      },
      signal,
    );
    const times = hours.map((row) => row.hourSeconds * 1000);
    await stores.postgres.transaction(async (tx) => {
      await markBuckets(tx, { aspect: "performance", ...claim }, "1h", times, now());
      await settleLabelArrivals(tx, claim);
    });
    return { labelCount: claim.labelCount, hourCount: hours.length };
  } catch (error) {
    work.onFailure({ workspaceId: claim.workspaceId, modelId: claim.modelId, error });
    await failLabelArrivals(pg, claim, now());
    return { labelCount: 0, hourCount: 0 };
  }
}
