import { z } from "zod";
import { otherSegment } from "#lib/domain/segment.ts";
import { defineQuery, defineScan } from "../define-query.ts";
import { bucketsBetween } from "../fragments/profile-period.ts";
import { rowsOrLabels, subjectsOf } from "../fragments/rows-or-labels.ts";
import { storedPartColumns, storedPartFields, storedPartReader } from "./stored-profile.ts";

/** Of what coarser buckets are made: hours of five minutes, days of hours. */
const finerParams = z.object({
  modelId: z.uuid(),
  grain: z.enum(["5m", "1h"]),
  fromTime: z.date(),
  untilTime: z.date(),
  of: rowsOrLabels,
});

/** The buckets first, and then bins and names of those alone: what lies between them is most of what is stored side by side. Safe with FINAL,
 *  since profiles that replace each other are of one bucket. */
const finer = (of: z.output<typeof finerParams>["of"]) => `bucket_profiles FINAL
    PREWHERE ${bucketsBetween()}
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
      AND ${subjectsOf(of)} AND row_count > 0`;

/** What a coarser bucket would be made of: how many profiles and names, of how many rows, and what doesn't add up to what its rows say: names
 *  that are only a sum, values of a tag that have no profile of their own, and classes. One row per coarser bucket that has some. */
export const finerSizes = defineQuery({
  name: "finerSizes",
  params: finerParams,
  row: z.object({
    bucketSeconds: z.int(),
    profileCount: z.int(),
    nameCount: z.int(),
    rowCount: z.int(),
    tailCount: z.int(),
    otherSegmentCount: z.int(),
    classCount: z.int(),
  }),
  rowsMax: 20_000,
  timeoutMs: 30_000,
  sql: ({ grain, of }) => `
    SELECT toUInt32(toUnixTimestamp(${grain === "5m" ? "toStartOfHour" : "toStartOfDay"}(bucket))) AS bucketSeconds, count() AS profileCount,
      sum(length(value_names)) AS nameCount, sumIf(row_count, subject = 'row' AND segment_key = '') AS rowCount,
      countIf(other_count > 0) AS tailCount, countIf(segment_value = '${otherSegment}') AS otherSegmentCount,
      uniqExactIf(feature, subject = 'prediction' AND startsWith(feature, 'probability:')) AS classCount
    FROM ${finer(of)}
    GROUP BY bucketSeconds
    ORDER BY bucketSeconds
    LIMIT {rowsMax: UInt32} + 1`,
});

/** The profiles of which some coarser buckets are made, or of one part of their keys; those of rows come with every part. One row per
 *  bucket and key, in no order. */
export const finerProfiles = defineScan({
  name: "finerProfiles",
  params: finerParams.extend({ part: z.int(), partCount: z.int().min(1) }),
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
  timeoutMs: 300_000,
  sql: ({ of }) => `
    SELECT CAST(environment, 'String') AS environmentName, CAST(version, 'String') AS versionName,
      CAST(segment_key, 'String') AS segmentKey, CAST(segment_value, 'String') AS segmentValue, toUnixTimestamp(bucket) AS bucketSeconds,
      toUInt64(toUnixTimestamp64Milli(newest_event_at)) AS newestEventMs,
      toUInt64(toUnixTimestamp64Milli(newest_received_at)) AS newestReceivedMs,
      toUInt64(toUnixTimestamp64Milli(newest_feature_at)) AS newestFeatureMs, ${storedPartFields}
    FROM ${finer(of)} AND (cityHash64(subject, feature) % {partCount: UInt32} = {part: UInt32} OR subject = 'row')
    LIMIT {rowsMax: UInt32} + 1`,
});
