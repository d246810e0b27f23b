import { z } from "zod";
import { defineQuery } from "../define-query.ts";

/** How many predictions were made in a stretch of time, of all or of those that carry a tag's value; one row. A row that was sent again
 *  counts once. */
export const affectedPredictions = defineQuery({
  name: "affectedPredictions",
  params: z.object({
    modelId: z.uuid(),
    environment: z.string(),
    fromTime: z.date(),
    untilTime: z.date(),
    /** "" for all. */
    segmentKey: z.string(),
    segmentValue: z.string(),
  }),
  row: z.object({ predictionCount: z.int() }),
  rowsMax: 1,
  timeoutMs: 30_000,
  sql: ({ segmentKey }) => `
    SELECT count() AS predictionCount
    FROM predictions FINAL
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND environment = {environment: String}
      AND timestamp >= {fromTime: DateTime64(3)} AND timestamp < {untilTime: DateTime64(3)}
      ${segmentKey === "" ? "" : "AND tags[{segmentKey: String}] = {segmentValue: String}"}
    LIMIT {rowsMax: UInt32} + 1`,
});
