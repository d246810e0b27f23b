import { z } from "zod";
import { defineQuery } from "../define-query.ts";

const classesMax = 100;

const baselineParams = z.object({ modelId: z.uuid(), baselineId: z.uuid() });
const conditions =
  "workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND baseline_id = {baselineId: UUID}";

/** What a baseline's rows have: how many there are, and every name in them. One row. */
export const baselineNames = defineQuery({
  name: "baselineNames",
  params: baselineParams,
  row: z.object({ rowCount: z.int(), classes: z.array(z.string()), features: z.array(z.string()) }),
  rowsMax: 1,
  timeoutMs: 120_000,
  sql: () => `
    SELECT count() AS rowCount, arraySort(groupUniqArrayArray(${classesMax})(mapKeys(probabilities))) AS classes,
      arraySort(arrayDistinct(arrayConcat(groupUniqArrayArray(mapKeys(numeric_features)), groupUniqArrayArray(mapKeys(string_features)),
        groupUniqArrayArray(mapKeys(boolean_features)), groupUniqArrayArray(null_features)))) AS features
    FROM baseline_rows FINAL
    WHERE ${conditions}
    LIMIT {rowsMax: UInt32} + 1`,
});

/** Keys whose profiles are coarser than single values, and how fine they are; one row per key. */
export const coarseBaselineProfiles = defineQuery({
  name: "coarseBaselineProfiles",
  params: baselineParams.extend({ segmentKey: z.string(), revision: z.int() }),
  row: z.object({ subject: z.string(), feature: z.string(), resolutionMax: z.int() }),
  rowsMax: 10_000,
  timeoutMs: 300_000,
  sql: () => `
    SELECT subject, feature, max(resolution) AS resolutionMax
    FROM baseline_profiles
    WHERE ${conditions} AND segment_key = {segmentKey: String} AND revision = {revision: UInt64} AND resolution < 52
    GROUP BY subject, feature
    LIMIT {rowsMax: UInt32} + 1`,
});
