import { z } from "zod";
import { defineQuery } from "../define-query.ts";
import { segmentConditions, segmentParams } from "../fragments/segment-scope.ts";
import { profileFields, storedProfileRow } from "./stored-profile.ts";

/** The profiles of a baseline, of everything or of one segment; one row per subject and feature. */
export const baselineProfileRows = defineQuery({
  name: "baselineProfileRows",
  params: z.object({
    modelId: z.uuid(),
    baselineId: z.uuid(),
    subjects: z.array(z.string()).min(1),
    /** Null: every feature. */
    features: z.array(z.string()).nullable().default(null),
    ...segmentParams,
  }),
  row: storedProfileRow,
  rowsMax: 10_000,
  timeoutMs: 15_000,
  sql: ({ features }) => `
    SELECT ${profileFields}
    FROM baseline_profiles FINAL
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND baseline_id = {baselineId: UUID}
      AND ${segmentConditions} AND subject IN {subjects: Array(String)}
      ${features === null ? "" : "AND feature IN {features: Array(String)}"}
    ORDER BY subject, feature
    LIMIT {rowsMax: UInt32} + 1`,
});
