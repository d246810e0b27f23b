import { z } from "zod";
import { otherSegment } from "#lib/domain/segment.ts";
import { defineQuery, defineScan } from "../define-query.ts";
import { storedPartColumns, storedPartFields, storedPartReader } from "./stored-profile.ts";

const minutes = `profiles FINAL
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND grain = '5m' AND subject != 'label'
      AND bucket >= {fromTime: DateTime64(3)} AND bucket < {untilTime: DateTime64(3)} AND row_count > 0`;

/** What the five-minute profiles of each hour are: how many, of how many rows, and what of them doesn't add up to the hour's: names that
 *  are only a sum, values of a tag that have no profile of their own, and classes. One row per hour that has some. */
export const minuteSizes = defineQuery({
  name: "minuteSizes",
  params: z.object({ modelId: z.uuid(), fromTime: z.date(), untilTime: z.date() }),
  row: z.object({
    hourSeconds: z.int(),
    profileCount: z.int(),
    rowCount: z.int(),
    tailCount: z.int(),
    otherSegmentCount: z.int(),
    classCount: z.int(),
  }),
  rowsMax: 1_000,
  timeoutMs: 30_000,
  sql: () => `
    SELECT toUInt32(toUnixTimestamp(toStartOfHour(bucket))) AS hourSeconds, count() AS profileCount,
      sumIf(row_count, subject = 'row' AND segment_key = '') AS rowCount, countIf(other_count > 0) AS tailCount,
      countIf(segment_value = '${otherSegment}') AS otherSegmentCount,
      uniqExactIf(feature, subject = 'prediction' AND startsWith(feature, 'probability:')) AS classCount
    FROM ${minutes}
    GROUP BY hourSeconds
    ORDER BY hourSeconds
    LIMIT {rowsMax: UInt32} + 1`,
});

/** The five-minute profiles of some hours, or of one part of their keys; those of rows come with every part. One row per bucket and
 *  key, in no order. */
export const minutesOfHours = defineScan({
  name: "minutesOfHours",
  params: z.object({
    modelId: z.uuid(),
    fromTime: z.date(),
    untilTime: z.date(),
    part: z.int(),
    partCount: z.int().min(1),
  }),
  columns: {
    environmentName: "String",
    versionName: "String",
    segmentKey: "String",
    segmentValue: "String",
    bucketSeconds: "UInt32",
    newestEventMs: "UInt64",
    newestReceivedMs: "UInt64",
    newestFeatureMs: "UInt64",
    ...storedPartColumns,
  },
  rowReader: () => {
    const toStoredPart = storedPartReader();
    return (read, row) => ({
      ...toStoredPart(read, row),
      environment: read.environmentName(row),
      version: read.versionName(row),
      segmentKey: read.segmentKey(row),
      segmentValue: read.segmentValue(row),
      bucketSeconds: read.bucketSeconds(row),
      newestEventMs: read.newestEventMs(row),
      newestReceivedMs: read.newestReceivedMs(row),
      newestFeatureMs: read.newestFeatureMs(row),
    });
  },
  rowsMax: 2_000_000,
  timeoutMs: 120_000,
  sql: () => `
    SELECT CAST(environment, 'String') AS environmentName, CAST(version, 'String') AS versionName,
      CAST(segment_key, 'String') AS segmentKey, CAST(segment_value, 'String') AS segmentValue, toUnixTimestamp(bucket) AS bucketSeconds,
      toUInt64(toUnixTimestamp64Milli(newest_event_at)) AS newestEventMs,
      toUInt64(toUnixTimestamp64Milli(newest_received_at)) AS newestReceivedMs,
      toUInt64(toUnixTimestamp64Milli(newest_feature_at)) AS newestFeatureMs, ${storedPartFields}
    FROM ${minutes} AND (cityHash64(subject, feature) % {partCount: UInt32} = {part: UInt32} OR subject = 'row')
    LIMIT {rowsMax: UInt32} + 1`,
});
