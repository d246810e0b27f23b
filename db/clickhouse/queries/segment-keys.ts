import { z } from "zod";
import { segmentLimits } from "#lib/domain/limits.ts";
import { defineQuery } from "../define-query.ts";
import { daysAndNewest } from "../fragments/profile-period.ts";

/** The profiled values of some tags in all versions, and when rows of each were last made, by days and the newest hours; one
 *  row per tag and value, newest first. */
export const segmentCatalogue = defineQuery({
  name: "segmentCatalogue",
  params: z.object({
    modelId: z.uuid(),
    segmentKeys: z.array(z.string()).min(1).max(segmentLimits.keysMax),
    /** From here on hours are read: today may not be folded into its day yet. */
    hoursFrom: z.date(),
  }),
  row: z.object({ key: z.string(), value: z.string(), lastSeenMs: z.int() }),
  rowsMax: segmentLimits.keysMax * (segmentLimits.valuesPerKeyMax + 1),
  timeoutMs: 10_000,
  sql: () => `
    SELECT segment_key AS key, segment_value AS value, max(toUnixTimestamp64Milli(newest_event_at)) AS lastSeenMs
    FROM bucket_profiles FINAL
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND has({segmentKeys: Array(String)}, segment_key)
      AND ${daysAndNewest}
      AND subject = 'row' AND row_count > 0
    GROUP BY segment_key, segment_value
    ORDER BY key, lastSeenMs DESC, value
    LIMIT {rowsMax: UInt32} + 1`,
});

/** Rows in which tags are looked for: what the engine reads in well under a second. */
const rowsLookedAtMax = 200_000;

/** Which tags some rows of a stretch of time carry; one row per tag, the most frequent first. The row of the empty name says how
 *  many rows were looked at. */
export const tagKeys = defineQuery({
  name: "tagKeys",
  params: z.object({ modelId: z.uuid(), fromTime: z.date(), untilTime: z.date() }),
  row: z.object({ key: z.string(), valueCount: z.int(), rowCount: z.int() }),
  rowsMax: 100,
  timeoutMs: 10_000,
  sql: () => `
    SELECT key, valueCount, rowCount FROM (
      SELECT toString(tag) AS key, uniqExact(toString(tagValue)) AS valueCount, count() AS rowCount
      FROM (
        SELECT arrayConcat([''], mapKeys(tags)) AS tagNames, arrayConcat([''], mapValues(tags)) AS tagValues
        FROM predictions
        WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
          AND toStartOfFiveMinutes(timestamp) >= {fromTime: DateTime64(3)} AND toStartOfFiveMinutes(timestamp) < {untilTime: DateTime64(3)}
        LIMIT ${rowsLookedAtMax})
      ARRAY JOIN tagNames AS tag, tagValues AS tagValue
      GROUP BY key
      ORDER BY key != '', rowCount DESC, key
      LIMIT 100)
    LIMIT {rowsMax: UInt32} + 1`,
});
