import { z } from "zod";
import { segmentValuesMax } from "#lib/domain/segment.ts";
import { defineQuery } from "../define-query.ts";
import { daysAndNewest } from "../fragments/profile-period.ts";
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
    FROM bucket_profiles FINAL
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND ${segmentConditions}
      AND ${daysAndNewest}
      AND environment = {environment: String} AND version = {version: String} AND subject = 'feature'
      AND row_count > null_count + absent_count
    GROUP BY feature
    ORDER BY feature
    LIMIT {rowsMax: UInt32} + 1`,
});

/** The features that rows of several values of a tag ever carried, by days and the newest hours; one row per value. */
export const segmentFeatures = defineQuery({
  name: "segmentFeatures",
  params: z.object({
    modelId: z.uuid(),
    environment: z.string(),
    version: z.string(),
    segmentKey: z.string(),
    segmentValues: z.array(z.string()).min(1),
    hoursFrom: z.date(),
  }),
  row: z.object({ value: z.string(), features: z.array(z.string()) }),
  rowsMax: segmentValuesMax,
  timeoutMs: 10_000,
  sql: () => `
    SELECT segment_value AS value, groupUniqArray(toString(feature)) AS features
    FROM bucket_profiles FINAL
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND segment_key = {segmentKey: String}
      AND has({segmentValues: Array(String)}, segment_value) AND ${daysAndNewest}
      AND environment = {environment: String} AND version = {version: String} AND subject = 'feature'
      AND row_count > null_count + absent_count
    GROUP BY segment_value
    ORDER BY value
    LIMIT {rowsMax: UInt32} + 1`,
});
