import { z } from "zod";
import { defineQuery } from "../define-query.ts";
import { timesOfPieces } from "../fragments/profile-period.ts";

const params = z.object({
  modelId: z.uuid(),
  environment: z.string(),
  version: z.string(),
  segmentKey: z.string(),
  grains: z
    .array(z.enum(["1h", "1d"]))
    .min(1)
    .max(5),
  fromSeconds: z.array(z.int()).min(1).max(5),
  untilSeconds: z.array(z.int()).min(1).max(5),
});

const conditions = `workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND segment_key = {segmentKey: String}
        AND environment = {environment: String} AND version = {version: String} AND has({grains: Array(String)}, toString(grain))
        AND ${timesOfPieces}
        AND row_count > 0`;

const nameAt = (place: string) =>
  `multiIf(${place} = 0, '', ${place} = 65535, '*other*', class_names[${place}])`;

/** What was decided for every value of a tag in a window, and what turned out; one row per value, decision and label ('' is none).
 *  By `pair` it is the class that was named, by `score` whether the score of a model of two classes is at least a half, which
 *  is the edge of a bin on every grid. */
export const groupOutcomes = defineQuery({
  name: "groupOutcomes",
  params,
  row: z.object({
    segmentValue: z.string(),
    source: z.enum(["pair", "score"]),
    decision: z.string(),
    label: z.string(),
    rowCount: z.int(),
  }),
  rowsMax: 50_000,
  timeoutMs: 20_000,
  sql: () => `
    SELECT segmentValue, source, decision, label, sum(c) AS rowCount
    FROM (
      SELECT segment_value AS segmentValue, 'pair' AS source, ${nameAt("d")} AS decision, ${nameAt("l")} AS label, c
      FROM performance_profiles FINAL
      ARRAY JOIN pair_decisions AS d, pair_labels AS l, pair_counts AS c
      WHERE ${conditions}
      UNION ALL
      SELECT segment_value AS segmentValue, 'score' AS source, if(s >= 0.5, 'yes', 'no') AS decision, ${nameAt("l")} AS label, c
      FROM performance_profiles FINAL
      ARRAY JOIN cell_scores AS s, cell_labels AS l, cell_counts AS c
      WHERE ${conditions} AND task = 'binary')
    GROUP BY segmentValue, source, decision, label
    ORDER BY segmentValue, source, decision, label
    LIMIT {rowsMax: UInt32} + 1`,
});

/** How far a regression was off for every value of a tag in a window; one row per value and moment. Moments merge as Chan does. */
export const groupErrors = defineQuery({
  name: "groupErrors",
  params,
  row: z.object({
    segmentValue: z.string(),
    moment: z.enum(["error", "absolute_error"]),
    count: z.int(),
    mean: z.number().nullable(),
    m2: z.number().nullable(),
  }),
  rowsMax: 5_000,
  timeoutMs: 20_000,
  sql: () => `
    SELECT segmentValue, moment, count,
      tupleElement(parts[1], 2) + arraySum(t -> (tupleElement(t, 2) - tupleElement(parts[1], 2)) * (tupleElement(t, 1) / count), parts) AS mean,
      arraySum(t -> tupleElement(t, 3) + tupleElement(t, 1) * pow(tupleElement(t, 2) - mean, 2), parts) AS m2
    FROM (
      SELECT segment_value AS segmentValue, toString(name) AS moment, sum(c) AS count, groupArray((c, average, deviations)) AS parts
      FROM performance_profiles FINAL
      ARRAY JOIN moment_names AS name, moment_counts AS c, moment_means AS average, moment_m2s AS deviations
      WHERE ${conditions} AND task = 'regression' AND name IN ('error', 'absolute_error') AND c > 0
      GROUP BY segmentValue, moment)
    ORDER BY segmentValue, moment
    LIMIT {rowsMax: UInt32} + 1`,
});
