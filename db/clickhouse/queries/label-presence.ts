import { z } from "zod";
import { defineQuery } from "../define-query.ts";

/** Whether a label ever came for a model; one row. */
export const labelPresence = defineQuery({
  name: "labelPresence",
  params: z.object({ modelId: z.uuid() }),
  row: z.object({ isPresent: z.int().transform((found) => found === 1) }),
  rowsMax: 1,
  timeoutMs: 10_000,
  sql: () => `
    SELECT count() AS isPresent
    FROM (
      SELECT 1 FROM labels
      WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
      LIMIT 1)
    LIMIT {rowsMax: UInt32} + 1`,
});
