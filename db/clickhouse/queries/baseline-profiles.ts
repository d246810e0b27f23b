import { z } from "zod";
import { defineScan } from "../define-query.ts";
import { storedPartColumns, storedPartFields, storedPartReader } from "./stored-profile.ts";

/** The profiles of a baseline, of everything or of some values of a tag; one row per value, subject and feature, in no order. */
export const baselineProfiles = defineScan({
  name: "baselineProfiles",
  params: z.object({
    modelId: z.uuid(),
    baselineId: z.uuid(),
    subjects: z.array(z.string()).min(1),
    /** Null: every feature. */
    features: z.array(z.string()).nullable().default(null),
    segmentKey: z.string().default(""),
    segmentValues: z.array(z.string()).min(1).default([""]),
  }),
  columns: { segmentValue: "String", ...storedPartColumns },
  rowReader: () => {
    const toStoredPart = storedPartReader();
    return (read, row) => ({
      ...toStoredPart(read, row),
      segmentValue: read.segmentValue(row),
    });
  },
  rowsMax: 10_000,
  timeoutMs: 20_000,
  sql: ({ features }) => `
    SELECT CAST(segment_value, 'String') AS segmentValue, ${storedPartFields}
    FROM baseline_profiles FINAL
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND baseline_id = {baselineId: UUID}
      AND segment_key = {segmentKey: String} AND segment_value IN {segmentValues: Array(String)} AND subject IN {subjects: Array(String)}
      ${features === null ? "" : "AND feature IN {features: Array(String)}"} AND row_count > 0
    LIMIT {rowsMax: UInt32} + 1`,
});
