import { z } from "zod";
import { defineQuery } from "../define-query.ts";
import { timesOfPieces } from "../fragments/profile-period.ts";

/** Thousands of numbers a row: looked at as a list, and not one by one. */
const numbers = z.custom<number[]>(
  (value) => Array.isArray(value) && (value.length === 0 || typeof value[0] === "number"),
);

/** What an error of 1e200 makes of a mean of squares has no number in JSON, and is quoted there. */
const moment = z.union([
  z.number(),
  z.enum(["inf", "-inf", "nan", "-nan"]).transform((word) => {
    if (word.endsWith("nan")) return Number.NaN;
    return word === "inf" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }),
]);

export const storedPerformanceRow = z.object({
  bucketSeconds: z.int(),
  environment: z.string(),
  version: z.string(),
  segmentKey: z.string(),
  segmentValue: z.string(),
  task: z.string(),
  rowCount: z.int(),
  labelledCount: z.int(),
  classNames: z.array(z.string()),
  pairDecisions: numbers,
  pairLabels: numbers,
  pairCounts: numbers,
  pairOtherCount: z.int(),
  resolution: z.int(),
  cellClasses: numbers,
  cellScores: numbers,
  cellDecisions: numbers,
  cellLabels: numbers,
  cellCounts: numbers,
  cellSums: numbers,
  cellSquares: numbers,
  cellLossesPositive: numbers,
  cellLossesNegative: numbers,
  momentNames: z.array(z.string()),
  momentCounts: numbers,
  momentMeans: z.array(moment),
  momentM2s: z.array(moment),
  residualEdges: numbers,
  residualCounts: numbers,
  delayEdges: numbers,
  delayCounts: numbers,
  newestPredictionMs: z.int(),
  newestLabelMs: z.int(),
});
export type StoredPerformance = z.output<typeof storedPerformanceRow>;

const fields = `toUnixTimestamp(bucket) AS bucketSeconds, environment, version, segment_key AS segmentKey, segment_value AS segmentValue,
      task, row_count AS rowCount, labelled_count AS labelledCount, class_names AS classNames, pair_decisions AS pairDecisions,
      pair_labels AS pairLabels, pair_counts AS pairCounts, pair_other_count AS pairOtherCount, resolution, cell_classes AS cellClasses,
      cell_scores AS cellScores, cell_decisions AS cellDecisions, cell_labels AS cellLabels, cell_counts AS cellCounts,
      cell_sums AS cellSums, cell_squares AS cellSquares, cell_losses_positive AS cellLossesPositive,
      cell_losses_negative AS cellLossesNegative, moment_names AS momentNames, moment_counts AS momentCounts, moment_means AS momentMeans,
      moment_m2s AS momentM2s, residual_edges AS residualEdges, residual_counts AS residualCounts, delay_edges AS delayEdges,
      delay_counts AS delayCounts, toUnixTimestamp64Milli(newest_prediction_at) AS newestPredictionMs,
      toUnixTimestamp64Milli(newest_label_at) AS newestLabelMs`;

/** What was right and wrong in the buckets of some stretches of time, bucket by bucket; one row per bucket, version and segment
 *  value with rows. Null is any. The lists of a stretch's grain and times stand side by side. */
export const performanceRows = defineQuery({
  name: "performanceRows",
  params: z.object({
    modelId: z.uuid(),
    environment: z.string().nullable(),
    version: z.string().nullable(),
    segmentKey: z.string().nullable(),
    segmentValue: z.string().nullable(),
    grains: z
      .array(z.enum(["1h", "1d"]))
      .min(1)
      .max(3),
    fromSeconds: z.array(z.int()).min(1).max(3),
    untilSeconds: z.array(z.int()).min(1).max(3),
  }),
  row: storedPerformanceRow,
  rowsMax: 20_000,
  timeoutMs: 20_000,
  sql: ({ environment, version, segmentKey, segmentValue }) => `
    SELECT ${fields}
    FROM performance_profiles FINAL
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
      ${segmentKey === null ? "" : "AND segment_key = {segmentKey: String}"} ${segmentValue === null ? "" : "AND segment_value = {segmentValue: String}"}
      ${environment === null ? "" : "AND environment = {environment: String}"} ${version === null ? "" : "AND version = {version: String}"}
      AND has({grains: Array(String)}, toString(grain))
      AND ${timesOfPieces}
      AND row_count > 0
    ORDER BY bucketSeconds, environment, version, segmentKey, segmentValue
    LIMIT {rowsMax: UInt32} + 1`,
});

/** Which versions and segments have hours in a stretch of time; one row each. */
export const performanceKeys = defineQuery({
  name: "performanceKeys",
  params: z.object({ modelId: z.uuid(), fromTime: z.date(), untilTime: z.date() }),
  row: z.object({
    environment: z.string(),
    version: z.string(),
    segmentKey: z.string(),
    segmentValue: z.string(),
  }),
  rowsMax: 50_000,
  timeoutMs: 20_000,
  sql: () => `
    SELECT DISTINCT environment, version, segment_key AS segmentKey, segment_value AS segmentValue
    FROM performance_profiles
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND grain = '1h'
      AND bucket >= {fromTime: DateTime64(3)} AND bucket < {untilTime: DateTime64(3)}
    ORDER BY environment, version, segmentKey, segmentValue
    LIMIT {rowsMax: UInt32} + 1`,
});

/** The newest buckets of a model that hold performance, of any task; one row per bucket, newest first. */
export const performanceBuckets = defineQuery({
  name: "performanceBuckets",
  params: z.object({ modelId: z.uuid() }),
  row: z.object({ bucketSeconds: z.int() }),
  rowsMax: 50_000,
  timeoutMs: 20_000,
  sql: () => `
    SELECT DISTINCT toUnixTimestamp(bucket) AS bucketSeconds
    FROM performance_profiles
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
    ORDER BY bucketSeconds DESC
    LIMIT {rowsMax: UInt32} + 1`,
});
