import { z } from "zod";
import { defineQuery } from "../define-query.ts";
import { rawSegmentCondition, rawSegmentParams } from "../fragments/raw-segment.ts";

/** Which of a window's rows say the same as an earlier row, in content and not in id: one row per distinct content, with how
 *  many rows of the window have it, whether it came before the window too, and what it holds of one feature. A share of
 *  1 / `sampleOf` of all contents is looked at, so that a content is seen with all of its rows or not at all. */
export const replayedRows = defineQuery({
  name: "replayedRows",
  params: z.object({
    modelId: z.uuid(),
    environment: z.string(),
    version: z.string(),
    feature: z.string(),
    /** From here on an earlier row counts. */
    beforeTime: z.date(),
    fromTime: z.date(),
    untilTime: z.date(),
    sampleOf: z.int().min(1),
    ...rawSegmentParams,
  }),
  row: z.object({
    rowCount: z.int(),
    earlierCount: z.int(),
    numericValue: z.union([z.number(), z.enum(["nan", "inf", "-inf", "-nan"])]).nullable(),
    stringValue: z.string().nullable(),
    booleanValue: z.boolean().nullable(),
    isNull: z.boolean(),
  }),
  rowsMax: 60_000,
  timeoutMs: 15_000,
  sql: (params) => `
    SELECT countIf(timestamp >= {fromTime: DateTime64(3)}) AS rowCount, countIf(timestamp < {fromTime: DateTime64(3)}) AS earlierCount,
      any(if(mapContains(numeric_features, {feature: String}), numeric_features[{feature: String}], NULL)) AS numericValue,
      any(if(mapContains(string_features, {feature: String}), toString(string_features[{feature: String}]), NULL)) AS stringValue,
      any(if(mapContains(boolean_features, {feature: String}), boolean_features[{feature: String}], NULL)) AS booleanValue,
      any(CAST(has(null_features, {feature: String}), 'Bool')) AS isNull
    FROM (
      SELECT timestamp, numeric_features, string_features, boolean_features, null_features,
        sipHash64(numeric_features, string_features, boolean_features, entity_id) AS content
      FROM predictions FINAL
      WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
        AND environment = {environment: String} AND version = {version: String}
        AND timestamp >= {beforeTime: DateTime64(3)} AND timestamp < {untilTime: DateTime64(3)} ${rawSegmentCondition(params)})
    WHERE content % {sampleOf: UInt32} = 0
    GROUP BY content
    HAVING rowCount > 0
    LIMIT {rowsMax: UInt32} + 1`,
});
