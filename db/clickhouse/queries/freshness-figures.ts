import { z } from "zod";
import { grainSchema } from "#lib/domain/grain.ts";
import { defineQuery } from "../define-query.ts";
import { allEdges } from "../fragments/all-edges.ts";
import { bucketsBetween } from "../fragments/profile-period.ts";
import { profileWindowConditions, profileWindowParams } from "../fragments/profile-window.ts";
import { segmentConditions, segmentParams } from "../fragments/segment-scope.ts";

const spread = "quantilesExactWeighted(0.5, 0.9, 0.99)(edge, n)";
const spreadRow = z.object({
  p50: z.number(),
  p90: z.number(),
  p99: z.number(),
  maximum: z.number(),
});

/** The event lag and the age of every feature over a window, in ms, each figure the left edge of its bin; one row per subject
 *  and feature with values. */
export const lagSpreads = defineQuery({
  name: "lagSpreads",
  params: profileWindowParams,
  row: spreadRow.extend({
    subject: z.enum(["event_lag", "feature_age"]),
    feature: z.string(),
    newestFeatureMs: z.int(),
  }),
  rowsMax: 10_000,
  timeoutMs: 10_000,
  sql: () => `
    SELECT subject, feature, spread[1] AS p50, spread[2] AS p90, spread[3] AS p99, maximum, newestFeatureMs
    FROM (
      SELECT subject, feature, ${spread} AS spread, max(top) AS maximum, max(newest) AS newestFeatureMs
      FROM (
        SELECT subject, feature, ${allEdges} AS bins, counts, bucket_profiles.maximum AS top, toUnixTimestamp64Milli(newest_feature_at) AS newest
        FROM bucket_profiles FINAL
        WHERE ${profileWindowConditions} AND subject IN ('event_lag', 'feature_age') AND numeric_count > 0)
      ARRAY JOIN bins AS edge, counts AS n
      GROUP BY subject, feature)
    ORDER BY subject, feature
    LIMIT {rowsMax: UInt32} + 1`,
});

/** When each feature was last seen in a window and how often it was missing; one row per feature. */
export const featurePresence = defineQuery({
  name: "featurePresence",
  params: profileWindowParams,
  row: z.object({
    feature: z.string(),
    rowCount: z.int(),
    missingCount: z.int(),
    lastSeenMs: z.int(),
  }),
  rowsMax: 10_000,
  timeoutMs: 10_000,
  sql: () => `
    SELECT feature, sum(row_count) AS rowCount, sum(null_count) + sum(absent_count) AS missingCount,
      max(toUnixTimestamp64Milli(newest_event_at)) AS lastSeenMs
    FROM bucket_profiles FINAL
    WHERE ${profileWindowConditions} AND subject = 'feature' AND row_count > 0
    GROUP BY feature
    ORDER BY feature
    LIMIT {rowsMax: UInt32} + 1`,
});

/** The event lag, column by column of a chart, in ms; one row per column with rows. */
export const columnLags = defineQuery({
  name: "columnLags",
  params: z.object({
    modelId: z.uuid(),
    environment: z.string(),
    version: z.string(),
    grain: grainSchema,
    fromTime: z.date(),
    untilTime: z.date(),
    columnSeconds: z.int().min(1),
    ...segmentParams,
  }),
  row: z.object({ columnIndex: z.int(), rowCount: z.int(), p50: z.number(), p99: z.number() }),
  rowsMax: 1_000,
  timeoutMs: 10_000,
  sql: () => `
    SELECT columnIndex, sum(n) AS rowCount, quantilesExactWeighted(0.5, 0.99)(edge, n)[1] AS p50,
      quantilesExactWeighted(0.5, 0.99)(edge, n)[2] AS p99
    FROM (
      SELECT intDiv(toUInt32(bucket) - toUInt32(toUnixTimestamp({fromTime: DateTime64(3)})), {columnSeconds: UInt32}) AS columnIndex, ${allEdges} AS bins, counts
      FROM bucket_profiles FINAL
      WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND ${segmentConditions}
        AND environment = {environment: String} AND version = {version: String} AND subject = 'event_lag'
        AND ${bucketsBetween()})
    ARRAY JOIN bins AS edge, counts AS n
    GROUP BY columnIndex
    ORDER BY columnIndex
    LIMIT {rowsMax: UInt32} + 1`,
});
