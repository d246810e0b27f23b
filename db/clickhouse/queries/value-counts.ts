import { z } from "zod";
import { defineQuery } from "../define-query.ts";
import type { RawSegment } from "../fragments/raw-segment.ts";
import { rawSegmentCondition, rawSegmentParams } from "../fragments/raw-segment.ts";

/** What is read of a raw row: a feature by its name, or one of the forms of a prediction. */
const keyParams = z.object({
  modelId: z.uuid(),
  subject: z.enum(["feature", "prediction"]),
  feature: z.string(),
  valuesMax: z.int().min(1),
  ...rawSegmentParams,
});

const answer = z.object({
  numbers: z.array(z.number()),
  numberCounts: z.array(z.int()),
  names: z.array(z.string()),
  nameCounts: z.array(z.int()),
});

type Key = Pick<z.output<typeof keyParams>, "subject" | "feature"> & RawSegment;

const none = { number: "CAST(NULL, 'Nullable(Float64)')", name: "CAST(NULL, 'Nullable(String)')" };

/** The number of a row, and its name where it is a string or a boolean; null where it is neither. */
function columnsOf({ subject, feature }: Key): { number: string; name: string } {
  if (subject === "prediction") {
    if (feature === "label") return { ...none, name: "nullIf(toString(prediction_label), '')" };
    return { ...none, number: feature === "score" ? "prediction_score" : "prediction_value" };
  }
  return {
    number:
      "if(mapContains(numeric_features, {feature: String}), toNullable(numeric_features[{feature: String}]), NULL)",
    name: `multiIf(mapContains(string_features, {feature: String}), toNullable(toString(string_features[{feature: String}])),
      mapContains(boolean_features, {feature: String}), toNullable(toString(boolean_features[{feature: String}])), NULL)`,
  };
}

const countValues = (key: Key, source: string): string => {
  const { number, name } = columnsOf(key);
  return `SELECT number, name, count() AS occurrences
  FROM (
    SELECT ${number} + 0 AS number, ${name} AS name
    ${source})
  WHERE isFinite(number) OR isNotNull(name)
  GROUP BY number, name
  ORDER BY number, name
  LIMIT {valuesMax: UInt32} + 1`;
};

/** How often each value of one key occurs in a window, from the raw rows; as it is shown to people. */
export const countWindowValues = (key: Key) =>
  countValues(
    key,
    `FROM predictions FINAL
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
      AND toStartOfFiveMinutes(timestamp) >= {fromTime: DateTime64(3)} AND toStartOfFiveMinutes(timestamp) < {untilTime: DateTime64(3)}
      AND timestamp >= {fromTime: DateTime64(3)} AND timestamp < {untilTime: DateTime64(3)}
      AND environment = {environment: String} AND version = {version: String} ${rawSegmentCondition(key)}`,
  );

/** The same of a baseline. */
export const countBaselineValues = (key: Key) =>
  countValues(
    key,
    `FROM baseline_rows FINAL
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND baseline_id = {baselineId: UUID} ${rawSegmentCondition(key)}`,
  );

const inOneRow = (counted: string) => `
    SELECT groupArrayIf(assumeNotNull(number), isNotNull(number)) AS numbers, groupArrayIf(occurrences, isNotNull(number)) AS numberCounts,
      groupArrayIf(assumeNotNull(name), isNotNull(name)) AS names, groupArrayIf(occurrences, isNotNull(name)) AS nameCounts
    FROM (${counted})
    LIMIT {rowsMax: UInt32} + 1`;

/** Every value of one key in a window with how often it occurs, in one row; one value more than `valuesMax` says that there are more. */
export const windowValueCounts = defineQuery({
  name: "windowValueCounts",
  params: keyParams.extend({
    environment: z.string(),
    version: z.string(),
    fromTime: z.date(),
    untilTime: z.date(),
  }),
  row: answer,
  rowsMax: 1,
  timeoutMs: 30_000,
  sql: (key) => inOneRow(countWindowValues(key)),
});

/** Every value of one key in a baseline with how often it occurs, in one row. */
export const baselineValueCounts = defineQuery({
  name: "baselineValueCounts",
  params: keyParams.extend({ baselineId: z.uuid() }),
  row: answer,
  rowsMax: 1,
  timeoutMs: 30_000,
  sql: (key) => inOneRow(countBaselineValues(key)),
});
