import { z } from "zod";
import { defineQuery } from "../define-query.ts";

/** The first day on which a model, or one version of it, had rows in an environment; one row, or none. */
export const firstProfiledDay = defineQuery({
  name: "firstProfiledDay",
  params: z.object({ modelId: z.uuid(), environment: z.string(), version: z.string().nullable() }),
  row: z.object({ fromMs: z.int() }),
  rowsMax: 1,
  timeoutMs: 10_000,
  sql: ({ version }) => `
    SELECT toInt64(toUnixTimestamp(min(bucket))) * 1000 AS fromMs
    FROM bucket_profiles
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND segment_key = '' AND segment_value = ''
      AND grain = '1d' AND environment = {environment: String} ${version === null ? "" : "AND version = {version: String}"}
      AND subject = 'row' AND row_count > 0
    HAVING count() > 0
    LIMIT {rowsMax: UInt32} + 1`,
});
