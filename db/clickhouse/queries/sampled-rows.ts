import { z } from "zod";
import { defineQuery } from "../define-query.ts";

const number = z.union([z.number(), z.enum(["nan", "inf", "-inf", "-nan"])]);

const row = z.object({
  numericFeatures: z.record(z.string(), number),
  stringFeatures: z.record(z.string(), z.string()),
  booleanFeatures: z.record(z.string(), z.boolean()),
});

const fields =
  "numeric_features AS numericFeatures, string_features AS stringFeatures, boolean_features AS booleanFeatures";

/** More rows than this say little more about a distance that is computed from them, and cost a worker its memory. */
const sampleRowsMax = 5_000;

/** The features of the predictions of a window whose hashed ids are 0 modulo `sampleOf`: the same rows whenever it is asked. */
export const sampledPredictions = defineQuery({
  name: "sampledPredictions",
  params: z.object({
    modelId: z.uuid(),
    environment: z.string(),
    version: z.string(),
    fromTime: z.date(),
    untilTime: z.date(),
    sampleOf: z.int().min(1),
  }),
  row,
  rowsMax: sampleRowsMax,
  timeoutMs: 30_000,
  sql: () => `
    SELECT ${fields}
    FROM (
      SELECT numeric_features, string_features, boolean_features, prediction_id
      FROM predictions FINAL
      WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
        AND environment = {environment: String} AND version = {version: String}
        AND timestamp >= {fromTime: DateTime64(3)} AND timestamp < {untilTime: DateTime64(3)}
        AND sipHash64(prediction_id) % {sampleOf: UInt32} = 0
      ORDER BY sipHash64(prediction_id), prediction_id
      LIMIT ${sampleRowsMax})
    LIMIT {rowsMax: UInt32} + 1`,
});

/** The same of a baseline's rows, by their number. */
export const sampledBaselineRows = defineQuery({
  name: "sampledBaselineRows",
  params: z.object({ modelId: z.uuid(), baselineId: z.uuid(), sampleOf: z.int().min(1) }),
  row,
  rowsMax: sampleRowsMax,
  timeoutMs: 30_000,
  sql: () => `
    SELECT ${fields}
    FROM (
      SELECT numeric_features, string_features, boolean_features, row_number
      FROM baseline_rows FINAL
      WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND baseline_id = {baselineId: UUID}
        AND sipHash64(row_number) % {sampleOf: UInt32} = 0
      ORDER BY sipHash64(row_number), row_number
      LIMIT ${sampleRowsMax})
    LIMIT {rowsMax: UInt32} + 1`,
});

/** Vectors that a worker holds of a side: at the longest that are taken, 4,096 numbers, these are 20 MB on the wire. */
const sampleVectorsMax = 500;

/** The embeddings of one name of a window's predictions, by hashed id: the same ones whenever it is asked. */
export const sampledEmbeddings = defineQuery({
  name: "sampledEmbeddings",
  params: z.object({
    modelId: z.uuid(),
    environment: z.string(),
    version: z.string(),
    name: z.string(),
    fromTime: z.date(),
    untilTime: z.date(),
  }),
  row: z.object({ vector: z.array(z.number()) }),
  rowsMax: sampleVectorsMax,
  timeoutMs: 60_000,
  sql: () => `
    SELECT vector
    FROM (
      SELECT vector, prediction_id
      FROM embeddings FINAL
      WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
        AND environment = {environment: String} AND version = {version: String} AND name = {name: String}
        AND timestamp >= {fromTime: DateTime64(3)} AND timestamp < {untilTime: DateTime64(3)}
      ORDER BY sipHash64(prediction_id), prediction_id
      LIMIT ${sampleVectorsMax})
    LIMIT {rowsMax: UInt32} + 1`,
});

/** Which embeddings came in a window, and how many of each; one row per name. */
export const embeddingNames = defineQuery({
  name: "embeddingNames",
  params: z.object({
    modelId: z.uuid(),
    environment: z.string(),
    version: z.string(),
    fromTime: z.date(),
    untilTime: z.date(),
  }),
  row: z.object({ name: z.string(), vectorCount: z.int() }),
  rowsMax: 100,
  timeoutMs: 30_000,
  sql: () => `
    SELECT name, count() AS vectorCount
    FROM embeddings
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
      AND environment = {environment: String} AND version = {version: String}
      AND timestamp >= {fromTime: DateTime64(3)} AND timestamp < {untilTime: DateTime64(3)}
    GROUP BY name
    ORDER BY name
    LIMIT {rowsMax: UInt32} + 1`,
});
