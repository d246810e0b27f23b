import { z } from "zod";
import { defineStatement } from "../define-statement.ts";
import { finestResolution, listProfileKeys, profileKeyParams } from "./profile-keys.ts";
import { profileColumns, profileSelect } from "./profile-select.ts";

/** Labels are profiled as the one feature of rows that have no other: numbers where they came as numbers, names where as
 *  classes. */
export function labelKeys() {
  const keys = listProfileKeys(
    { features: ["label"], classes: [], ages: [], kinds: ["strings"] },
    () => finestResolution,
  );
  const isLabel = (i: number) => i === 1;
  return {
    ...keys,
    subjects: keys.subjects.map((subject, i) => (isLabel(i) ? "label" : subject)),
    written: keys.written.map((_, i) => (isLabel(i) ? (1 as const) : (0 as const))),
    isComplete: 0 as const,
  };
}

const numbers = "Map(LowCardinality(String), Float64)";
const names = "Map(LowCardinality(String), LowCardinality(String))";

/** A row that holds its label and nothing else. */
const labelAlone = (kind: string, value: string, name: string) => `
    CAST(NULL, 'Nullable(Float64)') AS event_lag_ms, CAST(NULL, 'Nullable(Float64)') AS prediction_value,
    CAST(NULL, 'Nullable(Float64)') AS prediction_score, CAST('', 'LowCardinality(String)') AS prediction_label,
    CAST(NULL, 'Nullable(Float64)') AS latency_ms, CAST(map(), '${numbers}') AS probabilities,
    if(${kind} = 'number', CAST(map('label', assumeNotNull(${value})), '${numbers}'), CAST(map(), '${numbers}')) AS numeric_features,
    if(${kind} = 'class', CAST(map('label', ${name}), '${names}'), CAST(map(), '${names}')) AS string_features,
    CAST(map(), 'Map(LowCardinality(String), Bool)') AS boolean_features, CAST([], 'Array(LowCardinality(String))') AS null_features,
    CAST(map(), 'Map(LowCardinality(String), DateTime64(3, \\'UTC\\'))') AS feature_timestamps`;

const positionOf = (column: string, list: string) =>
  `toUInt64(indexOf({${list}: Array(String)}, toString(${column})))`;

const window = `workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
        AND toStartOfFiveMinutes(timestamp) >= {fromTime: DateTime64(3)} AND toStartOfFiveMinutes(timestamp) < {untilTime: DateTime64(3)}`;

/** Replaces the profile of the labels of every hour in [fromTime, untilTime) by that of the labels that hold now, by the time of their
 *  predictions. The revision was drawn before they are read, so that of two runs the one that saw more wins. */
export const recomputeLabels = defineStatement({
  name: "recomputeLabels",
  params: profileKeyParams.extend({
    modelId: z.uuid(),
    fromTime: z.date(),
    untilTime: z.date(),
    environments: z.array(z.string()).min(1),
    versions: z.array(z.string()).min(1),
    valueNamesMax: z.int(),
    revision: z.int(),
  }),
  timeoutMs: 300_000,
  sql: (params) => {
    const environments = params.environments.length + 1;
    const versions = params.versions.length + 1;
    const fromSeconds = "toUInt64(toUnixTimestamp({fromTime: DateTime64(3)}))";
    return `
INSERT INTO profiles (workspace_id, model_id, environment, version, segment_key, segment_value, grain, bucket,
  ${profileColumns.join(", ")}, newest_event_at, newest_received_at, newest_feature_at, revision)
${profileSelect({
  groupColumns: `{workspaceId: UUID} AS workspace_id, {modelId: UUID} AS model_id,
  arrayElement({environments: Array(String)}, intDiv(group_id, ${versions}) % ${environments}) AS environment,
  arrayElement({versions: Array(String)}, group_id % ${versions}) AS version,
  '' AS segment_key, '' AS segment_value, '1h' AS grain,
  toDateTime(${fromSeconds} + 3600 * intDiv(group_id, ${environments} * ${versions}), 'UTC') AS bucket`,
  source: `
  SELECT (intDiv(toUInt64(toUnixTimestamp(p.timestamp)) - ${fromSeconds}, 3600) * ${environments} + ${positionOf("p.environment", "environments")})
      * ${versions} + ${positionOf("p.version", "versions")} AS group_id,
    toUnixTimestamp64Milli(p.timestamp) AS ms, toInt64(0) AS received_ms,
    ${labelAlone("tupleElement(l.held, 1)", "tupleElement(l.held, 2)", "tupleElement(l.held, 3)")}
  FROM (
    SELECT environment, version, prediction_id, timestamp
    FROM predictions FINAL
    WHERE ${window}
      AND has({environments: Array(String)}, environment) AND has({versions: Array(String)}, version)) AS p
  INNER JOIN (
    SELECT environment, prediction_id, argMax((label_kind, label_value, label_class), (label_timestamp, sequence)) AS held
    FROM labels
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
      AND prediction_id IN (SELECT prediction_id FROM predictions WHERE ${window})
    GROUP BY environment, prediction_id) AS l
  ON p.environment = l.environment AND p.prediction_id = l.prediction_id`,
  keys: params,
  tailColumns: `fromUnixTimestamp64Milli(newest_event_ms, 'UTC') AS newest_event_at, toDateTime64(0, 3, 'UTC') AS newest_received_at,
  toDateTime64(0, 3, 'UTC') AS newest_feature_at, {revision: UInt64} AS revision`,
})}`;
  },
});

/** Profiles the labels of a baseline on the same grid. */
export const profileBaselineLabels = defineStatement({
  name: "profileBaselineLabels",
  params: profileKeyParams.extend({
    modelId: z.uuid(),
    baselineId: z.uuid(),
    valueNamesMax: z.int(),
    revision: z.int(),
  }),
  timeoutMs: 600_000,
  sql: (params) => `
INSERT INTO baseline_profiles (workspace_id, model_id, baseline_id, segment_key, segment_value,
  ${profileColumns.join(", ")}, revision)
${profileSelect({
  groupColumns: `{workspaceId: UUID} AS workspace_id, {modelId: UUID} AS model_id, {baselineId: UUID} AS baseline_id,
  '' AS segment_key, '' AS segment_value`,
  source: `
  SELECT toUInt64(0) AS group_id, toInt64(0) AS ms, toInt64(0) AS received_ms,
    ${labelAlone("label_kind", "label_value", "label_class")}
  FROM baseline_rows FINAL
  WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND baseline_id = {baselineId: UUID} AND label_kind != 'none'`,
  keys: params,
  tailColumns: "{revision: UInt64} AS revision",
})}`,
});
