import { wireLimits } from "#lib/domain/limits.ts";
import type { EncodedName, NameCache } from "./name-cache.ts";
import type { RowContext } from "./open-row.ts";
import { encodeRow, readEnvironment, readModel, readRowTime } from "./open-row.ts";
import { partitionOf } from "./parse-timestamp.ts";
import type { JsonObject } from "./row-fields.ts";
import { isRowProblem, readName, readRequiredId } from "./row-fields.ts";
import type { RowProblem } from "./row-problem.ts";
import { problem, rowTooLarge } from "./row-problem.ts";

const fields = new Set([
  "model",
  "version",
  "environment",
  "prediction_id",
  "timestamp",
  "features",
  "source",
]);
const absentName: EncodedName = { text: "", bytes: Uint8Array.of(0) };

/** What the training side says that the features of a prediction should have been. Null when the row was accepted. */
export function encodeOfflineFeatures(row: unknown, context: RowContext): RowProblem | null {
  return encodeRow(row, context, fields, encodeFields);
}

function encodeFields(row: JsonObject, context: RowContext): RowProblem | null {
  const { builder, workspace, names, features } = context;
  const { writer } = builder;
  const model = readModel(row, context);
  if (isRowProblem(model)) return model;
  const version = readOptionalName(row, "version", names);
  if (isRowProblem(version)) return version;
  const environment = readEnvironment(row, names);
  if (isRowProblem(environment)) return environment;
  const predictionId = readRequiredId(row, "prediction_id");
  if (isRowProblem(predictionId)) return predictionId;
  const time = readRowTime(row, "timestamp", model, context);
  if (typeof time !== "number") return time;
  const source = readOptionalName(row, "source", names);
  if (isRowProblem(source)) return source;
  if ((row.features ?? null) === null) return problem("missing_field", "features", "is missing");
  const refused = features.read(row.features, model, names);
  if (refused !== null) return refused;
  builder.beginModelRow(time);
  writer.raw(environment.bytes);
  writer.raw(version.bytes);
  writer.string(predictionId);
  writer.raw(source.bytes);
  features.write(writer);
  if (writer.position - builder.rowStart > wireLimits.rowBytesMax) return rowTooLarge();
  builder.endRow("offline_features", partitionOf(time), model, time);
  builder.sawTask(model);
  workspace.markKnown(model);
  return null;
}

/** "" where it is absent. */
function readOptionalName(
  row: JsonObject,
  field: string,
  names: NameCache,
): EncodedName | RowProblem {
  return (row[field] ?? null) === null ? absentName : readName(row, field, names, null);
}
