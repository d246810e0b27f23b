import { z } from "zod";
import { grainMs, grainSchema } from "#lib/domain/grain.ts";
import { defineColumnScan } from "../define-query.ts";
import type { ColumnBlock } from "../read-columns.ts";

/** Raw rows as they are counted into profiles, each with the number of its group and, of every declared tag, the place of its value
 *  in the list of those that are profiled apart: 0 for all others. */
const ownColumns = { group: "UInt32" } as const;
const segmentColumns = { segments: "Array(UInt32)" } as const;

/** When a prediction was made and received. */
const timeColumns = { eventMs: "Int64", receivedMs: "Int64" } as const;

/** What a prediction may have, and a row of a baseline too. What none of the rows has is not asked for: to say of each that it has none takes
 *  as long as a number. */
const rowColumns = {
  predictionValue: "Nullable(Float64)",
  predictionLabel: "LowCardinality(String)",
  predictionScore: "Nullable(Float64)",
  probabilities: "Map(LowCardinality(String), Float64)",
  numericFeatures: "Map(LowCardinality(String), Float64)",
  stringFeatures: "Map(LowCardinality(String), LowCardinality(String))",
  booleanFeatures: "Map(LowCardinality(String), Bool)",
  nullFeatures: "Array(LowCardinality(String))",
} as const;

const predictionColumns = {
  ...rowColumns,
  latencyMs: "Nullable(Float64)",
  featureTimestamps: "Map(LowCardinality(String), DateTime64(3, 'UTC'))",
} as const;
export type PredictionColumn = keyof typeof predictionColumns;
/** Asked for in any case: to look whether it has anything takes a third of the time to read it. */
const alwaysAsked = "numericFeatures";
export type SparseColumn = Exclude<PredictionColumn, typeof alwaysAsked>;

const storedNames: Record<PredictionColumn, string> = {
  predictionValue: "prediction_value",
  predictionLabel: "prediction_label",
  predictionScore: "prediction_score",
  probabilities: "probabilities",
  numericFeatures: "numeric_features",
  stringFeatures: "string_features",
  booleanFeatures: "boolean_features",
  nullFeatures: "null_features",
  latencyMs: "latency_ms",
  featureTimestamps: "feature_timestamps",
};

export const sparseColumns = (Object.keys(predictionColumns) as PredictionColumn[]).filter(
  (name) => name !== alwaysAsked,
);

/** Whether a row has anything there. */
export const hasValue = (column: SparseColumn): string =>
  predictionColumns[column].startsWith("Nullable")
    ? `isNotNull(${storedNames[column]})`
    : `notEmpty(${storedNames[column]})`;

/** A block of such rows; what none of its source has is absent. */
export type CountedRows = ColumnBlock<typeof ownColumns> &
  Partial<ColumnBlock<typeof segmentColumns & typeof timeColumns & typeof predictionColumns>>;

/** Typed as if every column were there: `CountedRows` says of each that it may be absent. */
const columnsOf = (present: readonly SparseColumn[]): typeof predictionColumns =>
  Object.assign(
    { [alwaysAsked]: predictionColumns[alwaysAsked] },
    ...present.map((name) => ({ [name]: predictionColumns[name] })),
  );

const selected = (columns: object): string =>
  Object.keys(columns)
    .map((name) => `, ${storedNames[name as PredictionColumn]} AS ${name}`)
    .join("");

const segmentParams = z.object({
  segmentKeys: z.array(z.string()),
  /** Of each key those that are profiled apart. */
  segmentValues: z.array(z.array(z.string())),
});

type Segments = z.output<typeof segmentParams>;

/** As `columnsOf`. */
const segmentColumnsOf = ({ segmentKeys }: Segments): typeof segmentColumns =>
  segmentKeys.length === 0 ? Object.assign({}) : segmentColumns;

const selectedSegments = ({ segmentKeys }: Segments): string =>
  segmentKeys.length === 0
    ? ""
    : `, [${segmentKeys.map((_, i) => segmentPlace(i + 1)).join(", ")}] AS segments`;

const segmentPlace = (i: number): string =>
  `toUInt32(indexOf(arrayElement({segmentValues: Array(Array(String))}, ${i}), toString(tags[arrayElement({segmentKeys: Array(String)}, ${i})])))`;

/** The place of a column's value in a list that has it, from 0. Of names that repeat, each is looked up once a block. */
const placeIn = (column: string, list: string, { length }: readonly string[]) =>
  length === 1
    ? "0"
    : `transform(${column}, {${list}: Array(String)}, arrayEnumerate({${list}: Array(String)}), 1) - 1`;

const window = `workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
      AND toStartOfFiveMinutes(timestamp) >= {fromTime: DateTime64(3)} AND toStartOfFiveMinutes(timestamp) < {untilTime: DateTime64(3)}`;

const windowParams = z.object({
  modelId: z.uuid(),
  fromTime: z.date(),
  untilTime: z.date(),
  environments: z.array(z.string()).min(1),
  versions: z.array(z.string()).min(1),
});

/** The number of a group: bucket by bucket, environment by environment, version by version. */
const groupNumber = (
  { environments, versions }: { environments: readonly string[]; versions: readonly string[] },
  bucket: string,
  [environment, version]: readonly [string, string],
): string =>
  `toUInt32((${bucket} * ${environments.length} + ${placeIn(environment, "environments", environments)}) * ${versions.length} + ${placeIn(version, "versions", versions)})`;

/** Values of a block: what is counted in one go, in some 10 ms. */
const blockValues = 500_000;
const blockRowsOf = (featureCount: number) =>
  Math.max(128, Math.min(65_409, Math.floor(blockValues / Math.max(1, featureCount))));

/** About: a value with its key, and what each row has beside its features. */
export const countedBytes = (size: { rowCount: number; featureCount: number }): number =>
  size.rowCount * (10 * size.featureCount + 80);

const bucketOf = (time: string, grain: z.output<typeof grainSchema>, first: string) =>
  `intDiv(toUnixTimestamp(${time}) - toUnixTimestamp({${first}: DateTime64(3)}), ${grainMs[grain] / 1000})`;

export const predictionsToCount = defineColumnScan({
  name: "predictionsToCount",
  params: windowParams.extend({
    ...segmentParams.shape,
    grain: grainSchema,
    /** What some row has. */
    present: z.array(z.enum(sparseColumns)),
    featureCount: z.int(),
    rowCount: z.int(),
    /** Where the first bucket begins, from which groups are numbered; what is scanned may begin later. */
    firstTime: z.date(),
  }),
  columns: (params) => ({
    ...ownColumns,
    ...segmentColumnsOf(params),
    ...timeColumns,
    ...columnsOf(params.present),
  }),
  blockRows: ({ featureCount }) => blockRowsOf(featureCount),
  answerBytes: countedBytes,
  timeoutMs: 600_000,
  sql: (params) => `
    SELECT ${groupNumber(params, bucketOf("timestamp", params.grain, "firstTime"), ["environment", "version"])} AS group${selectedSegments(params)},
      toUnixTimestamp64Milli(timestamp) AS eventMs, toInt64(bitShiftRight(sequence, 22)) AS receivedMs
      ${selected(columnsOf(params.present))}
    FROM predictions FINAL
    WHERE ${window} AND timestamp >= {fromTime: DateTime64(3)} AND timestamp < {untilTime: DateTime64(3)}
      AND environment IN {environments: Array(String)} AND version IN {versions: Array(String)}`,
});

const ofBaseline =
  "workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID} AND baseline_id = {baselineId: UUID}";

export const baselineToCount = defineColumnScan({
  name: "baselineToCount",
  params: segmentParams.extend({
    modelId: z.uuid(),
    baselineId: z.uuid(),
    featureCount: z.int(),
    rowCount: z.int(),
  }),
  columns: (params) => ({ ...ownColumns, ...segmentColumnsOf(params), ...rowColumns }),
  blockRows: ({ featureCount }) => blockRowsOf(featureCount),
  answerBytes: countedBytes,
  timeoutMs: 600_000,
  sql: (params) => `
    SELECT toUInt32(0) AS group${selectedSegments(params)}${selected(rowColumns)}
    FROM baseline_rows FINAL
    WHERE ${ofBaseline}`,
});

/** Hours of a week, by which rows are told apart; the first one is that of 1 January 1970, a Thursday. */
export const hoursOfWeek = 168;

/** The rows of a baseline that have a time, by their hour of the week in UTC. */
export const baselineHoursToCount = defineColumnScan({
  name: "baselineHoursToCount",
  params: z.object({
    modelId: z.uuid(),
    baselineId: z.uuid(),
    featureCount: z.int(),
    rowCount: z.int(),
  }),
  columns: () => ({ ...ownColumns, ...rowColumns }),
  blockRows: ({ featureCount }) => blockRowsOf(featureCount),
  answerBytes: countedBytes,
  timeoutMs: 60_000,
  sql: () => `
    SELECT toUInt32(positiveModulo(intDiv(toUnixTimestamp64Milli(assumeNotNull(timestamp)), 3600000), ${hoursOfWeek})) AS group${selected(rowColumns)}
    FROM baseline_rows FINAL
    WHERE ${ofBaseline} AND isNotNull(timestamp)`,
});

/** A label is the one feature of its row: a number where it came as a number, a name where as a class. */
const labelColumns = {
  numericFeatures: rowColumns.numericFeatures,
  stringFeatures: rowColumns.stringFeatures,
} as const;

const labelSelected = (kind: string, value: string, name: string) => `
      CAST(if(${kind} = 'number', map('label', assumeNotNull(${value})), map()), '${labelColumns.numericFeatures}') AS numericFeatures,
      CAST(if(${kind} = 'class', map('label', toString(${name})), map()), '${labelColumns.stringFeatures}') AS stringFeatures`;

/** The labels that hold now of the predictions of a stretch of time, hour by hour. */
export const labelsToCount = defineColumnScan({
  name: "labelsToCount",
  params: windowParams,
  columns: () => ({ ...ownColumns, eventMs: timeColumns.eventMs, ...labelColumns }),
  blockRows: () => blockRowsOf(1),
  timeoutMs: 300_000,
  sql: (params) => `
    SELECT ${groupNumber(params, bucketOf("p.timestamp", "1h", "fromTime"), ["p.environment", "p.version"])} AS group,
      toUnixTimestamp64Milli(p.timestamp) AS eventMs,${labelSelected("tupleElement(l.held, 1)", "tupleElement(l.held, 2)", "tupleElement(l.held, 3)")}
    FROM (
      SELECT environment, version, prediction_id, timestamp
      FROM predictions FINAL
      WHERE ${window}
        AND has({environments: Array(String)}, environment) AND has({versions: Array(String)}, version)) AS p
    INNER JOIN (
      SELECT environment, prediction_id, argMax((label_kind, label_value, label_class), (label_timestamp, sequence)) AS held
      FROM labels
      WHERE workspace_id = {workspaceId: UUID} AND model_id = {modelId: UUID}
        AND prediction_id IN (SELECT prediction_id FROM predictions WHERE ${window})
      GROUP BY environment, prediction_id) AS l
    ON p.environment = l.environment AND p.prediction_id = l.prediction_id`,
});

export const baselineLabelsToCount = defineColumnScan({
  name: "baselineLabelsToCount",
  params: z.object({ modelId: z.uuid(), baselineId: z.uuid() }),
  columns: () => ({ ...ownColumns, ...labelColumns }),
  blockRows: () => blockRowsOf(1),
  timeoutMs: 600_000,
  sql: () => `
    SELECT toUInt32(0) AS group,${labelSelected("label_kind", "label_value", "label_class")}
    FROM baseline_rows FINAL
    WHERE ${ofBaseline} AND label_kind != 'none'`,
});

export const columnScans = [
  predictionsToCount,
  baselineToCount,
  baselineHoursToCount,
  labelsToCount,
  baselineLabelsToCount,
];
