import { z } from "zod";
import { defineQuery } from "../define-query.ts";

/** The newest row that was received since a moment, of any model. Rows made long before it are not looked for: they are a
 *  backfill, and to find one would mean to read the whole history every two seconds. */
export const firstRow = defineQuery({
  name: "firstRow",
  params: z.object({ fromTime: z.date(), sinceSequence: z.bigint() }),
  row: z.object({
    modelId: z.uuid(),
    environment: z.string(),
    version: z.string(),
    predictionId: z.string(),
    receivedMs: z.int(),
  }),
  rowsMax: 1,
  timeoutMs: 5_000,
  sql: () => `
    SELECT * FROM (
      SELECT model_id AS modelId, environment, version, prediction_id AS predictionId,
        toInt64(bitShiftRight(sequence, 22)) AS receivedMs
      FROM predictions
      WHERE workspace_id = {workspaceId: UUID} AND timestamp >= {fromTime: DateTime64(3)}
        AND sequence >= {sinceSequence: UInt64}
      ORDER BY sequence DESC
      LIMIT 1
    )
    LIMIT {rowsMax: UInt32} + 1`,
});
