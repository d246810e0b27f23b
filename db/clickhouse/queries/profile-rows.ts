import { z } from "zod";
import { grainSchema } from "#lib/domain/grain.ts";
import { profileSubjectSchema } from "#lib/domain/model.ts";
import { defineQuery } from "../define-query.ts";
import { bucketsBetween } from "../fragments/profile-period.ts";
import { profileFields, storedProfileRow, storedTime } from "./stored-profile.ts";

/** The stored profiles of one version and segment, of one grain, in a window; one row per bucket, subject and feature.
 *  `features` null: all of them. Keys that vanished are left out. */
export const profileRows = defineQuery({
  name: "profileRows",
  params: z.object({
    modelId: z.uuid(),
    environment: z.string(),
    version: z.string(),
    segmentKey: z.string(),
    segmentValue: z.string(),
    grain: grainSchema,
    fromTime: z.date(),
    untilTime: z.date(),
    /** Null: all of them. */
    subjects: z.array(profileSubjectSchema).min(1).nullable(),
    features: z.array(z.string()).nullable(),
  }),
  row: storedProfileRow.extend({
    bucketMs: z.int(),
    newestEventAt: storedTime,
    newestReceivedAt: storedTime,
    newestFeatureAt: storedTime,
  }),
  rowsMax: 60_000,
  timeoutMs: 30_000,
  sql: ({ subjects, features }) => `
    SELECT toInt64(toUnixTimestamp(bucket)) * 1000 AS bucketMs, ${profileFields},
      toUnixTimestamp64Milli(newest_event_at) AS newestEventAt, toUnixTimestamp64Milli(newest_received_at) AS newestReceivedAt,
      toUnixTimestamp64Milli(newest_feature_at) AS newestFeatureAt
    FROM bucket_profiles FINAL
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
      AND segment_key = {segmentKey: String} AND segment_value = {segmentValue: String}
      AND environment = {environment: String} AND version = {version: String}
      ${subjects === null ? "" : "AND subject IN {subjects: Array(String)}"}
      ${features === null ? "" : "AND feature IN {features: Array(String)}"}
      AND ${bucketsBetween()} AND row_count > 0
    ORDER BY subject, feature, bucket
    LIMIT {rowsMax: UInt32} + 1`,
});
