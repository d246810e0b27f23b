import { z } from "zod";
import { segmentValuesMax } from "#lib/domain/segment.ts";
import { defineQuery } from "../define-query.ts";

/** How many rows of a baseline each profiled value of a tag has; one row per value with rows. */
export const baselineSegmentCounts = defineQuery({
  name: "baselineSegmentCounts",
  params: z.object({ modelId: z.uuid(), baselineId: z.uuid(), segmentKey: z.string() }),
  row: z.object({ value: z.string(), rowCount: z.int() }),
  rowsMax: segmentValuesMax,
  timeoutMs: 10_000,
  sql: () => `
    SELECT segment_value AS value, row_count AS rowCount
    FROM baseline_profiles FINAL
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND baseline_id = {baselineId: UUID}
      AND segment_key = {segmentKey: String} AND subject = 'row' AND row_count > 0
    ORDER BY rowCount DESC, value
    LIMIT {rowsMax: UInt32} + 1`,
});
