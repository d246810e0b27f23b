import { z } from "zod";
import { segmentValuesMax } from "#lib/domain/segment.ts";
import { defineQuery } from "../define-query.ts";
import { profileFields, storedProfileRow } from "./stored-profile.ts";

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

/** The profiles of several values of a tag in a baseline; one row per value, subject and feature. */
export const baselineSegmentProfiles = defineQuery({
  name: "baselineSegmentProfiles",
  params: z.object({
    modelId: z.uuid(),
    baselineId: z.uuid(),
    segmentKey: z.string(),
    segmentValues: z.array(z.string()).min(1),
    subjects: z.array(z.string()).min(1),
  }),
  row: storedProfileRow.extend({ segment_value: z.string() }),
  rowsMax: 10_000,
  timeoutMs: 20_000,
  sql: () => `
    SELECT segment_value, ${profileFields}
    FROM baseline_profiles FINAL
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND baseline_id = {baselineId: UUID}
      AND segment_key = {segmentKey: String} AND has({segmentValues: Array(String)}, segment_value)
      AND has({subjects: Array(String)}, subject) AND row_count > 0
    ORDER BY segment_value, subject, feature
    LIMIT {rowsMax: UInt32} + 1`,
});
