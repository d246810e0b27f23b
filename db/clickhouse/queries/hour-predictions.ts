import { z } from "zod";
import { defineQuery } from "../define-query.ts";

/** How many predictions of a model lie in each hour; one row per hour that has any. Repeats that are not merged yet are
 *  counted: it sizes work, it is no figure. */
export const hourPredictions = defineQuery({
  name: "hourPredictions",
  params: z.object({ modelId: z.uuid(), fromTime: z.date(), untilTime: z.date() }),
  row: z.object({ hourSeconds: z.int(), rowCount: z.int() }),
  rowsMax: 100_000,
  timeoutMs: 30_000,
  sql: () => `
    SELECT toUInt32(toStartOfHour(timestamp)) AS hourSeconds, count() AS rowCount
    FROM predictions
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
      AND toStartOfFiveMinutes(timestamp) >= {fromTime: DateTime64(3)} AND toStartOfFiveMinutes(timestamp) < {untilTime: DateTime64(3)}
    GROUP BY hourSeconds
    ORDER BY hourSeconds
    LIMIT {rowsMax: UInt32} + 1`,
});
