import { defineStatement } from "../define-statement.ts";
import { clearedParams, replacedConditions } from "../fragments/vanished-profiles.ts";
import { profileColumns } from "./profile-steps.ts";

const kept = new Set(["subject", "feature"]);
const arrays = new Set(["bins", "exact_edges", "counts", "value_names", "value_counts"]);

function emptied(column: string): string {
  if (kept.has(column)) return column;
  return arrays.has(column) ? `[] AS ${column}` : `0 AS ${column}`;
}

/** Writes zero rows over the profiles of [fromTime, untilTime) that the run of this revision did not write again: their
 *  keys have no raw rows any more. A row of a later revision is left alone. */
export const clearVanishedProfiles = defineStatement({
  name: "clearVanishedProfiles",
  params: clearedParams,
  timeoutMs: 60_000,
  sql: ({ of }) => `
INSERT INTO bucket_profiles (workspace_id, model_id, environment, version, segment_key, segment_value, grain, bucket,
  ${profileColumns.join(", ")}, newest_event_at, newest_received_at, newest_feature_at, revision)
SELECT workspace_id, model_id, environment, version, segment_key, segment_value, grain, bucket,
  ${profileColumns.map(emptied).join(", ")}, 0 AS newest_event_at, 0 AS newest_received_at, 0 AS newest_feature_at,
  {revision: UInt64} AS revision
FROM (SELECT * FROM bucket_profiles FINAL
  WHERE ${replacedConditions(of)}) AS held
WHERE held.revision < {revision: UInt64} AND held.row_count > 0`,
});
