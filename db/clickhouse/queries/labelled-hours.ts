import { z } from "zod";
import { defineQuery } from "../define-query.ts";

/** The hours of the predictions to which some labels belong, of every version; one row per hour. A label whose prediction has
 *  not come has none. The labels are given by their places in the order of receipt. */
export const labelledHours = defineQuery({
  name: "labelledHours",
  params: z.object({
    modelId: z.uuid(),
    sequencesFrom: z.array(z.bigint()).min(1).max(1_000),
    sequencesUntil: z.array(z.bigint()).min(1).max(1_000),
    labelFrom: z.date(),
    labelUntil: z.date(),
  }),
  row: z.object({ hourSeconds: z.int() }),
  rowsMax: 500_000,
  timeoutMs: 120_000,
  sql: () => `
    SELECT DISTINCT toUnixTimestamp(toStartOfHour(timestamp)) AS hourSeconds
    FROM predictions
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
      AND (environment, prediction_id) IN (
        SELECT environment, prediction_id FROM labels
        WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
          AND label_timestamp >= {labelFrom: DateTime64(3)} AND label_timestamp <= {labelUntil: DateTime64(3)}
          AND sequence >= arrayMin({sequencesFrom: Array(UInt64)}) AND sequence <= arrayMax({sequencesUntil: Array(UInt64)})
          AND arrayExists((f, u) -> sequence >= f AND sequence <= u, {sequencesFrom: Array(UInt64)}, {sequencesUntil: Array(UInt64)}))
    ORDER BY hourSeconds
    LIMIT {rowsMax: UInt32} + 1`,
});
