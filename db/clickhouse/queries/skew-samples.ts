import { z } from "zod";
import { defineQuery } from "../define-query.ts";
import { rawSegmentCondition, rawSegmentParams } from "../fragments/raw-segment.ts";
import { comparedValues, outcomes, servedRows, toleranceParams } from "../fragments/skew-pairs.ts";

const float = z.union([z.number(), z.enum(["nan", "inf", "-inf", "-nan"])]);

/** Predictions whose value of one feature differs from what the offline store says, the newest first; one row per prediction.
 *  Both sides are joined anew, so the caller asks for one hour at a time. */
export const skewSamples = defineQuery({
  name: "skewSamples",
  params: z.object({
    modelId: z.uuid(),
    environment: z.string(),
    version: z.string(),
    ...rawSegmentParams,
    ...toleranceParams,
    feature: z.string(),
    fromTime: z.date(),
    untilTime: z.date(),
    limit: z.int().min(1).max(2_000),
  }),
  row: z.object({
    predictionId: z.string(),
    timestampMs: z.int(),
    source: z.string(),
    outcome: z.int(),
    offlineType: z.int(),
    offlineNumber: float,
    offlineText: z.string(),
    servedType: z.int(),
    servedNumber: float,
    servedText: z.string(),
  }),
  rowsMax: 2_000,
  timeoutMs: 20_000,
  sql: (params) => {
    const served = `${servedRows} AND environment = {environment: String} AND version = {version: String} ${rawSegmentCondition(params)}`;
    return `
    SELECT prediction_id AS predictionId, toUnixTimestamp64Milli(ts) AS timestampMs, source, outcome,
      offline_type AS offlineType, offline_number AS offlineNumber, offline_text AS offlineText,
      served_type AS servedType, served_number AS servedNumber, served_text AS servedText
    FROM (
      SELECT * FROM (${comparedValues({ ...params, served, entry: "tupleElement(e, 1) = {feature: String}" })})
      WHERE outcome != ${outcomes.match}
      ORDER BY ts DESC, prediction_id
      LIMIT {limit: UInt32})
    ORDER BY ts DESC, prediction_id
    LIMIT {rowsMax: UInt32} + 1`;
  },
});
