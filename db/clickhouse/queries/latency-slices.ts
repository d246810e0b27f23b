import { z } from "zod";
import { defineQuery } from "../define-query.ts";
import { countWithin } from "../fragments/count-within.ts";
import { bucketsBetween } from "../fragments/profile-period.ts";

const withinLatency = countWithin("{latencyMs: Float64}");

/** How many predictions of every five minutes were answered within a time: at least (their bin ends before it) and at most (it begins
 *  before it), of one version or, where it is null, of all together; one row per five minutes with latencies. */
export const latencySlices = defineQuery({
  name: "latencySlices",
  params: z.object({
    modelId: z.uuid(),
    environment: z.string(),
    version: z.string().nullable(),
    fromTime: z.date(),
    untilTime: z.date(),
    latencyMs: z.number(),
  }),
  row: z.object({
    fromMs: z.int(),
    rowCount: z.int(),
    leastCount: z.int(),
    mostCount: z.int(),
  }),
  rowsMax: 10_000,
  timeoutMs: 10_000,
  sql: ({ version }) => `
    SELECT toInt64(toUnixTimestamp(bucket)) * 1000 AS fromMs, sum(numeric_count) AS rowCount,
      ${withinLatency.least} AS leastCount, ${withinLatency.most} AS mostCount
    FROM bucket_profiles FINAL
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND segment_key = '' AND segment_value = ''
      AND environment = {environment: String} ${version === null ? "" : "AND version = {version: String}"}
      AND subject = 'latency' AND ${bucketsBetween("'5m'")} AND numeric_count > 0
    GROUP BY fromMs
    ORDER BY fromMs
    LIMIT {rowsMax: UInt32} + 1`,
});
