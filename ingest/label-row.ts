import type { RowContext } from "./open-row.ts";
import { encodeRow, readEnvironment, readModel, readRowTime } from "./open-row.ts";
import { partitionOf } from "./parse-timestamp.ts";
import { readClass } from "./prediction-value.ts";
import type { JsonObject } from "./row-fields.ts";
import { isRowProblem, readRequiredId } from "./row-fields.ts";
import type { RowProblem } from "./row-problem.ts";
import { problem, wrongType } from "./row-problem.ts";

const fields = new Set(["model", "environment", "prediction_id", "label", "label_timestamp"]);
const labelKinds = { number: 1, class: 2 } as const;

/** Null when the row was accepted. */
export function encodeLabel(row: unknown, context: RowContext): RowProblem | null {
  return encodeRow(row, context, fields, encodeFields);
}

function encodeFields(row: JsonObject, context: RowContext): RowProblem | null {
  const { builder, workspace, names } = context;
  const { writer } = builder;
  const model = readModel(row, context);
  if (isRowProblem(model)) return model;
  const environment = readEnvironment(row, names);
  if (isRowProblem(environment)) return environment;
  const predictionId = readRequiredId(row, "prediction_id");
  if (isRowProblem(predictionId)) return predictionId;
  const time = readRowTime(row, "label_timestamp", model, context);
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
