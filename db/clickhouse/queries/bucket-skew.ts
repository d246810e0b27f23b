import { z } from "zod";
import { defineQuery } from "../define-query.ts";
import { segmentConditions, segmentParams } from "../fragments/segment-scope.ts";
import { anyCount } from "../fragments/skew-columns.ts";

/** How the pairs of one version compared in each bucket of a stretch of time; one row per bucket and feature. */
export const bucketSkew = defineQuery({
  name: "bucketSkew",
  params: z.object({
    modelId: z.uuid(),
    environment: z.string(),
    version: z.string(),
    ...segmentParams,
    grain: z.enum(["1h", "1d"]),
    /** Null: every feature. */
    features: z.array(z.string()).nullable(),
    fromTime: z.date(),
    untilTime: z.date(),
  }),
  row: z.object({
    bucketSeconds: z.int(),
    feature: z.string(),
    match: z.int(),
    mismatch: z.int(),
    typeMismatch: z.int(),
    offlineOnly: z.int(),
    servedOnly: z.int(),
  }),
  rowsMax: 120_000,
  timeoutMs: 20_000,
  sql: ({ features }) => `
    SELECT toUInt32(bucket) AS bucketSeconds, feature, match_count AS match, mismatch_count AS mismatch,
      type_mismatch_count AS typeMismatch, offline_only_count AS offlineOnly, served_only_count AS servedOnly
    FROM skew_profiles FINAL
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND grain = {grain: String}
      AND environment = {environment: String} AND version = {version: String} AND ${segmentConditions} AND feature != ''
      ${features === null ? "" : "AND has({features: Array(String)}, feature)"}
      AND bucket >= {fromTime: DateTime64(3)} AND bucket < {untilTime: DateTime64(3)} AND ${anyCount}
    ORDER BY bucketSeconds, feature
    LIMIT {rowsMax: UInt32} + 1`,
});
