import { z } from "zod";
import { defineQuery } from "../define-query.ts";
import { rawTimeColumns } from "../inserts/raw-rows.ts";

/** The hours of the predictions to which some rows belong, of every version; one row per hour. A row whose prediction has not
 *  come has none. The rows are given by their places in the order of receipt. */
export const arrivedHours = defineQuery({
  name: "arrivedHours",
  params: z.object({
    modelId: z.uuid(),
    table: z.enum(["labels", "offline_features"]),
    sequencesFrom: z.array(z.bigint()).min(1).max(1_000),
    sequencesUntil: z.array(z.bigint()).min(1).max(1_000),
    rowFrom: z.date(),
    rowUntil: z.date(),
  }),
  row: z.object({ hourSeconds: z.int() }),
  rowsMax: 500_000,
  timeoutMs: 120_000,
  sql: ({ table }) => `
    SELECT DISTINCT toUnixTimestamp(toStartOfHour(timestamp)) AS hourSeconds
    FROM predictions
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
      AND (environment, prediction_id) IN (
        SELECT environment, prediction_id FROM ${table}
        WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
          AND ${rawTimeColumns[table]} >= {rowFrom: DateTime64(3)} AND ${rawTimeColumns[table]} <= {rowUntil: DateTime64(3)}
          AND sequence >= arrayMin({sequencesFrom: Array(UInt64)}) AND sequence <= arrayMax({sequencesUntil: Array(UInt64)})
          AND arrayExists((f, u) -> sequence >= f AND sequence <= u, {sequencesFrom: Array(UInt64)}, {sequencesUntil: Array(UInt64)}))
    ORDER BY hourSeconds
    LIMIT {rowsMax: UInt32} + 1`,
});
