import { z } from "zod";
import { grainSchema } from "#lib/domain/grain.ts";
import { defineQuery } from "../define-query.ts";
import { bucketsBetween } from "../fragments/profile-period.ts";
import {
  pieceConditions,
  pieceList,
  profileWindowParams,
  windowPieceConditions,
} from "../fragments/profile-window.ts";
import { rawSegmentCondition, rawSegmentParams } from "../fragments/raw-segment.ts";
import { segmentConditions, segmentParams } from "../fragments/segment-scope.ts";

/** How many rows came, column by column of a chart; one row per model, environment, version and column with rows. */
export const columnRowCounts = defineQuery({
  name: "columnRowCounts",
  params: z.object({
    modelIds: z.array(z.uuid()).min(1),
    grain: grainSchema,
    fromTime: z.date(),
    untilTime: z.date(),
    columnSeconds: z.int().min(1),
    ...segmentParams,
  }),
  row: z.object({
    modelId: z.string(),
    environment: z.string(),
    version: z.string(),
    columnIndex: z.int(),
    rowCount: z.int(),
  }),
  rowsMax: 200_000,
  timeoutMs: 10_000,
  sql: () => `
    SELECT toString(model_id) AS modelId, environment, version,
      intDiv(toUInt32(bucket) - toUInt32(toUnixTimestamp({fromTime: DateTime64(3)})), {columnSeconds: UInt32}) AS columnIndex,
      sum(row_count) AS rowCount
    FROM bucket_profiles FINAL
    WHERE workspace_id = {workspaceId: UUID} AND model_id IN {modelIds: Array(UUID)} AND ${segmentConditions}
      AND subject = 'row' AND ${bucketsBetween()}
      AND row_count > 0
    GROUP BY model_id, environment, version, columnIndex
    ORDER BY modelId, environment, version, columnIndex
    LIMIT {rowsMax: UInt32} + 1`,
});

/** How many rows a window has; one row per model, environment and version with rows. */
export const windowRowCounts = defineQuery({
  name: "windowRowCounts",
  params: profileWindowParams
    .pick({ grains: true, fromSeconds: true, untilSeconds: true, periods: true })
    .extend({
      modelIds: z.array(z.uuid()).min(1),
      ...segmentParams,
    }),
  row: z.object({
    modelId: z.string(),
    environment: z.string(),
    version: z.string(),
    rowCount: z.int(),
  }),
  rowsMax: 50_000,
  timeoutMs: 10_000,
  sql: () => `
    SELECT toString(model_id) AS modelId, environment, version, sum(row_count) AS rowCount
    FROM bucket_profiles FINAL
    WHERE ${pieceConditions.replace("model_id = {modelId: UUID}", "model_id IN {modelIds: Array(UUID)}")} AND subject = 'row' AND row_count > 0
    GROUP BY model_id, environment, version
    ORDER BY modelId, environment, version
    LIMIT {rowsMax: UInt32} + 1`,
});

/** How many rows the profiles of some buckets hold, of one segment or, where its value is null, of all that a key has; one row. */
export const profiledRowCount = defineQuery({
  name: "profiledRowCount",
  params: profileWindowParams.extend({
    segmentValue: z.string().nullable(),
    grains: pieceList(grainSchema),
    fromSeconds: pieceList(z.int()),
    untilSeconds: pieceList(z.int()),
  }),
  row: z.object({ rowCount: z.int() }),
  rowsMax: 1,
  timeoutMs: 30_000,
  sql: ({ segmentValue }) => `
    SELECT sum(row_count) AS rowCount
    FROM bucket_profiles FINAL
    WHERE ${segmentValue === null ? windowPieceConditions : pieceConditions}
      AND environment = {environment: String} AND version = {version: String} AND subject = 'row'
    LIMIT {rowsMax: UInt32} + 1`,
});

/** How many raw rows lie in some stretches that whole five minutes tile, of one segment or of all rows; one row. */
export const rawRowCount = defineQuery({
  name: "rawRowCount",
  params: z.object({
    modelId: z.uuid(),
    environment: z.string(),
    version: z.string(),
    fromSeconds: pieceList(z.int()),
    untilSeconds: pieceList(z.int()),
    ...rawSegmentParams,
  }),
  row: z.object({ rowCount: z.int() }),
  rowsMax: 1,
  timeoutMs: 30_000,
  sql: (params) => `
    SELECT count() AS rowCount
    FROM predictions FINAL
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
      AND environment = {environment: String} AND version = {version: String} ${rawSegmentCondition(params)}
      AND toStartOfFiveMinutes(timestamp) >= toDateTime(arrayMin({fromSeconds: Array(UInt32)}))
      AND toStartOfFiveMinutes(timestamp) < toDateTime(arrayMax({untilSeconds: Array(UInt32)}))
      AND arrayExists((f, u) -> toUInt32(toStartOfFiveMinutes(timestamp)) >= f AND toUInt32(toStartOfFiveMinutes(timestamp)) < u,
        {fromSeconds: Array(UInt32)}, {untilSeconds: Array(UInt32)})
    LIMIT {rowsMax: UInt32} + 1`,
});

/** When the newest event was made and received, whatever the window; one row per model, environment and version. */
export const lastEvents = defineQuery({
  name: "lastEvents",
  params: z.object({ modelIds: z.array(z.uuid()).min(1), ...segmentParams }),
  row: z.object({
    modelId: z.string(),
    environment: z.string(),
    version: z.string(),
    eventMs: z.int(),
    receivedMs: z.int(),
  }),
  rowsMax: 50_000,
  timeoutMs: 10_000,
  sql: () => `
    SELECT toString(model_id) AS modelId, environment, version, max(toUnixTimestamp64Milli(newest_event_at)) AS eventMs,
      max(toUnixTimestamp64Milli(newest_received_at)) AS receivedMs
    FROM bucket_profiles FINAL
    WHERE workspace_id = {workspaceId: UUID} AND model_id IN {modelIds: Array(UUID)} AND ${segmentConditions}
      AND subject = 'row' AND row_count > 0
    GROUP BY model_id, environment, version
    ORDER BY modelId, environment, version
    LIMIT {rowsMax: UInt32} + 1`,
});

/** How many labels were given in a window, corrections included; one row. */
export const labelCount = defineQuery({
  name: "labelCount",
  params: z.object({
    modelId: z.uuid(),
    environment: z.string(),
    fromTime: z.date(),
    untilTime: z.date(),
  }),
  row: z.object({ labelCount: z.int() }),
  rowsMax: 1,
  timeoutMs: 10_000,
  sql: () => `
    SELECT count() AS labelCount
    FROM labels
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND environment = {environment: String}
      AND label_timestamp >= {fromTime: DateTime64(3)} AND label_timestamp < {untilTime: DateTime64(3)}
    LIMIT {rowsMax: UInt32} + 1`,
});
