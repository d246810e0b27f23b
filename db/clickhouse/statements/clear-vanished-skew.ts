import { z } from "zod";
import { defineStatement } from "../define-statement.ts";
import { skewColumns, skewCounts } from "../fragments/skew-columns.ts";

const keys = new Set<string>([
  "workspace_id",
  "model_id",
  "environment",
  "version",
  "segment_key",
  "segment_value",
  "grain",
  "feature",
  "bucket",
]);
const isArray = (column: string) =>
  /^(confusion|difference)_(offline|served|counts|bins)$/.test(column);

/** By the table's name: the columns of that name are emptied in the same statement. */
const heldCount = skewCounts.map((count) => `held.${count}`).join(" + ");

function emptied(column: string): string {
  if (keys.has(column)) return column;
  if (column === "revision") return "{revision: UInt64} AS revision";
  return isArray(column) ? `[] AS ${column}` : `0 AS ${column}`;
}

/** Writes zero rows over the skew profiles of [fromTime, untilTime) that the run of this revision did not write again: neither
 *  side has what they counted any more. A row of a later revision is left alone. */
export const clearVanishedSkew = defineStatement({
  name: "clearVanishedSkew",
  params: z.object({
    modelId: z.uuid(),
    grain: z.enum(["1h", "1d"]),
    fromTime: z.date(),
    untilTime: z.date(),
    revision: z.int(),
  }),
  timeoutMs: 60_000,
  sql: () => `
INSERT INTO skew_profiles (${skewColumns.join(", ")})
SELECT ${skewColumns.map(emptied).join(", ")}
FROM (SELECT * FROM skew_profiles FINAL
  WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND grain = {grain: String}
    AND bucket >= {fromTime: DateTime64(3)} AND bucket < {untilTime: DateTime64(3)}) AS held
WHERE held.revision < {revision: UInt64} AND ${heldCount} > 0`,
});
