import { z } from "zod";
import { grainMs, grainSchema } from "#lib/domain/grain.ts";
import { otherSegment } from "#lib/domain/segment.ts";
import { defineStatement } from "../define-statement.ts";
import { profileKeyParams } from "./profile-keys.ts";
import { profileColumns, profileSelect } from "./profile-select.ts";

const recomputeProfilesParams = profileKeyParams.extend({
  modelId: z.uuid(),
  valueNamesMax: z.int(),
  grain: grainSchema,
  fromTime: z.date(),
  untilTime: z.date(),
  /** "" for everything; else a tag key, whose listed values are profiled apart and all others as `otherSegment`. */
  segmentKey: z.string(),
  segmentValues: z.array(z.string()).min(1),
  environments: z.array(z.string()).min(1),
  versions: z.array(z.string()).min(1),
  revision: z.int(),
});

/** Replaces the profiles of every bucket in [fromTime, untilTime) by what the raw rows say now; the rows stay in the store.
 *  The revision was drawn before the raw rows are read, so that of two runs the one that saw more wins. */
export const recomputeProfiles = defineStatement({
  name: "recomputeProfiles",
  params: recomputeProfilesParams,
  timeoutMs: 300_000,
  sql: (params) => {
    const { grain, segmentKey } = params;
    const seconds = grainMs[grain] / 1000;
    const environments = params.environments.length + 1;
    const versions = params.versions.length + 1;
    const segments = params.segmentValues.length + 1;
    const segment =
      segmentKey === ""
        ? "toUInt64(1)"
        : "transform(tags[{segmentKey: String}], {segmentValues: Array(String)}, arrayEnumerate({segmentValues: Array(String)}), toUInt64(0))";
    const fromSeconds = "toUInt64(toUnixTimestamp({fromTime: DateTime64(3)}))";
    return `
INSERT INTO profiles (workspace_id, model_id, environment, version, segment_key, segment_value, grain, bucket,
  ${profileColumns.join(", ")}, newest_event_at, newest_received_at, newest_feature_at, revision)
${profileSelect({
  groupColumns: `{workspaceId: UUID} AS workspace_id, {modelId: UUID} AS model_id,
  arrayElement({environments: Array(String)}, intDiv(group_id, ${versions} * ${segments}) % ${environments}) AS environment,
  arrayElement({versions: Array(String)}, intDiv(group_id, ${segments}) % ${versions}) AS version,
  {segmentKey: String} AS segment_key,
  if(group_id % ${segments} = 0, '${otherSegment}', arrayElement({segmentValues: Array(String)}, group_id % ${segments})) AS segment_value,
  {grain: String} AS grain,
  toDateTime(${fromSeconds} + ${seconds} * intDiv(group_id, ${environments} * ${versions} * ${segments}), 'UTC') AS bucket`,
  source: `
  SELECT toUInt64(((intDiv(toUInt64(toUnixTimestamp(timestamp)) - ${fromSeconds}, ${seconds}) * ${environments}
      + ${positionOf("environment", "environments")}) * ${versions} + ${positionOf("version", "versions")}) * ${segments} + ${segment}) AS group_id,
    toUnixTimestamp64Milli(timestamp) AS ms, toInt64(bitShiftRight(sequence, 22)) AS received_ms, toFloat64(received_ms - ms) AS event_lag_ms,
    prediction_value, prediction_score, prediction_label, latency_ms, probabilities, numeric_features, string_features,
    boolean_features, null_features, feature_timestamps
  FROM predictions FINAL
  WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
    AND toStartOfFiveMinutes(timestamp) >= {fromTime: DateTime64(3)} AND toStartOfFiveMinutes(timestamp) < {untilTime: DateTime64(3)}
    AND timestamp >= {fromTime: DateTime64(3)} AND timestamp < {untilTime: DateTime64(3)}
    AND environment IN {environments: Array(String)} AND version IN {versions: Array(String)}`,
  keys: params,
  tailColumns: `fromUnixTimestamp64Milli(newest_event_ms, 'UTC') AS newest_event_at, fromUnixTimestamp64Milli(newest_received_ms, 'UTC') AS newest_received_at,
  fromUnixTimestamp64Milli(newest_feature_ms, 'UTC') AS newest_feature_at, {revision: UInt64} AS revision`,
})}`;
  },
});

function positionOf(column: string, list: string): string {
  return `transform(${column}, {${list}: Array(String)}, arrayMap(i -> toUInt64(i), arrayEnumerate({${list}: Array(String)})), toUInt64(0))`;
}
