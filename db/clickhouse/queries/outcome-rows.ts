import { z } from "zod";
import { defineQuery } from "../define-query.ts";
import { decisionOf, nameOf, scoreOf } from "../fragments/prediction-outcome.ts";
import { rawSegmentCondition, rawSegmentParams } from "../fragments/raw-segment.ts";
import { segmentConditions, segmentParams } from "../fragments/segment-scope.ts";

/** Cells of thousands of rows: looked at as a list, and not one by one. */
const cells = <T>(isCell: (value: unknown) => value is T) =>
  z.custom<(T | null)[]>(
    (value) =>
      Array.isArray(value) && (value.length === 0 || value[0] === null || isCell(value[0])),
  );
const isNumber = (value: unknown): value is number => typeof value === "number";
const isText = (value: unknown): value is string => typeof value === "string";

const row = z.object({
  value: z.number().nullable(),
  score: z.number().nullable(),
  /** The class that was decided for; "" without one. */
  decision: z.string(),
  hasLabel: z.int(),
  label: z.string(),
  labelNumber: z.number().nullable(),
  /** In the order in which they were asked for; null is missing, or no finite number, and so is what lies past the end. */
  numbers: cells(isNumber),
  names: cells(isText),
  tags: z.array(z.string()),
});
export type OutcomeRow = z.output<typeof row>;

/** More rows than this tell little more about a change of a mean, and cost a reader a second. */
export const outcomeRowsMax = 20_000;

const asked = z.object({
  modelId: z.uuid(),
  ...rawSegmentParams,
  /** Every so many rows, by their hashed ids: the same ones whenever it is asked. */
  sampleOf: z.int().min(1),
  rowCountMax: z.int().min(1).max(outcomeRowsMax),
  isLabelled: z.boolean(),
  numericFeatures: z.array(z.string()),
  namedFeatures: z.array(z.string()),
  segmentKeys: z.array(z.string()),
});

const finite = (number: string) => `if(isFinite(${number}), ${number}, NULL)`;

/** The place of each key of a map in a list, from 1; 0 for what the list does not have. */
const placesOf = (map: string, list: string) =>
  `arrayMap(k -> toUInt32(transform(toString(k), {${list}: Array(String)}, arrayEnumerate({${list}: Array(String)}), 0)), mapKeys(${map}))`;

const keptOf = (map: string, list: string) => ({
  places: `arrayFilter(p -> p > 0, ${placesOf(map, list)})`,
  values: `arrayFilter((v, p) -> p > 0, mapValues(${map}), ${placesOf(map, list)})`,
});

/** A list's values of a row, put to their places: to look each name up in a map of as many is the square of them, in time and memory. What
 *  is missing at the end is left out. */
function numbersOf(features: readonly string[]): string {
  if (features.length === 0) return "CAST([], 'Array(Nullable(Float64))')";
  const { places, values } = keptOf("numeric_features", "numericFeatures");
  return `arrayMap(v -> ${finite("v")}, arrayReduce('groupArrayInsertAt(nan)', ${values}, arrayMap(p -> toUInt32(p - 1), ${places})))`;
}

function namesOf(features: readonly string[]): string {
  if (features.length === 0) return "CAST([], 'Array(Nullable(String))')";
  const kept = ["string_features", "boolean_features", "numeric_features"].map((map) =>
    keptOf(map, "namedFeatures"),
  );
  // A mark before each value: an empty one is none.
  const values = kept.map((one) => `arrayMap(v -> concat('=', toString(v)), ${one.values})`);
  const places = kept.map((one) => `arrayMap(p -> toUInt32(p - 1), ${one.places})`);
  return `arrayMap(v -> if(empty(v), NULL, substring(v, 2)),
          arrayReduce('groupArrayInsertAt', arrayConcat(${values.join(", ")}), arrayConcat(${places.join(", ")})))`;
}

const outcomeOf = ({ numericFeatures, namedFeatures }: z.output<typeof asked>) =>
  `${finite("prediction_value")} AS value, ${finite(scoreOf)} AS score, ${decisionOf} AS decision,
        ${numbersOf(numericFeatures)} AS numbers,
        ${namesOf(namedFeatures)} AS names,
        arrayMap(k -> toString(tags[k]), {segmentKeys: Array(String)}) AS tagged`;

/** What some predictions of a window said, from which features, and what turned out; one row per prediction, in the order of
 *  their hashed ids. */
export const outcomeRows = defineQuery({
  name: "outcomeRows",
  params: asked.extend({
    environment: z.string(),
    version: z.string(),
    fromTime: z.date(),
    untilTime: z.date(),
  }),
  row,
  rowsMax: outcomeRowsMax,
  timeoutMs: 30_000,
  sql: (params) => {
    const { isLabelled, ...segment } = params;
    const sampled = `workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
        AND environment = {environment: String} AND version = {version: String}
        AND timestamp >= {fromTime: DateTime64(3)} AND timestamp < {untilTime: DateTime64(3)}
        ${rawSegmentCondition(segment)} AND sipHash64(prediction_id) % {sampleOf: UInt32} = 0`;
    return `
    SELECT value, score, decision, has_label AS hasLabel, label, ${finite("label_number")} AS labelNumber, numbers, names, tagged AS tags
    FROM (
      SELECT *
      FROM (
        SELECT prediction_id, ${outcomeOf(params)}
        FROM predictions FINAL
        WHERE ${sampled}) AS p
      ${isLabelled ? "INNER" : "LEFT"} JOIN (
        SELECT prediction_id, toUInt8(1) AS has_label, tupleElement(held, 2) AS label_number,
          if(tupleElement(held, 1) = 'class', toString(tupleElement(held, 3)), ${nameOf("assumeNotNull(tupleElement(held, 2))")}) AS label
        FROM (
          SELECT prediction_id, argMax((label_kind, label_value, label_class), (label_timestamp, sequence)) AS held
          FROM labels
          WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND environment = {environment: String}
            AND prediction_id IN (SELECT prediction_id FROM predictions WHERE ${sampled})
          GROUP BY prediction_id)) AS l USING (prediction_id)
      ORDER BY sipHash64(prediction_id), prediction_id
      LIMIT {rowCountMax: UInt32})
    LIMIT {rowsMax: UInt32} + 1`;
  },
});

/** The same of a baseline's rows, which hold their labels, in the order of their hashed numbers. */
export const baselineOutcomeRows = defineQuery({
  name: "baselineOutcomeRows",
  params: asked.extend({ baselineId: z.uuid() }),
  row,
  rowsMax: outcomeRowsMax,
  timeoutMs: 30_000,
  sql: (params) => `
    SELECT value, score, decision, hasLabel, label, labelNumber, numbers, names, tagged AS tags
    FROM (
      SELECT row_number, ${outcomeOf(params)}, toUInt8(label_kind != 'none') AS hasLabel, ${finite("label_value")} AS labelNumber,
        multiIf(label_kind = 'class', toString(label_class), isNotNull(label_value), ${nameOf("assumeNotNull(label_value)")}, '') AS label
      FROM baseline_rows FINAL
      WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND baseline_id = {baselineId: UUID}
        ${rawSegmentCondition(params)} AND sipHash64(row_number) % {sampleOf: UInt32} = 0 ${params.isLabelled ? "AND label_kind != 'none'" : ""}
      ORDER BY sipHash64(row_number), row_number
      LIMIT {rowCountMax: UInt32})
    LIMIT {rowsMax: UInt32} + 1`,
});

/** How many predictions of some stretches of time have a label; one row. */
export const labelledCounts = defineQuery({
  name: "labelledCounts",
  params: z.object({
    modelId: z.uuid(),
    environment: z.string(),
    version: z.string(),
    ...segmentParams,
    grains: z
      .array(z.enum(["1h", "1d"]))
      .min(1)
      .max(3),
    fromSeconds: z.array(z.int()).min(1).max(3),
    untilSeconds: z.array(z.int()).min(1).max(3),
  }),
  row: z.object({ labelledCount: z.int() }),
  rowsMax: 1,
  timeoutMs: 10_000,
  sql: () => `
    SELECT sum(labelled_count) AS labelledCount
    FROM performance_profiles FINAL
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND ${segmentConditions}
      AND environment = {environment: String} AND version = {version: String}
      AND arrayExists((g, f, u) -> toString(grain) = g AND toUInt32(bucket) >= f AND toUInt32(bucket) < u,
        {grains: Array(String)}, {fromSeconds: Array(UInt32)}, {untilSeconds: Array(UInt32)})
    LIMIT {rowsMax: UInt32} + 1`,
});

/** How large the explanations that came with some predictions are, feature by feature; one row per feature, largest first. */
export const explanationSizes = defineQuery({
  name: "explanationSizes",
  params: z.object({
    modelId: z.uuid(),
    environment: z.string(),
    version: z.string(),
    fromTime: z.date(),
    untilTime: z.date(),
    ...rawSegmentParams,
    sampleOf: z.int().min(1),
  }),
  row: z.object({ feature: z.string(), rowCount: z.int(), meanSize: z.number() }),
  rowsMax: 2_000,
  timeoutMs: 30_000,
  sql: (params) => `
    SELECT toString(name) AS feature, count() AS rowCount, avg(abs(size)) AS meanSize
    FROM (
      SELECT explanations
      FROM predictions FINAL
      WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
        AND environment = {environment: String} AND version = {version: String}
        AND timestamp >= {fromTime: DateTime64(3)} AND timestamp < {untilTime: DateTime64(3)}
        ${rawSegmentCondition(params)} AND notEmpty(explanations) AND sipHash64(prediction_id) % {sampleOf: UInt32} = 0)
    ARRAY JOIN mapKeys(explanations) AS name, mapValues(explanations) AS size
    WHERE isFinite(size)
    GROUP BY name
    ORDER BY meanSize DESC, feature
    LIMIT {rowsMax: UInt32} + 1`,
});
