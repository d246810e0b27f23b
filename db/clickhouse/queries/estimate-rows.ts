import { z } from "zod";
import { defineQuery } from "../define-query.ts";

const number = z.union([z.number(), z.enum(["nan", "inf", "-inf", "-nan"])]);
const numbers = z.array(z.number());

/** What an estimate is made from: features, and what the model answered. */
const answeredRow = z.object({
  numericFeatures: z.record(z.string(), number),
  stringFeatures: z.record(z.string(), z.string()),
  booleanFeatures: z.record(z.string(), z.boolean()),
  value: number.nullable(),
  decision: z.string(),
  probabilities: z.record(z.string(), number),
});
export type AnsweredRow = z.output<typeof answeredRow>;

const named = (map: string) =>
  `mapFilter((name, v) -> has({features: Array(String)}, name), ${map})`;
const fields = `${named("numeric_features")} AS numericFeatures, ${named("string_features")} AS stringFeatures,
      ${named("boolean_features")} AS booleanFeatures, prediction_value AS value, toString(prediction_label) AS decision, probabilities`;
const answeredColumns =
  "numeric_features, string_features, boolean_features, prediction_value, prediction_label, probabilities";

/** More rows than this teach little more, and cost a worker its memory. */
export const learnedRowsMax = 20_000;

/** Labelled rows of a baseline, in order of time and then of their place in the file: those whose hashed number is 0 modulo
 *  `sampleOf`. A label is a number where it was sent as one. */
export const baselineLabelledRows = defineQuery({
  name: "baselineLabelledRows",
  params: z.object({
    modelId: z.uuid(),
    baselineId: z.uuid(),
    features: z.array(z.string()),
    sampleOf: z.int().min(1),
    rowsTaken: z.int().min(1).max(learnedRowsMax),
  }),
  row: answeredRow.extend({ labelValue: number.nullable(), labelClass: z.string() }),
  rowsMax: learnedRowsMax,
  timeoutMs: 120_000,
  sql: () => `
    SELECT ${fields}, label_value AS labelValue, toString(label_class) AS labelClass
    FROM (
      SELECT ${answeredColumns}, label_value, label_class, timestamp, row_number
      FROM baseline_rows FINAL
      WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND baseline_id = {baselineId: UUID}
        AND label_kind != 'none' AND sipHash64(row_number) % {sampleOf: UInt32} = 0
      ORDER BY sipHash64(row_number), row_number
      LIMIT {rowsTaken: UInt32})
    ORDER BY ifNull(timestamp, toDateTime64(0, 3, 'UTC')), row_number
    LIMIT {rowsMax: UInt32} + 1`,
});

/** How many rows of a baseline have labels. One row. */
export const baselineLabelCount = defineQuery({
  name: "baselineLabelCount",
  params: z.object({ modelId: z.uuid(), baselineId: z.uuid() }),
  row: z.object({ rowCount: z.int() }),
  rowsMax: 1,
  timeoutMs: 30_000,
  sql: () => `
    SELECT count() AS rowCount
    FROM baseline_rows FINAL
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND baseline_id = {baselineId: UUID} AND label_kind != 'none'
    LIMIT {rowsMax: UInt32} + 1`,
});

/** Rows that one statement reads to estimate hours. */
export const estimatedRowsMax = 20_000;

/** The rows of some hours that estimates are made from; at most `hourRowsMax` of an hour, by hashed id. */
export const answeredPredictions = defineQuery({
  name: "answeredPredictions",
  params: z.object({
    modelId: z.uuid(),
    environment: z.string(),
    version: z.string(),
    features: z.array(z.string()),
    hours: z.array(z.int()).min(1).max(1_000),
    fromTime: z.date(),
    untilTime: z.date(),
    hourRowsMax: z.int().min(1),
  }),
  row: answeredRow.extend({ bucketSeconds: z.int() }),
  rowsMax: estimatedRowsMax,
  timeoutMs: 60_000,
  sql: () => `
    SELECT ${fields}, toUnixTimestamp(hour) AS bucketSeconds
    FROM (
      SELECT ${answeredColumns}, toStartOfHour(timestamp) AS hour, prediction_id
      FROM predictions FINAL
      WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
        AND environment = {environment: String} AND version = {version: String}
        AND toStartOfFiveMinutes(timestamp) >= {fromTime: DateTime64(3)} AND toStartOfFiveMinutes(timestamp) < {untilTime: DateTime64(3)}
        AND has({hours: Array(UInt32)}, toUnixTimestamp(toStartOfHour(timestamp)))
      ORDER BY hour, sipHash64(prediction_id), prediction_id
      LIMIT {hourRowsMax: UInt32} BY hour)
    LIMIT {rowsMax: UInt32} + 1`,
});

const staleMax = 500;

/** Hours of a version whose estimate is missing, or older than their performance; the newest ones first. */
export const staleEstimateHours = defineQuery({
  name: "staleEstimateHours",
  params: z.object({
    modelId: z.uuid(),
    baselineId: z.uuid(),
    environment: z.string(),
    version: z.string(),
    method: z.int(),
    fromTime: z.date(),
  }),
  row: z.object({ bucketSeconds: z.int(), rowCount: z.int(), seenRevision: z.int() }),
  rowsMax: staleMax,
  timeoutMs: 30_000,
  sql: () => `
    SELECT bucketSeconds, rowCount, seenRevision
    FROM (
      SELECT toUnixTimestamp(bucket) AS bucketSeconds, row_count AS rowCount, revision AS seenRevision
      FROM (
        SELECT bucket, row_count, revision
        FROM performance_profiles FINAL
        WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND segment_key = '' AND segment_value = '' AND grain = '1h'
          AND environment = {environment: String} AND version = {version: String} AND bucket >= {fromTime: DateTime64(3)}) AS judged
      LEFT JOIN (
        SELECT bucket, seen_revision
        FROM estimate_profiles FINAL
        WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND baseline_id = {baselineId: UUID}
          AND environment = {environment: String} AND version = {version: String} AND method = {method: UInt32}
          AND bucket >= {fromTime: DateTime64(3)}) AS known USING (bucket)
      WHERE judged.revision > known.seen_revision
      ORDER BY bucketSeconds DESC
      LIMIT ${staleMax})
    LIMIT {rowsMax: UInt32} + 1`,
});

/** The estimates of the hours of a window, in order of time; one row per hour with predictions. */
export const estimatedHours = defineQuery({
  name: "estimatedHours",
  params: z.object({
    modelId: z.uuid(),
    baselineId: z.uuid(),
    environment: z.string(),
    version: z.string(),
    method: z.int(),
    fromTime: z.date(),
    untilTime: z.date(),
  }),
  row: z.object({
    bucketSeconds: z.int(),
    rowCount: z.int(),
    sampledCount: z.int(),
    lossNames: z.array(z.string()),
    lossMeans: numbers,
    classNames: z.array(z.string()),
    cellClasses: numbers,
    cellScores: numbers,
    cellDecided: numbers,
    cellCounts: numbers,
    cellPositives: numbers,
  }),
  rowsMax: 20_000,
  timeoutMs: 20_000,
  sql: () => `
    SELECT toUnixTimestamp(bucket) AS bucketSeconds, row_count AS rowCount, sampled_count AS sampledCount, loss_names AS lossNames,
      loss_means AS lossMeans, class_names AS classNames, cell_classes AS cellClasses, cell_scores AS cellScores,
      cell_decided AS cellDecided, cell_counts AS cellCounts, cell_positives AS cellPositives
    FROM estimate_profiles FINAL
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND baseline_id = {baselineId: UUID}
      AND environment = {environment: String} AND version = {version: String} AND method = {method: UInt32}
      AND bucket >= {fromTime: DateTime64(3)} AND bucket < {untilTime: DateTime64(3)} AND sampled_count > 0
    ORDER BY bucket
    LIMIT {rowsMax: UInt32} + 1`,
});
