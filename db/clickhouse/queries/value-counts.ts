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

/** In which stretch a time lies: stretches follow each other, and each has its start. */
const chunkOf =
  "arrayCount(start -> start <= toUnixTimestamp(assumeNotNull(timestamp)), {starts: Array(UInt32)})";

const chunkParams = keyParams.extend({
  /** In seconds since 1970, oldest first. */
  starts: z.array(z.int()).min(1).max(200),
  fromTime: z.date(),
  untilTime: z.date(),
});
const chunkAnswer = answer.extend({
  /** From 1. */
  chunk: z.int(),
  rowCount: z.int(),
});

const countByChunk = (key: Key, source: string) => {
  const { number, name } = columnsOf(key);
  return `
    SELECT chunk, sum(occurrences) AS rowCount,
      groupArrayIf(assumeNotNull(number), isNotNull(number)) AS numbers, groupArrayIf(occurrences, isNotNull(number)) AS numberCounts,
      groupArrayIf(assumeNotNull(name), isNotNull(name)) AS names, groupArrayIf(occurrences, isNotNull(name)) AS nameCounts
    FROM (
      SELECT chunk, if(isFinite(given), given, NULL) AS number, name, count() AS occurrences
      FROM (SELECT ${chunkOf} AS chunk, ${number} + 0 AS given, ${name} AS name ${source})
      GROUP BY chunk, number, name
      ORDER BY chunk, number, name
      LIMIT {valuesMax: UInt32} + 1)
    GROUP BY chunk
    ORDER BY chunk
    LIMIT {rowsMax: UInt32} + 1`;
};

/** How often each value of one key occurs in each of some stretches of a window, and how many rows there are; one row per stretch
 *  with rows. One value more than `valuesMax`, over all of them, says that there are more. */
export const chunkValueCounts = defineQuery({
  name: "chunkValueCounts",
  params: chunkParams.extend({ environment: z.string(), version: z.string() }),
  row: chunkAnswer,
  rowsMax: 200,
  timeoutMs: 60_000,
  sql: (key) =>
    countByChunk(
      key,
      `FROM predictions FINAL
        WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
          AND toStartOfFiveMinutes(timestamp) >= toStartOfFiveMinutes({fromTime: DateTime64(3)}) AND toStartOfFiveMinutes(timestamp) < {untilTime: DateTime64(3)}
          AND timestamp >= {fromTime: DateTime64(3)} AND timestamp < {untilTime: DateTime64(3)}
          AND environment = {environment: String} AND version = {version: String}`,
    ),
});

/** The same of a baseline whose rows have times. */
export const baselineChunkValueCounts = defineQuery({
  name: "baselineChunkValueCounts",
  params: chunkParams.extend({ baselineId: z.uuid() }),
  row: chunkAnswer,
  rowsMax: 200,
  timeoutMs: 60_000,
  sql: (key) =>
    countByChunk(
      key,
      `FROM baseline_rows FINAL
        WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND baseline_id = {baselineId: UUID}
          AND isNotNull(timestamp) AND timestamp >= {fromTime: DateTime64(3)} AND timestamp < {untilTime: DateTime64(3)}`,
    ),
});

/** From when until when a baseline's rows are, and how many have no time; one row. */
export const baselineTimes = defineQuery({
  name: "baselineTimes",
  params: z.object({ modelId: z.uuid(), baselineId: z.uuid() }),
  row: z.object({ rowCount: z.int(), timedCount: z.int(), firstMs: z.int(), lastMs: z.int() }),
  rowsMax: 1,
  timeoutMs: 30_000,
  sql: () => `
    SELECT count() AS rowCount, countIf(isNotNull(timestamp)) AS timedCount,
      toUnixTimestamp64Milli(ifNull(min(timestamp), toDateTime64(0, 3, 'UTC'))) AS firstMs,
      toUnixTimestamp64Milli(ifNull(max(timestamp), toDateTime64(0, 3, 'UTC'))) AS lastMs
    FROM baseline_rows FINAL
    WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND baseline_id = {baselineId: UUID}
    LIMIT {rowsMax: UInt32} + 1`,
});
