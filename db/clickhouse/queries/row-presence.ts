import { z } from "zod";
import { defineQuery } from "../define-query.ts";

/** Whether a table has any row of a model; one row. */
const presenceIn = (name: string, table: "offline_features" | "labels") =>
  defineQuery({
    name,
    params: z.object({ modelId: z.uuid() }),
    row: z.object({ isPresent: z.int().transform((found) => found === 1) }),
    rowsMax: 1,
    timeoutMs: 10_000,
    sql: () => `
    SELECT count() AS isPresent
    FROM (
      SELECT 1 FROM ${table}
      WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
      LIMIT 1)
    LIMIT {rowsMax: UInt32} + 1`,
  });

/** Whether anybody has ever said what a model's features should have been. */
export const offlinePresence = presenceIn("offlinePresence", "offline_features");

/** Whether a label ever came for a model. */
export const labelPresence = presenceIn("labelPresence", "labels");
