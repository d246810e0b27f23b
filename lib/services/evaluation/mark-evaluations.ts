import type { Postgres } from "#db/postgres/client.ts";
import type { BucketClaim } from "#db/postgres/queries/dirty-buckets.ts";
import { markWindows, openWindows } from "#db/postgres/queries/evaluated-window.ts";
import { markMonitorWindows } from "#db/postgres/queries/monitor-window.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { MonitorKind } from "#lib/domain/monitor.ts";

/** Makes the evaluations due that recomputed buckets change: the day of performance, the windows of drift and quality that were
 *  evaluated before and hold one of the hours or all of a day (for the drift of their labels, those of drift alone), and those of monitors that hold one of the buckets. In the transaction that settles the buckets, so that none is forgotten. */
export async function markEvaluations(
  tx: Postgres,
  { aspect, grain, workspaceId, modelId }: Omit<BucketClaim, "buckets" | "claimedUntil">,
  buckets: readonly { bucket: Date }[],
  now: Date,
): Promise<void> {
  const stretches = buckets.map(({ bucket }) => ({
    fromTime: bucket,
    untilTime: new Date(bucket.getTime() + grainMs[grain]),
  }));
  if (aspect === "performance" && grain === "1d")
    await openWindows(tx, { kind: "performance", workspaceId, modelId }, stretches);
  if (aspect === "profile" && grain === "1h")
    await markWindows(tx, { kinds: ["drift", "quality"], modelId }, stretches);
  // A window that holds a whole day is read from its profile, which is built after the hours made the window due.
  if (aspect === "profile" && grain === "1d")
    await markWindows(tx, { kinds: ["drift", "quality"], modelId, holds: "whole" }, stretches);
  if (aspect === "performance" && grain === "1h")
    await markWindows(tx, { kinds: ["drift"], modelId, labelsAt: now }, stretches);
  const kinds = monitorKindsOf[aspect];
  if (kinds.length > 0) await markMonitorWindows(tx, { modelId, kinds, now }, stretches);
}

/** What monitors read of each aspect; the others follow from what these say. */
const monitorKindsOf: Record<BucketClaim["aspect"], readonly MonitorKind[]> = {
  profile: ["drift", "freshness", "volume", "quality", "latency", "expression"],
  performance: ["performance", "estimated_performance", "fairness"],
  skew: ["skew"],
};
