import { copyStaging } from "#db/clickhouse/baseline-staging.ts";
import type { ClickHouseClient } from "#db/clickhouse/client.ts";
import type { TypedColumn } from "./choose-column-types.ts";
import { flagOf, numberOf } from "./choose-column-types.ts";
import type { BaselineKey } from "./profile-baseline-rows.ts";
import type { StagedColumn, StagedFile } from "./stage-baseline.ts";

/** Which typed column plays which part; all others are features. */
export interface BaselineRoles {
  features: readonly TypedColumn[];
  prediction: TypedColumn | null;
  score: TypedColumn | null;
  /** Of each class of a model with many. */
  probabilities: readonly { className: string; column: TypedColumn }[];
  label: TypedColumn | null;
  timestamp: TypedColumn | null;
  predictionId: TypedColumn | null;
  tags: readonly StagedColumn[];
}

/** Writes the staged rows in the shape of raw rows: values by how they came, missing ones named. */
export async function copyBaselineRows(
  client: ClickHouseClient,
  { workspaceId, modelId, baselineId }: BaselineKey,
  file: StagedFile,
  roles: BaselineRoles,
): Promise<void> {
  const names = roles.features.map(({ column }) => column.name);
  const parts = roles.features.map(partsOf);
  const { prediction, label, score, probabilities, timestamp, predictionId, tags } = roles;
  const sql = `
INSERT INTO baseline_rows (workspace_id, model_id, baseline_id, row_number, prediction_id, timestamp, prediction_kind, prediction_value,
  prediction_label, prediction_score, probabilities, numeric_features, string_features, boolean_features, null_features, tags, label_kind, label_value, label_class)
SELECT {workspaceId: UUID}, {modelId: UUID}, {baselineId: UUID}, n,
  ${predictionId === null ? "''" : `ifNull(${predictionId.column.text}, '')`},
  ${timestamp === null ? "NULL" : `parseDateTime64BestEffortOrNull(${timestamp.column.text}, 3, 'UTC')`},
  ${kindSql(prediction)}, ${prediction === null ? "NULL" : valueSql(prediction)}, ${prediction === null ? "''" : classSql(prediction)},
  ${score === null ? "NULL" : numberOf(score.column)},
  ${mapOf(
    probabilities.map(({ column }) => numberOf(column.column)),
    "Float64",
    "classNames",
  )},
  ${mapOf(
    parts.map((part) => part.number),
    "Float64",
  )},
  ${mapOf(
    parts.map((part) => part.text),
    "LowCardinality(String)",
  )},
  ${mapOf(
    parts.map((part) => part.flag),
    "Bool",
  )},
  arrayFilter((name, missing) -> missing, {featureNames: Array(String)}, ${parts.length === 0 ? "CAST([], 'Array(Bool)')" : `[${roles.features.map(({ column }) => `isNull(${column.text})`).join(", ")}]`}),
  ${mapOf(
    tags.map((column) => column.text),
    "LowCardinality(String)",
    "tagNames",
  )},
  ${kindSql(label)}, ${label === null ? "NULL" : valueSql(label)}, ${label === null ? "''" : classSql(label)}
FROM ${file.source}`;
  await copyStaging(client, sql, {
    ...file.params,
    featureNames: names,
    tagNames: tags.map((column) => column.name),
    classNames: probabilities.map(({ className }) => className),
    workspaceId,
    modelId,
    baselineId,
  });
}

interface Parts {
  number: string | null;
  text: string | null;
  flag: string | null;
}

function partsOf({ column, type, isMixed }: TypedColumn): Parts {
  if (isMixed) {
    const isOther = [column.number, column.flag]
      .flatMap((sql) => (sql === null ? [] : [`isNotNull(${sql})`]))
      .join(" OR ");
    return {
      number: column.number,
      flag: column.flag,
      text: isOther === "" ? column.text : `if(${isOther}, NULL, ${column.text})`,
    };
  }
  switch (type) {
    case "numeric":
      return { number: numberOf(column), text: null, flag: null };
    case "boolean":
      return { number: null, text: null, flag: flagOf(column) };
    case "categorical":
    case "text":
      return { number: null, text: column.text, flag: null };
  }
}

/** A map of the names whose value is not NULL. The positions are numbers of our own; the names are bound. */
function mapOf(
  values: readonly (string | null)[],
  type: string,
  namesParam: "featureNames" | "tagNames" | "classNames" = "featureNames",
): string {
  const present = values.flatMap((sql, i) => (sql === null ? [] : [{ sql, position: i + 1 }]));
  const target = `'Map(LowCardinality(String), ${type})'`;
  if (present.length === 0) return `CAST(map(), ${target})`;
  const names = `arrayMap(i -> {${namesParam}: Array(String)}[i], [${present.map((one) => one.position).join(", ")}])`;
  const cells = `[${present.map((one) => `toNullable(${one.sql})`).join(", ")}]`;
  return `CAST(mapFromArrays(arrayFilter((name, v) -> isNotNull(v), ${names}, ${cells}), arrayMap(v -> assumeNotNull(v), arrayFilter(v -> isNotNull(v), ${cells}))), ${target})`;
}

function kindSql(column: TypedColumn | null): string {
  if (column === null) return "'none'";
  return `if(isNull(${column.column.text}), 'none', '${column.type === "numeric" ? "number" : "class"}')`;
}

function valueSql(column: TypedColumn): string {
  return column.type === "numeric" ? numberOf(column.column) : "NULL";
}

/** true and false are the classes "true" and "false", however the file spells them. */
function classSql({ column, type }: TypedColumn): string {
  switch (type) {
    case "numeric":
      return "''";
    case "boolean":
      return `multiIf(${flagOf(column)} = true, 'true', ${flagOf(column)} = false, 'false', '')`;
    case "categorical":
    case "text":
      return `ifNull(${column.text}, '')`;
  }
}
