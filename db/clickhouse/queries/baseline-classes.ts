import { z } from "zod";
import { defineQuery } from "../define-query.ts";

const pairsMax = 100;

/** What a baseline's labelled rows decided and what turned out, with the mean score of each; one row per (decision, label), the
 *  most frequent ones. */
export const baselineClasses = defineQuery({
  name: "baselineClasses",
  params: z.object({ modelId: z.uuid(), baselineId: z.uuid() }),
  row: z.object({
    decision: z.string(),
    label: z.string(),
    count: z.int(),
    meanScore: z.number().nullable(),
  }),
  rowsMax: pairsMax,
  timeoutMs: 60_000,
  sql: () => `
    SELECT decision, label, count, meanScore
    FROM (
      SELECT decision, label, count() AS count, avg(prediction_score) AS meanScore
      FROM (
        SELECT prediction_score,
          multiIf(prediction_label != '', toString(prediction_label), isNotNull(prediction_value) AND prediction_value = round(prediction_value),
            toString(assumeNotNull(prediction_value)), '') AS decision,
          if(label_kind = 'class', toString(label_class), toString(assumeNotNull(label_value))) AS label
        FROM baseline_rows FINAL
        WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND baseline_id = {baselineId: UUID} AND label_kind != 'none')
      GROUP BY decision, label
      ORDER BY count DESC, decision, label
      LIMIT ${pairsMax})
    LIMIT {rowsMax: UInt32} + 1`,
});
