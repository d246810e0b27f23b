import { z } from "zod";
import { defineQuery } from "../define-query.ts";
import { bucketsBetween } from "../fragments/profile-period.ts";

/** How many bins and names the hours of each day hold; one row per day with hours. Zero rows count nothing. */
export const hourSizes = defineQuery({
  name: "hourSizes",
  params: z.object({ modelId: z.uuid(), fromTime: z.date(), untilTime: z.date() }),
  row: z.object({ daySeconds: z.int(), cellCount: z.int() }),
  rowsMax: 20_000,
  timeoutMs: 30_000,
  sql: () => `
    SELECT toUnixTimestamp(toStartOfDay(bucket)) AS daySeconds, sum(1 + length(bins) + length(value_names)) AS cellCount
    FROM bucket_profiles
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
      AND ${bucketsBetween("'1h'")}
    GROUP BY daySeconds
    ORDER BY daySeconds
    LIMIT {rowsMax: UInt32} + 1`,
});
