import { z } from "zod";
import { qualityCheckSchema } from "#lib/domain/quality.ts";
import { defineQuery } from "../define-query.ts";
import { rawSegmentCondition, rawSegmentParams } from "../fragments/raw-segment.ts";

const number = "numeric_features[{feature: String}]";
const text = "toString(string_features[{feature: String}])";
const isNumber = "mapContains(numeric_features, {feature: String})";
const isText = "mapContains(string_features, {feature: String})";
const isBoolean = "mapContains(boolean_features, {feature: String})";

const conditions = {
  null: "has(null_features, {feature: String})",
  absent: `NOT ${isNumber} AND NOT ${isText} AND NOT ${isBoolean} AND NOT has(null_features, {feature: String})`,
  nan: `${isNumber} AND isNaN(${number})`,
  infinite: `${isNumber} AND isInfinite(${number})`,
  wrong_kind: `(${isNumber} AND {ruleKind: String} != 'number' OR ${isText} AND {ruleKind: String} != 'text'
        OR ${isBoolean} AND {ruleKind: String} != 'boolean')`,
  below_range: `${isNumber} AND isFinite(${number}) AND ${number} < {bound: Float64}`,
  above_range: `${isNumber} AND isFinite(${number}) AND ${number} > {bound: Float64}`,
  unseen_category: `(${isText} AND has({names: Array(String)}, ${text}) OR ${isNumber} AND has({numbers: Array(Float64)}, ${number})
        OR ${isBoolean} AND has({names: Array(String)}, toString(boolean_features[{feature: String}])))`,
  constant: `(${isText} AND has({names: Array(String)}, ${text}) OR ${isNumber} AND has({numbers: Array(Float64)}, ${number})
        OR ${isBoolean} AND has({names: Array(String)}, toString(boolean_features[{feature: String}])))`,
} as const;

/** The newest rows of a stretch in which a feature's value is bad in one way; one row per prediction. */
export const badRows = defineQuery({
  name: "badRows",
  params: z.object({
    modelId: z.uuid(),
    environment: z.string(),
    version: z.string(),
    feature: z.string(),
    check: qualityCheckSchema,
    ruleKind: z.string(),
    bound: z.number(),
    names: z.array(z.string()),
    numbers: z.array(z.number()),
    fromTime: z.date(),
    untilTime: z.date(),
    ...rawSegmentParams,
  }),
  row: z.object({ predictionId: z.string(), timestampMs: z.int(), value: z.string() }),
  rowsMax: 20,
  timeoutMs: 5_000,
  sql: ({ check, ...segment }) => `
    SELECT predictionId, timestampMs, value FROM (
      SELECT prediction_id AS predictionId, toUnixTimestamp64Milli(timestamp) AS timestampMs,
        multiIf(has(null_features, {feature: String}), 'null', ${isText}, ${text}, ${isBoolean}, toString(boolean_features[{feature: String}]),
          ${isNumber}, toString(${number}), '') AS value
      FROM predictions
      WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND environment = {environment: String} AND version = {version: String}
        AND toStartOfFiveMinutes(timestamp) >= {fromTime: DateTime64(3)} AND toStartOfFiveMinutes(timestamp) < {untilTime: DateTime64(3)}
        AND ${conditions[check]} ${rawSegmentCondition(segment)}
      ORDER BY timestamp DESC, prediction_id
      LIMIT 1 BY prediction_id
      LIMIT 20)
    LIMIT {rowsMax: UInt32} + 1`,
});
