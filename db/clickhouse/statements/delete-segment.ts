import { z } from "zod";
import { defineStatement } from "../define-statement.ts";

/** The profiles of a model by one tag, of windows and of baselines. Lightweight: rows are masked now and go with the next merge. */
export const deleteSegmentRows = (
  ["bucket_profiles", "performance_profiles", "skew_profiles", "baseline_profiles"] as const
).map((table) =>
  defineStatement({
    name: `deleteSegment:${table}`,
    params: z.object({ modelId: z.uuid(), segmentKey: z.string().min(1) }),
    timeoutMs: 300_000,
    sql: () => `
DELETE FROM ${table}
WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND segment_key = {segmentKey: String}`,
  }),
);
