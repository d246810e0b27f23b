import { z } from "zod";
import { defineQuery } from "../define-query.ts";
import { expiringTables, rawTimeColumns } from "../inserts/raw-rows.ts";

/** The months in which a model has raw rows older than a time, oldest first; one row per month. */
export const expiredPartitions = defineQuery({
  name: "expiredPartitions",
  params: z.object({
    modelId: z.uuid(),
    beforeTime: z.date(),
    table: z.enum(expiringTables),
  }),
  row: z.object({ partition: z.int() }),
  rowsMax: 1_200,
  timeoutMs: 30_000,
  sql: ({ table }) => `
    SELECT DISTINCT toYYYYMM(${rawTimeColumns[table]}) AS partition
    FROM ${table}
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND ${rawTimeColumns[table]} < {beforeTime: DateTime64(3)}
    ORDER BY partition
    LIMIT {rowsMax: UInt32} + 1`,
});
