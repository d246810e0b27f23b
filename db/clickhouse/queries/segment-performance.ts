import { z } from "zod";
import { segmentLimits } from "#lib/domain/limits.ts";
import { taskSchema } from "#lib/domain/model.ts";
import { otherSegment, segmentValuesMax } from "#lib/domain/segment.ts";
import { defineQuery } from "../define-query.ts";
import { decisionOf, scoreOf } from "../fragments/prediction-outcome.ts";
import { bucketsOfPieces, timesOfPieces } from "../fragments/profile-period.ts";
import { periodList } from "../fragments/profile-window.ts";
import { heldLabels } from "../statements/recompute-performance.ts";

const score = (isHit: string) =>
  `toUInt64(arraySum((s, l, k, c) -> if(k = 0 AND l > 0 AND ${isHit}, c, 0), cell_scores, cell_labels, cell_classes, cell_counts))`;

/** How often every value of a tag was right, and the moments of one loss, added up over a window; one row per value that is asked
 *  for, and one of the key "" for all rows. Decisions by score are those at 0.5. */
export const segmentPerformance = defineQuery({
  name: "segmentPerformance",
  params: z.object({
    modelId: z.uuid(),
    environment: z.string(),
    version: z.string(),
    segmentKey: z.string(),
    segmentValues: z.array(z.string()).min(1),
    grains: z
      .array(z.enum(["1h", "1d"]))
      .min(1)
      .max(3),
    fromSeconds: z.array(z.int()).min(1).max(3),
    untilSeconds: z.array(z.int()).min(1).max(3),
    positiveClass: z.string(),
    moment: z.string(),
  }),
  row: z.object({
    segmentKey: z.string(),
    segmentValue: z.string(),
    rowCount: z.int(),
    labelledCount: z.int(),
    decidedCount: z.int(),
    hitCount: z.int(),
    scoredCount: z.int(),
    scoreHitCount: z.int(),
    momentCounts: z.array(z.int()),
    momentMeans: z.array(z.number().nullable()),
    momentM2s: z.array(z.number().nullable()),
  }),
  rowsMax: segmentValuesMax + 1,
  timeoutMs: 20_000,
  sql: () => `
    SELECT segment_key AS segmentKey, segment_value AS segmentValue, sum(row_count) AS rowCount, sum(labelled_count) AS labelledCount,
      sum(toUInt64(arraySum((d, l, c) -> if(d > 0 AND l > 0, c, 0), pair_decisions, pair_labels, pair_counts))) AS decidedCount,
      sum(toUInt64(arraySum((d, l, c) -> if(d > 0 AND d = l, c, 0), pair_decisions, pair_labels, pair_counts))) AS hitCount,
      sum(${score("1 = 1")}) AS scoredCount,
      sum(${score("(s >= 0.5) = (class_names[l] = {positiveClass: String})")}) AS scoreHitCount,
      groupArrayIf(moment_counts[place], place > 0) AS momentCounts, groupArrayIf(moment_means[place], place > 0) AS momentMeans,
      groupArrayIf(moment_m2s[place], place > 0) AS momentM2s
    FROM (
      SELECT *, indexOf(moment_names, {moment: String}) AS place
      FROM performance_profiles FINAL
      WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
        AND (segment_key = {segmentKey: String} AND has({segmentValues: Array(String)}, segment_value) OR segment_key = '' AND segment_value = '')
        AND environment = {environment: String} AND version = {version: String} AND has({grains: Array(String)}, toString(grain))
        AND ${timesOfPieces}
        AND row_count > 0)
    GROUP BY segment_key, segment_value
    ORDER BY segmentKey, segmentValue
    LIMIT {rowsMax: UInt32} + 1`,
});

/** Every tag alone and every two of them, by their places from 1; 0 is none, so that the first place stands for all rows. */
function listPlaces(keyCount: number): string {
  const places = [[0, 0]];
  for (let i = 1; i <= keyCount; i += 1) {
    places.push([i, 0]);
    for (let j = i + 1; j <= keyCount; j += 1) places.push([i, j]);
  }
  return `[${places.map((place) => `(${place.join(", ")})`).join(", ")}]`;
}

const losses = {
  /** A wrong decision is 1, a right one 0. */
  error_rate: `if(decision = '', toFloat64((ifNull(score, 0) >= 0.5) != (l.label_name = {positiveClass: String})), toFloat64(decision != l.label_name))`,
  absolute_error: "abs(assumeNotNull(value) - assumeNotNull(l.label_number))",
} as const;

const hasLoss = {
  error_rate: `(decision != '' OR isNotNull(score) AND {positiveClass: String} != '')`,
  absolute_error:
    "isNotNull(value) AND isNotNull(l.label_number) AND isFinite(assumeNotNull(value) - assumeNotNull(l.label_number))",
} as const;

/** The loss of labelled rows of a window by the values of some tags, of each tag alone and of every two: how many rows, the mean and the
 *  sum of squared deviations. One row per combination with at least `countMin` rows; that of no tag is all of them. Values
 *  that are not named are one. One id of `sampleOf` is looked at. */
export const segmentLosses = defineQuery({
  name: "segmentLosses",
  params: z.object({
    modelId: z.uuid(),
    environment: z.string(),
    version: z.string(),
    fromTime: z.date(),
    untilTime: z.date(),
    segmentKeys: z.array(z.string()).min(1).max(segmentLimits.keysMax),
    segmentNames: z.array(z.array(z.string())).min(1),
    task: taskSchema,
    loss: z.enum(["error_rate", "absolute_error"]),
    positiveClass: z.string(),
    countMin: z.int().min(1),
    sampleOf: z.int().min(1),
  }),
  row: z.object({
    firstKey: z.int(),
    firstValue: z.string(),
    secondKey: z.int(),
    secondValue: z.string(),
    rowCount: z.int(),
    mean: z.number().nullable(),
    m2: z.number().nullable(),
  }),
  rowsMax: 60_000,
  timeoutMs: 30_000,
  sql: ({ segmentKeys, task, loss }) => {
    const range = `workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
        AND toStartOfFiveMinutes(timestamp) >= {fromTime: DateTime64(3)} AND toStartOfFiveMinutes(timestamp) < {untilTime: DateTime64(3)}
        AND timestamp >= {fromTime: DateTime64(3)} AND timestamp < {untilTime: DateTime64(3)}
        AND environment = {environment: String} AND version = {version: String} AND sipHash64(prediction_id) % {sampleOf: UInt32} = 0`;
    return `
    SELECT tupleElement(place, 1) AS firstKey, tagValues[tupleElement(place, 1) + 1] AS firstValue,
      tupleElement(place, 2) AS secondKey, tagValues[tupleElement(place, 2) + 1] AS secondValue,
      count() AS rowCount, avg(loss) AS mean, varPopStable(loss) * count() AS m2
    FROM (
      SELECT ${losses[loss]} AS loss, p.tagValues AS tagValues
      FROM (
        SELECT environment, prediction_id, ${decisionOf} AS decision, ${scoreOf} AS score, prediction_value AS value,
          arrayConcat([''], arrayMap((k, names) -> if(has(names, toString(tags[k])), toString(tags[k]), '${otherSegment}'),
            {segmentKeys: Array(String)}, {segmentNames: Array(Array(String))})) AS tagValues
        FROM predictions FINAL
        WHERE ${range}) AS p
      INNER JOIN (${heldLabels(task, range)}) AS l ON p.environment = l.environment AND p.prediction_id = l.prediction_id
      WHERE ${hasLoss[loss]})
    ARRAY JOIN ${listPlaces(segmentKeys.length)} AS place
    GROUP BY firstKey, firstValue, secondKey, secondValue
    HAVING rowCount >= {countMin: UInt32} OR firstKey = 0
    ORDER BY firstKey, secondKey, firstValue, secondValue
    LIMIT {rowsMax: UInt32} + 1`;
  },
});

/** The rows of each value of a tag in a window, and when the newest was made; one row per value with rows. */
export const segmentRowCounts = defineQuery({
  name: "segmentRowCounts",
  params: z.object({
    modelId: z.uuid(),
    environment: z.string(),
    version: z.string(),
    segmentKey: z.string(),
    grains: z.array(z.string()).min(1).max(5),
    fromSeconds: z.array(z.int()).min(1).max(5),
    untilSeconds: z.array(z.int()).min(1).max(5),
    periods: periodList,
  }),
  row: z.object({ value: z.string(), rowCount: z.int(), newestEventMs: z.int() }),
  rowsMax: segmentValuesMax,
  timeoutMs: 10_000,
  sql: () => `
    SELECT segment_value AS value, sum(row_count) AS rowCount, max(toUnixTimestamp64Milli(newest_event_at)) AS newestEventMs
    FROM bucket_profiles FINAL
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND segment_key = {segmentKey: String}
      AND environment = {environment: String} AND version = {version: String} AND subject = 'row'
      AND ${bucketsOfPieces} AND row_count > 0
    GROUP BY segment_value
    ORDER BY rowCount DESC, value
    LIMIT {rowsMax: UInt32} + 1`,
});
