import { z } from "zod";
import { defineQuery } from "../define-query.ts";

/** What turned out to be true for these predictions: the label with the greatest (label_timestamp, sequence), and how many were
 *  sent with times of their own; one row per environment and id. */
export const predictionLabels = defineQuery({
  name: "predictionLabels",
  params: z.object({
    modelId: z.uuid(),
    environments: z.array(z.string()).min(1),
    predictionIds: z.array(z.string()).min(1).max(201),
  }),
  row: z.object({
    environment: z.string(),
    predictionId: z.string(),
    kind: z.enum(["number", "class"]),
    value: z.union([z.number(), z.enum(["nan", "inf", "-inf", "-nan"])]).nullable(),
    class: z.string(),
    labelTimestampMs: z.int(),
    labelCount: z.int(),
  }),
  rowsMax: 5_000,
  timeoutMs: 5_000,
  sql: () => `
    SELECT environment, prediction_id AS predictionId, newest.1 AS kind, newest.2 AS value, newest.3 AS class,
      toUnixTimestamp64Milli(newest.4) AS labelTimestampMs, labelCount
    FROM (
      SELECT environment, prediction_id,
        argMax((label_kind, label_value, label_class, label_timestamp), (label_timestamp, sequence)) AS newest,
        uniqExact(label_timestamp) AS labelCount
      FROM labels
      WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
        AND environment IN {environments: Array(String)} AND prediction_id IN {predictionIds: Array(String)}
      GROUP BY environment, prediction_id
    )
    LIMIT {rowsMax: UInt32} + 1`,
});
