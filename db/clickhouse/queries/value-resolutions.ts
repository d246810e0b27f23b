import { z } from "zod";
import { defineQuery } from "../define-query.ts";
import { keyOf } from "../statements/float-bits.ts";
import { resolutionSteps } from "../statements/profile-select.ts";

const numbersOfSample = `
          SELECT 'feature' AS subject, toString(f) AS feature, v FROM sample ARRAY JOIN mapKeys(numeric_features) AS f, mapValues(numeric_features) AS v
          UNION ALL SELECT 'prediction', concat('probability:', toString(f)), v FROM sample ARRAY JOIN mapKeys(probabilities) AS f, mapValues(probabilities) AS v
          UNION ALL SELECT 'prediction', 'value', assumeNotNull(prediction_value) FROM sample WHERE prediction_value IS NOT NULL
          UNION ALL SELECT 'prediction', 'score', assumeNotNull(prediction_score) FROM sample WHERE prediction_score IS NOT NULL`;

const timesOfSample = `
          UNION ALL SELECT 'feature_age', toString(f), toFloat64(dateDiff('millisecond', t, timestamp)) FROM sample ARRAY JOIN mapKeys(feature_timestamps) AS f, mapValues(feature_timestamps) AS t
          UNION ALL SELECT 'latency', '', assumeNotNull(latency_ms) FROM sample WHERE latency_ms IS NOT NULL
          UNION ALL SELECT 'event_lag', '', toFloat64(dateDiff('millisecond', timestamp, received_at)) FROM sample`;

/** Few keys at a time: each has all its values of the sample in a dozen arrays. */
const blockRows = 256;

const resolutionsOf = (sample: string, numbers: string) => `
    WITH sample AS (${sample} LIMIT {sampleRows: UInt32})
    SELECT subject, feature, toUInt8(chosen_resolution) AS resolution
    FROM (${resolutionSteps.reduce(
      (sql, step) => `SELECT *, ${step} FROM (${sql})`,
      `
      SELECT subject, feature, arraySort(groupArray(k)) AS floored_keys, 1 AS is_wide, 52 AS working_resolution
      FROM (SELECT subject, feature, reinterpretAsUInt64(v + 0) AS u, ${keyOf("u")} AS k FROM (${numbers}) WHERE isFinite(v))
      GROUP BY subject, feature`,
    )})
    LIMIT {rowsMax: UInt32} + 1
    SETTINGS max_block_size = ${blockRows}`;

const row = z.object({ subject: z.string(), feature: z.string(), resolution: z.int() });

/** A guess, from the first rows of a stretch of time: the finest resolution at which each key's values stay within a
 *  profile's bins. One row per numeric feature, and per other key with numbers. A wrong guess costs time, never a figure. */
export const valueResolutions = defineQuery({
  name: "valueResolutions",
  params: z.object({
    modelId: z.uuid(),
    fromTime: z.date(),
    untilTime: z.date(),
    sampleRows: z.int(),
  }),
  row,
  rowsMax: 10_000,
  timeoutMs: 300_000,
  sql: () =>
    resolutionsOf(
      `
      SELECT timestamp, received_at, numeric_features, probabilities, feature_timestamps, prediction_value, prediction_score, latency_ms
      FROM predictions
      WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
        AND toStartOfFiveMinutes(timestamp) >= {fromTime: DateTime64(3)} AND toStartOfFiveMinutes(timestamp) < {untilTime: DateTime64(3)}`,
      numbersOfSample + timesOfSample,
    ),
});

/** The same guess from the first rows of a baseline. */
export const baselineResolutions = defineQuery({
  name: "baselineResolutions",
  params: z.object({ modelId: z.uuid(), baselineId: z.uuid(), sampleRows: z.int() }),
  row,
  rowsMax: 10_000,
  timeoutMs: 300_000,
  sql: () =>
    resolutionsOf(
      `
      SELECT numeric_features, probabilities, prediction_value, prediction_score
      FROM baseline_rows
      WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND baseline_id = {baselineId: UUID}`,
      numbersOfSample,
    ),
});
