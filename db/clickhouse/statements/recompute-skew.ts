import { z } from "zod";
import { defineStatement } from "../define-statement.ts";
import { segmentColumns, segmentPlace, segmentPlaceParams } from "../fragments/segment-place.ts";
import {
  confusionPairsMax,
  differenceResolution,
  skewColumns,
  skewCounts,
} from "../fragments/skew-columns.ts";
import {
  comparedValues,
  offlineRowsOf,
  outcomes,
  servedRows,
  spelled,
  toleranceParams,
  valueTypes,
} from "../fragments/skew-pairs.ts";
import { binCountMax, edgeOf, keyOf, maskOf } from "./float-bits.ts";

const range = z.object({
  modelId: z.uuid(),
  fromTime: z.date(),
  untilTime: z.date(),
  ...segmentPlaceParams,
  revision: z.int(),
});

const pairRange = range.extend(toleranceParams);
type PairRange = z.output<typeof pairRange>;

const noDetail = `[]::Array(String) AS confusion_offline, []::Array(String) AS confusion_served, []::Array(UInt64) AS confusion_counts,
  toUInt64(0) AS confusion_other, toUInt8(${differenceResolution}) AS difference_resolution,
  []::Array(Float64) AS difference_bins, []::Array(UInt64) AS difference_counts`;
const noDiffering = `toDateTime64(0, 3, 'UTC') AS first_differing_at, toDateTime64(0, 3, 'UTC') AS last_differing_at`;

/** How many predictions each version made in each hour of [fromTime, untilTime), and of how many the offline store says
 *  something: the rows of feature ''. */
export const recomputeSkewTotals = defineStatement({
  name: "recomputeSkewTotals",
  params: range,
  timeoutMs: 300_000,
  sql: (given) => `
INSERT INTO skew_profiles (${skewColumns.join(", ")})
SELECT {workspaceId: UUID} AS workspace_id, {modelId: UUID} AS model_id, environment, version, ${segmentColumns}, '1h' AS grain, '' AS feature, bucket,
  count() AS prediction_count, countIf(is_known) AS pair_count, toUInt64(0) AS match_count, toUInt64(0) AS mismatch_count,
  toUInt64(0) AS type_mismatch_count, toUInt64(0) AS offline_only_count, toUInt64(0) AS served_only_count,
  ${noDiffering}, ${noDetail}, {revision: UInt64} AS revision
FROM (
  SELECT environment, version, segment, toStartOfHour(timestamp) AS bucket,
    arrayExists(v -> v IN ('', toString(version)), versions) AS is_known
  FROM (SELECT environment, version, ${segmentPlace(given)} AS segment, prediction_id, timestamp FROM ${servedRows}) AS served
  LEFT JOIN (
    SELECT environment, prediction_id, groupArray(toString(version)) AS versions
    FROM ${offlineRowsOf(servedRows)}
    GROUP BY environment, prediction_id) AS offline USING (environment, prediction_id))
GROUP BY environment, version, segment, bucket`,
});

const isNumeric = `outcome = ${outcomes.mismatch} AND served_type = ${valueTypes.number}`;
const isNamed = `outcome IN (${outcomes.mismatch}, ${outcomes.typeMismatch}) AND NOT (${isNumeric})`;
const difference = "served_number - offline_number";

/** One row per way in which a feature's values came out in an hour: a difference's bin, or a pair of spelled values. */
const countedOf = (given: PairRange) => `
  SELECT environment, version, segment, bucket, feature, outcome, difference_key, offline_name, served_name,
    count() AS c, min(ts) AS first_at, max(ts) AS last_at
  FROM (
    SELECT environment, version, segment, feature, outcome, ts, toStartOfHour(ts) AS bucket,
      if(${isNumeric} AND isFinite(${difference}), bitAnd(${keyOf(`reinterpretAsUInt64(${difference} + 0)`)}, ${maskOf(String(differenceResolution))}), toUInt64(0)) AS difference_key,
      if(${isNamed}, ${spelled("offline")}, '') AS offline_name, if(${isNamed}, ${spelled("served")}, '') AS served_name
    FROM (${comparedValues({ ...given, served: servedRows, segment: segmentPlace(given) })}))
  GROUP BY environment, version, segment, bucket, feature, outcome, difference_key, offline_name, served_name`;

const countOf = (outcome: number) => `sumIf(c, outcome = ${outcome})`;
const isDiffering = `outcome != ${outcomes.match}`;

/** Replaces the skew profiles of every feature and hour in [fromTime, untilTime), of everything or of each value of a tag, by what the raw rows of both sides say now. */
export const recomputeSkew = defineStatement({
  name: "recomputeSkew",
  params: pairRange,
  timeoutMs: 300_000,
  sql: (given) => `
INSERT INTO skew_profiles (${skewColumns.join(", ")})
SELECT {workspaceId: UUID} AS workspace_id, {modelId: UUID} AS model_id, environment, version, ${segmentColumns}, '1h' AS grain, feature, bucket,
  ${skewCounts.join(", ")}, first_differing_at, last_differing_at,
  tupleElement(named, 1) AS confusion_offline, tupleElement(named, 2) AS confusion_served, tupleElement(named, 3) AS confusion_counts,
  toUInt64(named_count - arraySum(confusion_counts)) AS confusion_other,
  resolution AS difference_resolution, arrayMap(k -> ${edgeOf("k")}, arrayCompact(bin_keys)) AS difference_bins,
  arrayMap(bin -> toUInt64(arraySum((k, n) -> if(k = bin, n, 0), bin_keys, tupleElement(cells, 2))), arrayCompact(bin_keys)) AS difference_counts,
  {revision: UInt64} AS revision
FROM (
  SELECT *, toUInt8(if(length(cells) > ${binCountMax}, 0, ${differenceResolution})) AS resolution,
    arrayMap(k -> bitAnd(k, ${maskOf("resolution")}), tupleElement(cells, 1)) AS bin_keys
  FROM (
    SELECT environment, version, segment, bucket, feature, toUInt64(0) AS prediction_count, toUInt64(0) AS pair_count,
      ${countOf(outcomes.match)} AS match_count, ${countOf(outcomes.mismatch)} AS mismatch_count,
      ${countOf(outcomes.typeMismatch)} AS type_mismatch_count, ${countOf(outcomes.offlineOnly)} AS offline_only_count,
      ${countOf(outcomes.servedOnly)} AS served_only_count,
      minIf(first_at, ${isDiffering}) AS first_differing_at, maxIf(last_at, ${isDiffering}) AS last_differing_at,
      sumIf(c, offline_name != '') AS named_count,
      arraySlice(arraySort(t -> (-toInt64(tupleElement(t, 3)), tupleElement(t, 1), tupleElement(t, 2)),
        groupArrayIf((offline_name, served_name, c), offline_name != '')), 1, ${confusionPairsMax}) AS named,
      arraySort(groupArrayIf((difference_key, c), difference_key != 0)) AS cells
    FROM (${countedOf(given)})
    GROUP BY environment, version, segment, bucket, feature))`,
});
