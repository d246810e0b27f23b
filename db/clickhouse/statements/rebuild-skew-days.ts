import { z } from "zod";
import { defineStatement } from "../define-statement.ts";
import { mergedSkew } from "../fragments/merged-skew.ts";
import { anyCount, confusionPairsMax, skewColumns } from "../fragments/skew-columns.ts";

const hours = `(
    SELECT *, toStartOfDay(bucket) AS day FROM skew_profiles FINAL
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND grain = '1h'
      AND bucket >= {fromTime: DateTime64(3)} AND bucket < {untilTime: DateTime64(3)}) AS hours WHERE ${anyCount}`;

const tail: Partial<Record<(typeof skewColumns)[number], string>> = {
  workspace_id: "{workspaceId: UUID} AS workspace_id",
  model_id: "{modelId: UUID} AS model_id",
  grain: "'1d' AS grain",
  bucket: "toDateTime(day, 'UTC') AS bucket",
  revision: "{revision: UInt64} AS revision",
};

/** Replaces the skew profiles of every day in [fromTime, untilTime) by what those of its hours add up to. */
export const rebuildSkewDays = defineStatement({
  name: "rebuildSkewDays",
  params: z.object({
    modelId: z.uuid(),
    fromTime: z.date(),
    untilTime: z.date(),
    revision: z.int(),
  }),
  timeoutMs: 300_000,
  sql: () => `
INSERT INTO skew_profiles (${skewColumns.join(", ")})
SELECT ${skewColumns.map((column) => tail[column] ?? column).join(", ")}
FROM (${mergedSkew("environment, version, segment_key, segment_value, feature, day", hours, confusionPairsMax)})`,
});
