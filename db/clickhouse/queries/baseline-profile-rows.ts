import { z } from "zod";
import { defineQuery } from "../define-query.ts";
import { profileFields, storedProfileRow } from "./stored-profile.ts";

/** The profiles of a baseline, everything together; one row per subject and feature. */
export const baselineProfileRows = defineQuery({
  name: "baselineProfileRows",
  params: z.object({
    modelId: z.uuid(),
    baselineId: z.uuid(),
    subjects: z.array(z.string()).min(1),
    /** Null: every feature. */
    features: z.array(z.string()).nullable().default(null),
  }),
  row: storedProfileRow,
  rowsMax: 10_000,
  timeoutMs: 15_000,
  sql: ({ features }) => `
    SELECT ${profileFields}
    FROM baseline_profiles FINAL
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND baseline_id = {baselineId: UUID}
      AND segment_key = '' AND segment_value = '' AND has({subjects: Array(String)}, subject)
      ${features === null ? "" : "AND has({features: Array(String)}, feature)"}
    ORDER BY subject, feature
    LIMIT {rowsMax: UInt32} + 1`,
});
