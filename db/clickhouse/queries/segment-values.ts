import { z } from "zod";
import { segmentLimits } from "#lib/domain/limits.ts";
import { defineQuery } from "../define-query.ts";

/** The values of one tag that have profiles of their own: those that have them already, oldest first, then the most
 *  frequent of the raw rows in question. One row per value; what is not among them is profiled as "*other*". */
export const segmentValues = defineQuery({
  name: "segmentValues",
  params: z.object({
    modelId: z.uuid(),
    segmentKey: z.string(),
    fromTime: z.date(),
    untilTime: z.date(),
  }),
  row: z.object({ value: z.string() }),
  rowsMax: segmentLimits.valuesPerKeyMax,
  timeoutMs: 30_000,
  sql: () => `
    SELECT value FROM (SELECT value FROM (
      SELECT segment_value AS value, toUInt64(0) AS place, toInt64(min(bucket)) AS rank
      FROM profiles
      WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND segment_key = {segmentKey: String}
        AND subject = 'row' AND segment_value != '*other*'
      GROUP BY segment_value
      UNION ALL
      SELECT toString(tags[{segmentKey: String}]) AS value, toUInt64(1) AS place, -toInt64(count()) AS rank
      FROM predictions
      WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
        AND toStartOfFiveMinutes(timestamp) >= {fromTime: DateTime64(3)} AND toStartOfFiveMinutes(timestamp) < {untilTime: DateTime64(3)}
      GROUP BY value)
    GROUP BY value
    ORDER BY min((place, rank)), value
    LIMIT ${segmentLimits.valuesPerKeyMax})
    LIMIT {rowsMax: UInt32} + 1`,
});
