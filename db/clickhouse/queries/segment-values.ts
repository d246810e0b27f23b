import { z } from "zod";
import { segmentLimits } from "#lib/domain/limits.ts";
import { otherSegment } from "#lib/domain/segment.ts";
import { defineQuery } from "../define-query.ts";

/** Values that have profiles already: of windows first, the oldest first, then of baselines. A value once named stays so, in
 *  windows and baselines alike, or the rest would be another rest on each side. */
const heldValues = `
      SELECT segment_value AS value, toUInt64(0) AS place, toInt64(min(bucket)) AS rank
      FROM bucket_profiles
      WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND segment_key = {segmentKey: String}
        AND subject = 'row' AND segment_value != '${otherSegment}'
      GROUP BY segment_value
      UNION ALL
      SELECT segment_value AS value, toUInt64(1) AS place, -toInt64(max(row_count)) AS rank
      FROM baseline_profiles
      WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND segment_key = {segmentKey: String}
        AND subject = 'row' AND segment_value != '${otherSegment}'
      GROUP BY segment_value`;

/** The values of one tag that have profiles of their own: those that have them already, then the most frequent of the raw rows in
 *  question. One row per value; what is not among them is profiled as "*other*". */
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
      ${heldValues}
      UNION ALL
      SELECT toString(tags[{segmentKey: String}]) AS value, toUInt64(2) AS place, -toInt64(count()) AS rank
      FROM predictions
      WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
        AND toStartOfFiveMinutes(timestamp) >= {fromTime: DateTime64(3)} AND toStartOfFiveMinutes(timestamp) < {untilTime: DateTime64(3)}
      GROUP BY value)
    GROUP BY value
    ORDER BY min((place, rank)), value
    LIMIT ${segmentLimits.valuesPerKeyMax})
    LIMIT {rowsMax: UInt32} + 1`,
});

/** The values of one tag in a baseline that have profiles of their own, by the same rule: those that profiles of windows or of
 *  other baselines have already, then the most frequent of its rows. One row per value. */
export const baselineSegmentValues = defineQuery({
  name: "baselineSegmentValues",
  params: z.object({ modelId: z.uuid(), baselineId: z.uuid(), segmentKey: z.string() }),
  row: z.object({ value: z.string() }),
  rowsMax: segmentLimits.valuesPerKeyMax,
  timeoutMs: 60_000,
  sql: () => `
    SELECT value FROM (SELECT value FROM (
      ${heldValues}
      UNION ALL
      SELECT toString(tags[{segmentKey: String}]) AS value, toUInt64(2) AS place, -toInt64(count()) AS rank
      FROM baseline_rows FINAL
      WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND baseline_id = {baselineId: UUID}
      GROUP BY value)
    GROUP BY value
    ORDER BY min((place, rank)), value
    LIMIT ${segmentLimits.valuesPerKeyMax})
    LIMIT {rowsMax: UInt32} + 1`,
});

/** The values of one tag that are profiled by name: what is not among them is "*other*". One row per value. */
export const namedSegmentValues = defineQuery({
  name: "namedSegmentValues",
  params: z.object({ modelId: z.uuid(), segmentKey: z.string() }),
  row: z.object({ value: z.string() }),
  rowsMax: 2 * segmentLimits.valuesPerKeyMax,
  timeoutMs: 10_000,
  sql: () => `
    SELECT DISTINCT value FROM (${heldValues})
    LIMIT {rowsMax: UInt32} + 1`,
});
