import { performanceBuckets } from "#db/clickhouse/queries/performance-rows.ts";
import { markBuckets } from "#db/postgres/queries/dirty-buckets.ts";
import type { ServiceContext } from "../context.ts";

/** Has everything that was judged of a model judged anew, in the transaction of the change that asks for it. */
export async function markPerformance(
  { ch, pg, workspaceId, now, signal }: ServiceContext,
  modelId: string,
): Promise<void> {
  const buckets = await ch.query(performanceBuckets, { modelId }, signal);
  const times = buckets.map(({ bucketSeconds }) => bucketSeconds * 1000);
  await markBuckets(pg, { aspect: "performance", workspaceId, modelId }, "1h", times, now);
}
