import { z } from "zod";
import { defineQuery } from "../define-query.ts";

const rejectionScope = z.object({
  model: z.string().nullable(),
  code: z.string().nullable(),
  fromTime: z.date(),
  untilTime: z.date(),
});

function conditions(scope: z.output<typeof rejectionScope>): string {
  return `workspace_id = {workspaceId: UUID}
      AND received_at >= {fromTime: DateTime64(3)} AND received_at < {untilTime: DateTime64(3)}
      ${scope.model === null ? "" : "AND model = {model: String}"}
      ${scope.code === null ? "" : "AND code = {code: String}"}`;
}

/** The newest rows that were refused, as they were sent. */
export const rejectionRows = defineQuery({
  name: "rejectionRows",
  params: rejectionScope.extend({ limit: z.int().min(1).max(200) }),
  row: z.object({
    receivedMs: z.int(),
    endpoint: z.string(),
    model: z.string(),
    predictionId: z.string(),
    code: z.string(),
    path: z.string(),
    message: z.string(),
    row: z.string(),
  }),
  rowsMax: 200,
  timeoutMs: 5_000,
  sql: (params) => `
    SELECT * FROM (
      SELECT toUnixTimestamp64Milli(received_at) AS receivedMs, endpoint, model, prediction_id AS predictionId, code, path,
        message, row
      FROM rejections FINAL
      WHERE ${conditions(params)}
      ORDER BY received_at DESC, sequence DESC
      LIMIT {limit: UInt32}
    )
    LIMIT {rowsMax: UInt32} + 1`,
});

/** How many rows were refused in a window, by reason; a row that was stored twice counts once. */
export const rejectionCounts = defineQuery({
  name: "rejectionCounts",
  params: rejectionScope,
  row: z.object({ code: z.string(), rowCount: z.int() }),
  rowsMax: 100,
  timeoutMs: 5_000,
  sql: (params) => `
    SELECT code, uniqExact(received_at, sequence) AS rowCount
    FROM rejections
    WHERE ${conditions(params)}
    GROUP BY code
    ORDER BY rowCount DESC, code
    LIMIT {rowsMax: UInt32} + 1`,
});
