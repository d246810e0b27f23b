import { z } from "zod";
import { defineQuery } from "../define-query.ts";
import {
  profileWindowConditions,
  profileWindowParams,
  windowListLimits,
  windowListParams,
} from "../fragments/profile-window.ts";
import { edgeOf, keyOf, maskOf } from "../statements/float-bits.ts";
import { storedProfileRow, storedTime } from "./stored-profile.ts";

/** Values kept by name in a window; the rarer ones are only a sum. */
const valueNamesMax = 10_000;

/** The stored profiles of some buckets, added up by these columns. */
function mergedSql(group: string, source: string, table = "profiles FINAL"): string {
  // A number in place of the names: what is grouped by it is merged several times as fast.
  const id = `cityHash64(${group})`;
  const parts = `${table}
      WHERE ${source} AND row_count > 0`;
  return `
    WITH totals AS (
      SELECT ${group}, ${id} AS id, sum(row_count) AS rowCount, sum(numeric_count) AS numericCount, sum(nan_count) AS nanCount,
        sum(positive_infinity_count) AS positiveInfinityCount, sum(negative_infinity_count) AS negativeInfinityCount,
        sum(null_count) AS nullCount, sum(absent_count) AS absentCount, sum(string_count) AS stringCount, sum(boolean_count) AS booleanCount,
        minIf(minimum, numeric_count > 0) AS minimum, maxIf(maximum, numeric_count > 0) AS maximum,
        groupArrayIf((numeric_count, mean, m2), numeric_count > 0) AS moments,
        minIf(resolution, numeric_count > 0) AS resolutionMin, maxIf(zero_floor, numeric_count > 0) AS zeroFloor,
        sum(other_count) AS tailCount, max(distinct_count) AS distinctMin,
        max(newest_event_at) AS newestEvent, max(newest_received_at) AS newestReceived, max(newest_feature_at) AS newestFeature
      FROM ${parts}
      GROUP BY ${group}),
    binned AS (
      SELECT id, arraySort(groupArray((edge, binCount))) AS cells
      FROM (
        SELECT id, ${edgeOf("masked")} AS edge, sum(c) AS binCount
        FROM (
          SELECT id, if(e < zeroFloor AND e > -zeroFloor, 0, e) AS floored, reinterpretAsUInt64(floored + 0) AS u,
            bitAnd(${keyOf("u")}, mask) AS masked, c
          FROM (
            SELECT id, e, c, mask, zeroFloor
            FROM (SELECT ${id} AS id, bins, counts FROM ${parts} AND numeric_count > 0) AS stored
            INNER JOIN (SELECT id, ${maskOf("resolutionMin")} AS mask, zeroFloor FROM totals) AS grid USING (id)
            ARRAY JOIN bins AS e, counts AS c))
        GROUP BY id, masked)
      GROUP BY id),
    named AS (
      SELECT id, arraySort(t -> (-toInt64(tupleElement(t, 2)), tupleElement(t, 1)), groupArray((name, nameCount))) AS ranked
      FROM (
        SELECT id, name, sum(c) AS nameCount
        FROM (SELECT ${id} AS id, value_names, value_counts FROM ${parts} AND notEmpty(value_names)) AS stored
        ARRAY JOIN value_names AS name, value_counts AS c
        GROUP BY id, name)
      GROUP BY id)
    SELECT ${group}, rowCount, numericCount, nanCount, positiveInfinityCount, negativeInfinityCount, nullCount, absentCount,
      stringCount, booleanCount, minimum, maximum,
      if(numericCount = 0, 0, tupleElement(moments[1], 2) + arraySum(t -> (tupleElement(t, 2) - tupleElement(moments[1], 2)) * (tupleElement(t, 1) / numericCount), moments)) AS mean,
      if(numericCount = 0, 0, arraySum(t -> tupleElement(t, 3) + tupleElement(t, 1) * pow(tupleElement(t, 2) - mean, 2), moments)) AS m2,
      if(numericCount = 0, 52, resolutionMin) AS resolution, zeroFloor,
      tupleElement(cells, 1) AS bins, tupleElement(cells, 2) AS counts,
      arraySlice(tupleElement(ranked, 1), 1, ${valueNamesMax}) AS valueNames, arraySlice(tupleElement(ranked, 2), 1, ${valueNamesMax}) AS valueCounts,
      toUInt64(tailCount + arraySum(arraySlice(tupleElement(ranked, 2), ${valueNamesMax + 1}))) AS otherCount,
      if(tailCount = 0, length(ranked), greatest(length(ranked), distinctMin)) AS distinctCount,
      toUnixTimestamp64Milli(newestEvent) AS newestEventAt, toUnixTimestamp64Milli(newestReceived) AS newestReceivedAt,
      toUnixTimestamp64Milli(newestFeature) AS newestFeatureAt
    FROM totals LEFT JOIN binned USING (id) LEFT JOIN named USING (id)
    ORDER BY ${group}
    LIMIT {rowsMax: UInt32} + 1`;
}

const windowParams = profileWindowParams.extend({
  subjects: z.array(z.string()).min(1),
  /** Null: every feature. */
  features: z.array(z.string()).nullable().default(null),
});

const mergedRow = storedProfileRow.extend({
  newestEventAt: storedTime,
  newestReceivedAt: storedTime,
  newestFeatureAt: storedTime,
});

/** What the stored profiles of one version add up to over a window; one row per subject and feature. Bins are brought to
 *  the coarsest grid of the parts and added, moments are merged as Chan does. */
export const windowProfiles = defineQuery({
  name: "windowProfiles",
  params: windowParams,
  row: mergedRow,
  rowsMax: 10_000,
  timeoutMs: 15_000,
  sql: ({ features }) =>
    mergedSql(
      "subject, feature",
      `${profileWindowConditions} AND subject IN {subjects: Array(String)}
        ${features === null ? "" : "AND feature IN {features: Array(String)}"}`,
    ),
});

/** The same of several values of a tag at once; one row per value, subject and feature. */
export const segmentProfiles = defineQuery({
  name: "segmentProfiles",
  params: windowParams
    .omit({ features: true, segmentValue: true })
    .extend({ segmentValues: z.array(z.string()).min(1) }),
  row: mergedRow.extend({ segment_value: z.string() }),
  rowsMax: 10_000,
  timeoutMs: 20_000,
  sql: () =>
    mergedSql(
      "segment_value, subject, feature",
      `${profileWindowConditions.replace(
        "segment_value = {segmentValue: String}",
        "has({segmentValues: Array(String)}, segment_value)",
      )} AND subject IN {subjects: Array(String)}`,
    ),
});

/** The same of many windows at once, which may overlap: each piece says of which window it is one; one row per window, subject and
 *  feature. Reads every bucket once. */
export const windowedProfiles = defineQuery({
  name: "windowedProfiles",
  params: windowParams.extend(windowListParams),
  row: mergedRow.extend({ windowIndex: z.int() }),
  rowsMax: windowListLimits.rowsMax,
  timeoutMs: 30_000,
  sql: ({ features }) =>
    mergedSql(
      "windowIndex, subject, feature",
      "1",
      `(
        SELECT *, arrayJoin(arrayFilter((w, g, f, u) -> toString(grain) = g AND toUInt32(bucket) >= f AND toUInt32(bucket) < u,
          {windowIndexes: Array(UInt32)}, {grains: Array(String)}, {fromSeconds: Array(UInt32)}, {untilSeconds: Array(UInt32)})) AS windowIndex
        FROM profiles FINAL
        WHERE ${profileWindowConditions} AND subject IN {subjects: Array(String)}
        ${features === null ? "" : "AND feature IN {features: Array(String)}"})`,
    ),
});
