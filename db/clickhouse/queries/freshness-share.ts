import { z } from "zod";
import { grainSchema } from "#lib/domain/grain.ts";
import { defineQuery } from "../define-query.ts";
import { allEdges } from "../fragments/all-edges.ts";
import { countWithin } from "../fragments/count-within.ts";
import { bucketsBetween, daysAndNewest } from "../fragments/profile-period.ts";
import { profileWindowConditions, profileWindowParams } from "../fragments/profile-window.ts";
import { segmentConditions, segmentParams } from "../fragments/segment-scope.ts";

const withinAge = countWithin("{ageMs: Float64}");

/** How many rows of a window came within a time of being made: at least (their bin ends before it) and at most (it begins before it),
 *  and how many came at the very time that they carry, as rows without one of their own do; one row. */
export const lagShare = defineQuery({
  name: "lagShare",
  params: profileWindowParams.extend({ ageMs: z.number() }),
  row: z.object({
    rowCount: z.int(),
    leastCount: z.int(),
    mostCount: z.int(),
    zeroCount: z.int(),
  }),
  rowsMax: 1,
  timeoutMs: 10_000,
  sql: () => `
    SELECT sum(numeric_count) AS rowCount,
      ${withinAge.least} AS leastCount,
      ${withinAge.most} AS mostCount,
      sum(toUInt64(arraySum((e, c) -> if(e = 0, c, 0), ${allEdges}, counts))) AS zeroCount
    FROM bucket_profiles FINAL
    WHERE ${profileWindowConditions} AND subject = 'event_lag' AND numeric_count > 0
    LIMIT {rowsMax: UInt32} + 1`,
});

/** The newest event of every five minutes, or coarser bucket, and how soon the first of its rows came; one row per bucket with rows.
 *  `version` null: of all together. */
export const freshnessSlices = defineQuery({
  name: "freshnessSlices",
  params: z.object({
    modelId: z.uuid(),
    environment: z.string(),
    version: z.string().nullable(),
    grain: grainSchema.default("5m"),
    fromTime: z.date(),
    untilTime: z.date(),
    ...segmentParams,
  }),
  row: z.object({ fromMs: z.int(), newestEventMs: z.int(), lagMinMs: z.number() }),
  rowsMax: 10_000,
  timeoutMs: 10_000,
  sql: ({ version }) => `
    SELECT fromMs, max(newest) AS newestEventMs, min(lag) AS lagMinMs
    FROM (
      SELECT toInt64(toUnixTimestamp(bucket)) * 1000 AS fromMs, toUnixTimestamp64Milli(newest_event_at) AS newest, minimum AS lag
      FROM bucket_profiles FINAL
      WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND ${segmentConditions}
        AND environment = {environment: String} AND subject = 'event_lag'
        ${version === null ? "" : "AND version = {version: String}"}
        AND ${bucketsBetween()} AND numeric_count > 0)
    GROUP BY fromMs
    ORDER BY fromMs
    LIMIT {rowsMax: UInt32} + 1`,
});

/** When rows of each segment were last made, in all of history, by days and the newest hours; one row per tag and value. */
export const segmentLastSeen = defineQuery({
  name: "segmentLastSeen",
  params: z.object({
    modelId: z.uuid(),
    environment: z.string(),
    version: z.string(),
    hoursFrom: z.date(),
  }),
  row: z.object({ key: z.string(), value: z.string(), lastSeenMs: z.int() }),
  rowsMax: 5_000,
  timeoutMs: 10_000,
  sql: () => `
    SELECT segment_key AS key, segment_value AS value, max(toUnixTimestamp64Milli(newest_event_at)) AS lastSeenMs
    FROM bucket_profiles FINAL
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND segment_key != ''
      AND ${daysAndNewest}
      AND environment = {environment: String} AND version = {version: String} AND subject = 'row' AND row_count > 0
    GROUP BY segment_key, segment_value
    ORDER BY key, value
    LIMIT {rowsMax: UInt32} + 1`,
});

/** Some labels of a window, chosen by the hash of their ids, with the time at which the first came; one row per prediction. */
export const labelSample = defineQuery({
  name: "labelSample",
  params: z.object({
    modelId: z.uuid(),
    environment: z.string(),
    fromTime: z.date(),
    untilTime: z.date(),
  }),
  row: z.object({ predictionId: z.string(), receivedMs: z.int(), labelMs: z.int() }),
  rowsMax: 200,
  timeoutMs: 10_000,
  sql: () => `
    SELECT predictionId, receivedMs, labelMs FROM (
      SELECT prediction_id AS predictionId, toInt64(bitShiftRight(min(sequence), 22)) AS receivedMs,
        toUnixTimestamp64Milli(min(label_timestamp)) AS labelMs
      FROM labels
      WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND environment = {environment: String}
        AND label_timestamp >= {fromTime: DateTime64(3)} AND label_timestamp < {untilTime: DateTime64(3)}
      GROUP BY prediction_id
      ORDER BY cityHash64(prediction_id)
      LIMIT 200)
    LIMIT {rowsMax: UInt32} + 1`,
});

/** When these predictions were made; one row per id that is there. */
export const predictionTimes = defineQuery({
  name: "predictionTimes",
  params: z.object({
    modelId: z.uuid(),
    environment: z.string(),
    predictionIds: z.array(z.string()).min(1).max(200),
    fromTime: z.date(),
    untilTime: z.date(),
  }),
  row: z.object({ predictionId: z.string(), timestampMs: z.int() }),
  rowsMax: 200,
  timeoutMs: 10_000,
  sql: () => `
    SELECT prediction_id AS predictionId, toUnixTimestamp64Milli(min(timestamp)) AS timestampMs
    FROM predictions
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND environment = {environment: String}
      AND prediction_id IN {predictionIds: Array(String)}
      AND timestamp >= {fromTime: DateTime64(3)} AND timestamp < {untilTime: DateTime64(3)}
    GROUP BY prediction_id
    LIMIT {rowsMax: UInt32} + 1`,
});
