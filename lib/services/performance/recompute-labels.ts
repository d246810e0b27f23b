import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { insertBucketProfiles } from "#db/clickhouse/inserts/profile-rows.ts";
import { labelsToCount } from "#db/clickhouse/queries/counted-rows.ts";
import { labelPresence } from "#db/clickhouse/queries/row-presence.ts";
import type { Stores } from "../context.ts";
import { bucketProfiles } from "../profile/bucket-profiles.ts";
import { clearVanished } from "../profile/clear-vanished.ts";
import { countInParts } from "../profile/count-in-parts.ts";
import { valueNamesMax } from "../profile/recompute-buckets.ts";
import type { PerformanceRange } from "./recompute-performance.ts";

interface Hour {
  bucketSeconds: number;
  environment: string;
  version: string;
}

/** Brings the distribution of the labels of every hour of the range to what they are now, as their performance is: in the same
 *  batches, of the same revision. A model that was never sent a label costs a look. */
export async function recomputeLabels(
  { clickhouse }: Stores,
  range: PerformanceRange,
  work: {
    batches: readonly { fromTime: Date; untilTime: Date }[];
    hours: readonly Hour[];
    revision: number;
  },
  signal?: AbortSignal,
): Promise<void> {
  const { workspaceId, modelId, fromTime, untilTime } = range;
  const { batches, hours, revision } = work;
  const ch = scopeClickHouse(clickhouse, workspaceId);
  const [found] = await ch.query(labelPresence, { modelId }, signal);
  if (found?.isPresent !== true) return;
  for (const batch of batches) {
    const own = hours.filter(
      ({ bucketSeconds }) =>
        bucketSeconds * 1000 >= batch.fromTime.getTime() &&
        bucketSeconds * 1000 < batch.untilTime.getTime(),
    );
    if (own.length === 0) continue;
    const environments = [...new Set(own.map((hour) => hour.environment))];
    const versions = [...new Set(own.map((hour) => hour.version))];
    const params = { modelId, ...batch, environments, versions };
    await countInParts({
      scan: () => ch.scanColumns(labelsToCount, params, signal),
      cuts: [],
      partCount: 1,
      valueNamesMax: valueNamesMax["1h"],
      subject: "label",
      write: (profiles) =>
        insertBucketProfiles(
          clickhouse,
          { workspaceId, modelId, grain: "1h", revision },
          bucketProfiles(profiles, { ...params, grain: "1h" }),
          signal,
        ),
    });
  }
  const cleared = { modelId, grain: "1h" as const, fromTime, untilTime, revision };
  await clearVanished({ clickhouse }, workspaceId, { ...cleared, of: "labels" }, signal);
}
