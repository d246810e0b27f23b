import { z } from "zod";
import { grainSchema } from "#lib/domain/grain.ts";
import { defineQuery } from "../define-query.ts";
import { bucketsOfPieces, timesOfPieces } from "../fragments/profile-period.ts";
import { periodList, pieceList } from "../fragments/profile-window.ts";
import { segmentConditions, segmentParams } from "../fragments/segment-scope.ts";

const params = z.object({
  modelId: z.uuid(),
  environment: z.string(),
  ...segmentParams,
  grains: pieceList(grainSchema),
  fromSeconds: pieceList(z.int()),
  untilSeconds: pieceList(z.int()),
  periods: periodList,
});

const row = z.object({
  version: z.string(),
  grain: grainSchema,
  bucketSeconds: z.int(),
  rowCount: z.int(),
});

const rowsMax = 200_000;

/** `from` names the table and the buckets of it, `count` the column that counts rows. */
const defineCounts = (name: string, count: string, from: string) =>
  defineQuery({
    name,
    params,
    row,
    rowsMax,
    timeoutMs: 20_000,
    sql: () => `
    SELECT version, toString(grain) AS grain, toUInt32(bucket) AS bucketSeconds, ${count} AS rowCount
    ${from} AND workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND environment = {environment: String}
      AND ${segmentConditions} AND ${count} > 0
    ORDER BY version, grain, bucketSeconds
    LIMIT {rowsMax: UInt32} + 1`,
  });

/** How many rows some buckets hold of what they say of features, of performance and of skew; one row per version and bucket with rows. */
export const profiledRows = {
  profile: defineCounts(
    "profiledRows",
    "row_count",
    `FROM bucket_profiles FINAL WHERE ${bucketsOfPieces} AND subject = 'row'`,
  ),
  performance: defineCounts(
    "judgedRows",
    "row_count",
    `FROM performance_profiles FINAL WHERE ${timesOfPieces}`,
  ),
  skew: defineCounts(
    "comparedRows",
    "prediction_count",
    `FROM skew_profiles FINAL WHERE ${timesOfPieces} AND feature = ''`,
  ),
};

/** How many raw rows lie in buckets of some width, in stretches that whole five minutes tile; one row per version and bucket with rows. */
export const storedRows = defineQuery({
  name: "storedRows",
  params: params
    .pick({ modelId: true, environment: true, fromSeconds: true, untilSeconds: true })
    .extend({ widthSeconds: z.int() }),
  row: row.omit({ grain: true }),
  rowsMax,
  timeoutMs: 30_000,
  sql: () => `
    SELECT version, toUInt32(intDiv(toUnixTimestamp(timestamp), {widthSeconds: UInt32}) * {widthSeconds: UInt32}) AS bucketSeconds, count() AS rowCount
    FROM predictions FINAL
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND environment = {environment: String}
      AND toStartOfFiveMinutes(timestamp) >= toDateTime(arrayMin({fromSeconds: Array(UInt32)}))
      AND toStartOfFiveMinutes(timestamp) < toDateTime(arrayMax({untilSeconds: Array(UInt32)}))
      AND arrayExists((f, u) -> toUInt32(toStartOfFiveMinutes(timestamp)) >= f AND toUInt32(toStartOfFiveMinutes(timestamp)) < u,
        {fromSeconds: Array(UInt32)}, {untilSeconds: Array(UInt32)})
    GROUP BY version, bucketSeconds
    ORDER BY version, bucketSeconds
    LIMIT {rowsMax: UInt32} + 1`,
});
