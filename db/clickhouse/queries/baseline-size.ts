import { z } from "zod";
import { defineQuery } from "../define-query.ts";

/** How many rows and features a baseline has. One row. */
export const baselineSize = defineQuery({
  name: "baselineSize",
  params: z.object({ modelId: z.uuid(), baselineId: z.uuid() }),
  row: z.object({ rowCount: z.int(), featureCount: z.int() }),
  rowsMax: 1,
  timeoutMs: 120_000,
  sql: () => `
    SELECT count() AS rowCount,
      length(arrayDistinct(arrayConcat(groupUniqArrayArray(mapKeys(numeric_features)), groupUniqArrayArray(mapKeys(string_features)),
        groupUniqArrayArray(mapKeys(boolean_features)), groupUniqArrayArray(null_features)))) AS featureCount
    FROM baseline_rows FINAL
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND baseline_id = {baselineId: UUID}
    LIMIT {rowsMax: UInt32} + 1`,
});
