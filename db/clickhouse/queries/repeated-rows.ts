import { z } from "zod";
import { defineQuery } from "../define-query.ts";
import { rawSegmentCondition, rawSegmentParams } from "../fragments/raw-segment.ts";

const scope = `workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND environment = {environment: String} AND version = {version: String}
        AND toStartOfFiveMinutes(timestamp) >= {fromTime: DateTime64(3)} AND toStartOfFiveMinutes(timestamp) < {untilTime: DateTime64(3)}`;

const params = z.object({
  modelId: z.uuid(),
  environment: z.string(),
  version: z.string(),
  fromTime: z.date(),
  untilTime: z.date(),
  /** One id of this many is looked at. All rows of an id are looked at or none, so shares hold. */
  sampleModulus: z.int().min(1),
  ...rawSegmentParams,
});

/** How many ids of a window were sent more than once, and of these how many with different times; one row. Rows that share
 *  their five minutes become one when the store merges them, so repeats are counted at least; different five minutes stay
 *  apart for ever. */
export const repeatCounts = defineQuery({
  name: "repeatCounts",
  params,
  row: z.object({
    idCount: z.int(),
    repeatedCount: z.int(),
    conflictCount: z.int(),
    repeatedIds: z.array(z.string()),
  }),
  rowsMax: 1,
  timeoutMs: 10_000,
  sql: (segment) => `
    SELECT count() AS idCount, countIf(n > 1) AS repeatedCount, countIf(first != last) AS conflictCount,
      groupArraySampleIf(200, 1)(id, n > 1) AS repeatedIds
    FROM (
      SELECT prediction_id AS id, count() AS n, min(toUnixTimestamp64Milli(timestamp)) AS first, max(toUnixTimestamp64Milli(timestamp)) AS last
      FROM predictions
      WHERE ${scope} AND cityHash64(prediction_id) % {sampleModulus: UInt64} = 0 ${rawSegmentCondition(segment)}
      GROUP BY prediction_id)
    LIMIT {rowsMax: UInt32} + 1`,
});

/** What the rows of these ids differ in; one row per id, those with different times first. */
export const repeatedRows = defineQuery({
  name: "repeatedRows",
  params: params.omit({ sampleModulus: true }).extend({
    predictionIds: z.array(z.string()).min(1).max(200),
  }),
  row: z.object({
    predictionId: z.string(),
    rowCount: z.int(),
    timeCount: z.int(),
    contentCount: z.int(),
    firstMs: z.int(),
    lastMs: z.int(),
  }),
  rowsMax: 200,
  timeoutMs: 10_000,
  sql: (segment) => `
    SELECT prediction_id AS predictionId, count() AS rowCount, uniqExact(timestamp) AS timeCount,
      uniqExact(sipHash128(toString(tuple(prediction_value, prediction_score)), prediction_label, mapSort(probabilities), mapSort(numeric_features), mapSort(string_features),
        mapSort(boolean_features), arraySort(null_features), entity_id, mapSort(tags))) AS contentCount,
      min(toUnixTimestamp64Milli(timestamp)) AS firstMs, max(toUnixTimestamp64Milli(timestamp)) AS lastMs
    FROM predictions
    WHERE ${scope} AND prediction_id IN {predictionIds: Array(String)} ${rawSegmentCondition(segment)}
    GROUP BY prediction_id
    HAVING rowCount > 1
    ORDER BY timeCount DESC, contentCount DESC, predictionId
    LIMIT {rowsMax: UInt32} + 1`,
});
