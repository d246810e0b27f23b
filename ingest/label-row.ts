import { defaultEnvironment } from "#lib/domain/model.ts";
import { partitionOf } from "./parse-timestamp.ts";
import type { RowContext } from "./prediction-row.ts";
import { notAnObject, tooManyModels } from "./prediction-row.ts";
import { readClass } from "./prediction-value.ts";
import type { JsonObject } from "./row-fields.ts";
import {
  isJsonObject,
  isRowProblem,
  readEventTime,
  readId,
  readName,
  unknownField,
} from "./row-fields.ts";
import type { RowProblem } from "./row-problem.ts";
import { problem, wrongType } from "./row-problem.ts";

const fields = new Set(["model", "environment", "prediction_id", "label", "label_timestamp"]);
const labelKinds = { number: 1, class: 2 } as const;

/** Null when the row was accepted. */
export function encodeLabel(row: unknown, context: RowContext): RowProblem | null {
  if (!isJsonObject(row)) return notAnObject();
  const found = unknownField(row, fields, "");
  if (found !== null) return found;
  const { builder } = context;
  builder.rowStart = builder.writer.position;
  const result = encodeFields(row, context);
  if (result !== null) builder.dropRow();
  return result;
}

function encodeFields(
  row: JsonObject,
  { builder, workspace, names }: RowContext,
): RowProblem | null {
  const { writer, receivedAtMs } = builder;
  const modelName = readName(row, "model", names, null);
  if (isRowProblem(modelName)) return modelName;
  const environment = readName(row, "environment", names, defaultEnvironment);
  if (isRowProblem(environment)) return environment;
  const model = workspace.model(modelName.text);
  if (model === null) return tooManyModels();
  const predictionId = readId(row, "prediction_id");
  if (isRowProblem(predictionId)) return predictionId;
  if (predictionId === "") return problem("missing_field", "prediction_id", "is missing");
  const sentTime = row.label_timestamp ?? null;
  const retentionDays =
    model.retentionDays === undefined ? workspace.rawRetentionDays : model.retentionDays;
  const time =
    sentTime === null
      ? receivedAtMs
      : readEventTime("label_timestamp", sentTime, receivedAtMs, retentionDays);
  if (typeof time !== "number") return time;
  const label = readLabel(row.label ?? null);
  if (isRowProblem(label)) return label;
  builder.beginModelRow(time);
  writer.raw(environment.bytes);
  writer.string(predictionId);
  writer.byte(typeof label === "number" ? labelKinds.number : labelKinds.class);
  writer.nullableFloat64(typeof label === "number" ? label : null);
  writer.string(typeof label === "number" ? "" : label);
  builder.endRow("labels", partitionOf(time), model, time);
  builder.sawTask(model);
  workspace.markKnown(model);
  return null;
}

function readLabel(label: unknown): number | string | RowProblem {
  if (label === null) return problem("missing_field", "label", "is missing");
  if (typeof label === "number") {
    return Number.isFinite(label)
      ? label
      : problem("invalid_value", "label", "is too large for a 64-bit float");
  }
  if (typeof label === "string" || typeof label === "boolean") return readClass("label", label);
  return wrongType("label", "a number, a string or a boolean", label);
}
