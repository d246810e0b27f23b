import { z } from "zod";
import { defineQuery } from "../define-query.ts";
import { segmentConditions, segmentParams } from "../fragments/segment-scope.ts";
import { anyCount } from "../fragments/skew-columns.ts";

/** How many pairs of some features were compared and differed in each column of a chart; one row per feature and column that
 *  has any. Columns count from 0 at `fromTime`. */
export const columnSkew = defineQuery({
  name: "columnSkew",
  params: z.object({
    modelId: z.uuid(),
    environment: z.string(),
    version: z.string(),
    ...segmentParams,
    grain: z.enum(["1h", "1d"]),
    features: z.array(z.string()).min(1).max(50),
    fromTime: z.date(),
    untilTime: z.date(),
    columnSeconds: z.int().min(1),
  }),
  row: z.object({
    feature: z.string(),
    columnIndex: z.int(),
    compared: z.int(),
    differing: z.int(),
    /** 0 where nothing differs. */
    firstDifferingMs: z.int(),
  }),
  rowsMax: 40_000,
  timeoutMs: 15_000,
  sql: () => `
    SELECT feature, toUInt32(intDiv(toUInt32(bucket) - toUInt32(toUnixTimestamp({fromTime: DateTime64(3)})), {columnSeconds: UInt32})) AS columnIndex,
      sum(match_count + apart) AS compared, sum(apart) AS differing,
      toUnixTimestamp64Milli(minIf(first_differing_at, apart > 0)) AS firstDifferingMs
    FROM (
      SELECT *, mismatch_count + type_mismatch_count + offline_only_count + served_only_count AS apart
      FROM skew_profiles FINAL
      WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND grain = {grain: String}
        AND environment = {environment: String} AND version = {version: String} AND ${segmentConditions} AND has({features: Array(String)}, feature)
        AND bucket >= {fromTime: DateTime64(3)} AND bucket < {untilTime: DateTime64(3)} AND ${anyCount})
    GROUP BY feature, columnIndex
    ORDER BY feature, columnIndex
    LIMIT {rowsMax: UInt32} + 1`,
});
