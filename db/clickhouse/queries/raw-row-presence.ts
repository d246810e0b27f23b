import { z } from "zod";
import { defineQuery } from "../define-query.ts";
import type { RawTable } from "../inserts/raw-rows.ts";
import { rawTables } from "../inserts/raw-rows.ts";

const timeColumns: Record<RawTable, string> = {
  predictions: "timestamp",
  labels: "label_timestamp",
  embeddings: "timestamp",
  rejections: "received_at",
};

/** Whether any of some raw rows lies in its table. A row is named by its id and its place in the order of receipt; the
 *  times only bound what is read. */
export const rawRowPresence = defineQuery({
  name: "rawRowPresence",
  params: z.object({
    table: z.enum(rawTables),
    predictionIds: z.array(z.string()).min(1),
    sequences: z.array(z.bigint()).min(1),
    fromTime: z.date(),
    untilTime: z.date(),
  }),
  row: z.object({ isPresent: z.int().transform((found) => found === 1) }),
  rowsMax: 1,
  timeoutMs: 60_000,
  sql: ({ table }) => `
    SELECT count() AS isPresent
    FROM (
      SELECT 1
      FROM ${table}
      WHERE workspace_id = {workspaceId: UUID}
        AND ${timeColumns[table]} >= {fromTime: DateTime64(3)} AND ${timeColumns[table]} <= {untilTime: DateTime64(3)}
        AND prediction_id IN {predictionIds: Array(String)}
        AND has(arrayZip({predictionIds: Array(String)}, {sequences: Array(UInt64)}), (prediction_id, sequence))
      LIMIT 1
    )
    LIMIT {rowsMax: UInt32} + 1`,
});
