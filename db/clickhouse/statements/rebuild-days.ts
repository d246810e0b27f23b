import { z } from "zod";
import { defineStatement } from "../define-statement.ts";
import { bucketsBetween } from "../fragments/profile-period.ts";
import { binCountMax, keyOf, maskOf } from "./float-bits.ts";
import { binCounts, binningSteps, profileColumns } from "./profile-steps.ts";

const group = "environment, version, segment_key, segment_value, day";
const keys = `${group}, subject, feature`;

type Of = "rows" | "labels";

const hoursOf = (of: Of) => `bucket_profiles FINAL
  WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND subject ${of === "labels" ? "=" : "!="} 'label'
    AND ${bucketsBetween("'1h'")} AND row_count > 0`;

/** A number in place of seven names: what is grouped by it is merged several times as fast. */
const id = `sipHash128(${keys})`;

const merged = `
  SELECT *, length(cells) > ${binCountMax} AS is_wide, tupleElement(cells, 1) AS floored_keys, tupleElement(cells, 2) AS cell_counts,
    if(numeric_count = 0, 0, tupleElement(moments[1], 2) + arraySum(t -> (tupleElement(t, 2) - tupleElement(moments[1], 2)) * (tupleElement(t, 1) / numeric_count), moments)) AS mean,
    if(numeric_count = 0, 0, arraySum(t -> tupleElement(t, 3) + tupleElement(t, 1) * pow(tupleElement(t, 2) - mean, 2), moments)) AS m2
  FROM totals INNER JOIN day_rows USING (${group}) LEFT JOIN binned USING (id) LEFT JOIN named USING (id)`;

/** Replaces the profiles of every day in [fromTime, untilTime) by what those of its hours add up to: bins on the coarsest
 *  grid of the hours, and coarser where the day would have too many; moments as Chan merges them. */
export const rebuildDays = defineStatement({
  name: "rebuildDays",
  params: z.object({
    modelId: z.uuid(),
    fromTime: z.date(),
    untilTime: z.date(),
    revision: z.int(),
    valueNamesMax: z.int(),
    /** One of how many parts of the keys: what is merged at once must fit the engine's memory. */
    part: z.int(),
    partCount: z.int().min(1),
    /** Labels are profiled apart from the rows that they came for. */
    of: z.enum(["rows", "labels"]).default("rows"),
  }),
  timeoutMs: 300_000,
  sql: ({ of }) => `
INSERT INTO bucket_profiles (workspace_id, model_id, environment, version, segment_key, segment_value, grain, bucket,
  ${profileColumns.join(", ")}, newest_event_at, newest_received_at, newest_feature_at, revision)
WITH hours AS (
  SELECT *, toStartOfDay(bucket) AS day, ${id} AS id FROM ${hoursOf(of)}
    AND cityHash64(subject, feature) % {partCount: UInt32} = {part: UInt32}),
totals AS (
  SELECT ${keys}, id, sum(h.numeric_count) AS numeric_count, sum(h.nan_count) AS nan_count,
    sum(h.positive_infinity_count) AS positive_infinity_count, sum(h.negative_infinity_count) AS negative_infinity_count,
    sum(h.null_count) AS null_count, sum(h.string_count) AS string_count, sum(h.boolean_count) AS boolean_count,
    minIf(h.minimum, h.numeric_count > 0) AS minimum, maxIf(h.maximum, h.numeric_count > 0) AS maximum,
    groupArrayIf((h.numeric_count, h.mean, h.m2), h.numeric_count > 0) AS moments,
    minIf(h.resolution, h.numeric_count > 0) AS working_resolution, maxIf(h.zero_floor, h.numeric_count > 0) AS zero_floor,
    sum(h.other_count) AS tail_count, max(h.distinct_count) AS distinct_min,
    max(h.newest_event_at) AS newest_event, max(h.newest_received_at) AS newest_received, max(h.newest_feature_at) AS newest_feature
  FROM hours AS h
  GROUP BY ${keys}, id),
-- All rows of the day: an hour that never saw a feature has no profile of it.
day_rows AS (
  SELECT environment, version, segment_key, segment_value, toStartOfDay(bucket) AS day, sum(row_count) AS all_rows
  FROM ${hoursOf(of)} AND subject = '${of === "labels" ? "label" : "row"}'
  GROUP BY ${group}),
binned AS (
  SELECT id, arraySort(groupArray((k, c))) AS cells
  FROM (
    SELECT id, bitAnd(${keyOf("u")}, mask) AS k, sum(n) AS c
    FROM (
      SELECT id, reinterpretAsUInt64(if(e < zero_floor AND e > -zero_floor, 0, e) + toFloat64(0)) AS u, mask, n
      FROM (SELECT id, bins, counts FROM hours WHERE numeric_count > 0) AS stored
      INNER JOIN (SELECT id, ${maskOf("working_resolution")} AS mask, zero_floor FROM totals) AS grid USING (id)
      ARRAY JOIN bins AS e, counts AS n)
    GROUP BY id, k)
  GROUP BY id),
named AS (
  SELECT id, arraySort(t -> (-toInt64(tupleElement(t, 2)), tupleElement(t, 1)), groupArray((name, c))) AS ranked
  FROM (
    SELECT id, name, sum(n) AS c
    FROM (SELECT id, value_names, value_counts FROM hours WHERE notEmpty(value_names)) AS stored
    ARRAY JOIN value_names AS name, value_counts AS n
    GROUP BY id, name)
  GROUP BY id)
SELECT {workspaceId: UUID} AS workspace_id, {modelId: UUID} AS model_id, environment, version, segment_key, segment_value, '1d' AS grain,
  toDateTime(day, 'UTC') AS bucket,
  subject, feature, all_rows AS row_count, numeric_count, nan_count, positive_infinity_count, negative_infinity_count, null_count,
  if(subject = 'row', 0, all_rows - numeric_count - nan_count - positive_infinity_count - negative_infinity_count - null_count
    - string_count - boolean_count) AS absent_count,
  string_count, boolean_count, minimum, maximum, mean, m2,
  toUInt8(chosen_resolution) AS resolution, zero_floor, bin_edges AS bins, ${binCounts} AS counts,
  arraySlice(tupleElement(ranked, 1), 1, {valueNamesMax: UInt32}) AS value_names,
  arraySlice(tupleElement(ranked, 2), 1, {valueNamesMax: UInt32}) AS value_counts,
  toUInt64(tail_count + arraySum(tupleElement(ranked, 2)) - arraySum(value_counts)) AS other_count,
  if(tail_count = 0, length(ranked), greatest(length(ranked), distinct_min)) AS distinct_count,
  newest_event AS newest_event_at, newest_received AS newest_received_at, newest_feature AS newest_feature_at,
  {revision: UInt64} AS revision
FROM (${binningSteps.reduce((sql, step) => `SELECT *, ${step} FROM (${sql})`, merged)})`,
});
