import { z } from "zod";
import { defineQuery } from "../define-query.ts";
import type { RawTable } from "../inserts/raw-rows.ts";
import { rawTables, rawTimeColumns } from "../inserts/raw-rows.ts";

/** What names a row beside its id and its place in the order of receipt: two processes may give the same place to rows that
 *  share an id, such as a champion's and its shadow's. */
const ownerColumns: Record<RawTable, string> = {
  predictions: "model_id, [environment, version]",
  labels: "model_id, [environment]",
  embeddings: "model_id, [environment, version]",
  offline_features: "model_id, [environment, version]",
  rejections: "toUUID('00000000-0000-0000-0000-000000000000'), [endpoint, model]",
};

/** Whether any of some raw rows lies in its table. The times only bound what is read. */
export const rawRowPresence = defineQuery({
  name: "rawRowPresence",
  params: z.object({
    table: z.enum(rawTables),
    modelIds: z.array(z.uuid()).min(1),
    names: z.array(z.array(z.string())).min(1),
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
        AND ${rawTimeColumns[table]} >= {fromTime: DateTime64(3)} AND ${rawTimeColumns[table]} <= {untilTime: DateTime64(3)}
        AND prediction_id IN {predictionIds: Array(String)}
        AND has(
          arrayZip({modelIds: Array(UUID)}, {names: Array(Array(String))}, {predictionIds: Array(String)}, {sequences: Array(UInt64)}),
          (${ownerColumns[table]}, prediction_id, sequence)
        )
      LIMIT 1
    )
    LIMIT {rowsMax: UInt32} + 1`,
});
