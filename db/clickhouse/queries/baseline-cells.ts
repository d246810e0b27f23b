import { z } from "zod";
import { defineQuery } from "../define-query.ts";
import { edgeOf, keyOf, maskOf } from "../statements/float-bits.ts";

const numbers = z.array(z.number());
const scope =
  "workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND baseline_id = {baselineId: UUID}";

/** Labelled rows that have a score: how many, and how many scores they share. One row. */
export const baselineScores = defineQuery({
  name: "baselineScores",
  params: z.object({ modelId: z.uuid(), baselineId: z.uuid() }),
  row: z.object({ rowCount: z.int(), scoreCount: z.int() }),
  rowsMax: 1,
  timeoutMs: 30_000,
  sql: () => `
    SELECT count() AS rowCount, uniq(prediction_score) AS scoreCount
    FROM baseline_rows FINAL
    WHERE ${scope} AND label_kind != 'none' AND isNotNull(prediction_score)
    LIMIT {rowsMax: UInt32} + 1`,
});

/** A baseline's labelled rows by (score, decision, label), in blocks of equal size by time and then by their place in the
 *  file; one row per block, its lists side by side. A score is the left edge of its bin, which at the finest
 *  resolution is itself. */
export const baselineCells = defineQuery({
  name: "baselineCells",
  params: z.object({
    modelId: z.uuid(),
    baselineId: z.uuid(),
    blockCount: z.int().min(1).max(100),
    resolution: z.int(),
  }),
  row: z.object({
    block: z.int(),
    scores: numbers,
    decisions: z.array(z.string()),
    labels: z.array(z.string()),
    counts: numbers,
  }),
  rowsMax: 100,
  timeoutMs: 60_000,
  sql: () => `
    SELECT block, groupArray(score) AS scores, groupArray(decision) AS decisions, groupArray(label) AS labels, groupArray(c) AS counts
    FROM (
      SELECT block, ${edgeOf("k")} AS score, decision, label, count() AS c
      FROM (
        SELECT intDiv((row_number() OVER (ORDER BY ifNull(timestamp, toDateTime64(0, 3, 'UTC')), row_number ASC) - 1) * {blockCount: UInt64}, count() OVER ()) AS block,
          reinterpretAsUInt64(assumeNotNull(prediction_score) + 0) AS u, bitAnd(${keyOf("u")}, ${maskOf("{resolution: UInt8}")}) AS k,
          multiIf(prediction_label != '', prediction_label, isNotNull(prediction_value) AND prediction_value = round(prediction_value),
            toString(assumeNotNull(prediction_value)), '') AS decision,
          if(label_kind = 'class', label_class, toString(assumeNotNull(label_value))) AS label
        FROM baseline_rows FINAL
        WHERE ${scope} AND label_kind != 'none' AND isNotNull(prediction_score))
      GROUP BY block, k, decision, label)
    GROUP BY block
    ORDER BY block
    LIMIT {rowsMax: UInt32} + 1`,
});
