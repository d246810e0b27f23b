import { z } from "zod";
import { defineQuery } from "../define-query.ts";

/** A number as this format writes it: those that JSON has no word for come as strings. */
const float = z.union([z.number(), z.enum(["nan", "inf", "-inf", "-nan"])]);
const floats = z.record(z.string(), float);

/** Everything that is stored of these predictions, one row each: the last received. The times bound the search to the parts and
 *  granules that can hold them; the bloom filter on the id does the rest. */
export const predictionRows = defineQuery({
  name: "predictionRows",
  params: z.object({
    modelId: z.uuid(),
    predictionIds: z.array(z.string()).min(1).max(201),
    fromTime: z.date(),
    /** Inclusive: the newest of them. */
    lastTime: z.date(),
  }),
  row: z.object({
    predictionId: z.string(),
    environment: z.string(),
    version: z.string(),
    timestampMs: z.int(),
    receivedMs: z.int(),
    kind: z.enum(["none", "number", "class", "object"]),
    value: float.nullable(),
    label: z.string(),
    score: float.nullable(),
    probabilities: floats,
    numericFeatures: floats,
    stringFeatures: z.record(z.string(), z.string()),
    booleanFeatures: z.record(z.string(), z.boolean()),
    nullFeatures: z.array(z.string()),
    latencyMs: float.nullable(),
    tags: z.record(z.string(), z.string()),
    entityId: z.string(),
    featureTimestampsMs: z.record(z.string(), z.int()),
    explanations: floats,
    groupId: z.string(),
    rank: z.int().nullable(),
    weight: float.nullable(),
    traceId: z.string(),
  }),
  // An id may stand for a champion, its shadows and several environments at once.
  rowsMax: 5_000,
  timeoutMs: 10_000,
  sql: () => `
    SELECT prediction_id AS predictionId, environment, version,
      toUnixTimestamp64Milli(timestamp) AS timestampMs,
      toInt64(bitShiftRight(sequence, 22)) AS receivedMs,
      prediction_kind AS kind, prediction_value AS value, prediction_label AS label, prediction_score AS score,
      probabilities, numeric_features AS numericFeatures, string_features AS stringFeatures,
      boolean_features AS booleanFeatures, null_features AS nullFeatures, latency_ms AS latencyMs, tags,
      entity_id AS entityId,
      mapApply((name, at) -> (name, toUnixTimestamp64Milli(at)), feature_timestamps) AS featureTimestampsMs,
      explanations, group_id AS groupId, rank, weight, trace_id AS traceId
    FROM predictions
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
      AND prediction_id IN {predictionIds: Array(String)}
      AND timestamp >= {fromTime: DateTime64(3)} AND timestamp <= {lastTime: DateTime64(3)}
    ORDER BY sequence DESC
    LIMIT 1 BY environment, version, prediction_id
    LIMIT {rowsMax: UInt32} + 1`,
});
