import { z } from "zod";
import { defineQuery } from "../define-query.ts";
import { segmentConditions, segmentParams } from "../fragments/segment-scope.ts";

/** When a value of each feature was last sent, in all of history, by days and the newest hours; one row per feature. */
export const featureLastSeen = defineQuery({
  name: "featureLastSeen",
  params: z.object({
    modelId: z.uuid(),
    environment: z.string(),
    version: z.string(),
    /** From here on hours are read: today may not be folded into its day yet. */
    hoursFrom: z.date(),
    ...segmentParams,
  }),
  row: z.object({ feature: z.string(), lastSeenMs: z.int() }),
  rowsMax: 10_000,
  timeoutMs: 10_000,
  sql: () => `
    SELECT feature, max(toUnixTimestamp64Milli(newest_event_at)) AS lastSeenMs
    FROM profiles FINAL
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND ${segmentConditions}
      AND (grain = '1d' OR grain != '1d' AND bucket >= {hoursFrom: DateTime64(3)})
      AND environment = {environment: String} AND version = {version: String} AND subject = 'feature'
      AND row_count > null_count + absent_count
    GROUP BY feature
    ORDER BY feature
    LIMIT {rowsMax: UInt32} + 1`,
});
