import { z } from "zod";
import { otherSegment } from "#lib/domain/segment.ts";
import { defineStatement } from "../define-statement.ts";
import { profileKeyParams } from "./profile-keys.ts";
import { profileColumns, profileSelect } from "./profile-select.ts";

/** Profiles the rows of a baseline, or those of every value of a tag, on the grid that windows use. A baseline has no time of
 *  receipt and no latency: those keys are not written. */
export const profileBaseline = defineStatement({
  name: "profileBaseline",
  params: profileKeyParams.extend({
    modelId: z.uuid(),
    baselineId: z.uuid(),
    valueNamesMax: z.int(),
    /** "" for everything; else a tag key, whose listed values are profiled apart and all others together. */
    segmentKey: z.string(),
    segmentValues: z.array(z.string()).min(1),
    revision: z.int(),
  }),
  timeoutMs: 600_000,
  sql: (params) => `
INSERT INTO baseline_profiles (workspace_id, model_id, baseline_id, segment_key, segment_value,
  ${profileColumns.join(", ")}, revision)
${profileSelect({
  groupColumns: `{workspaceId: UUID} AS workspace_id, {modelId: UUID} AS model_id, {baselineId: UUID} AS baseline_id,
  {segmentKey: String} AS segment_key,
  if(group_id = 0, '${otherSegment}', arrayElement({segmentValues: Array(String)}, group_id)) AS segment_value`,
  source: `
  SELECT ${params.segmentKey === "" ? "toUInt64(1)" : "toUInt64(indexOf({segmentValues: Array(String)}, toString(tags[{segmentKey: String}])))"} AS group_id,
    toInt64(0) AS ms, toInt64(0) AS received_ms, CAST(NULL, 'Nullable(Float64)') AS event_lag_ms,
    prediction_value, prediction_score, prediction_label, CAST(NULL, 'Nullable(Float64)') AS latency_ms, probabilities,
    numeric_features, string_features, boolean_features, null_features,
    CAST(map(), 'Map(LowCardinality(String), DateTime64(3, \\'UTC\\'))') AS feature_timestamps
  FROM baseline_rows FINAL
  WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND baseline_id = {baselineId: UUID}`,
  keys: params,
  tailColumns: "{revision: UInt64} AS revision",
})}`,
});
