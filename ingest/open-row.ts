import { defaultEnvironment } from "#lib/domain/model.ts";
import type { ModelState, WorkspaceState } from "./catalogue.ts";
import { catalogueLimits } from "./catalogue.ts";
import type { FeatureValues } from "./feature-values.ts";
import type { EncodedName, NameCache } from "./name-cache.ts";
import type { RecordBuilder } from "./record-builder.ts";
import type { JsonObject } from "./row-fields.ts";
import { isJsonObject, isRowProblem, readEventTime, readName, unknownField } from "./row-fields.ts";
import type { RowProblem } from "./row-problem.ts";
import { problem } from "./row-problem.ts";

/** What the rows of one body share. */
export interface RowContext {
  builder: RecordBuilder;
  workspace: WorkspaceState;
  names: NameCache;
  features: FeatureValues;
  mintId: (timeMs: number) => string;
}

/** One pass: what is read is written, and the end decides whether it stays. */
export function encodeRow<T>(
  row: unknown,
  context: RowContext,
  fields: ReadonlySet<string>,
  encodeFields: (row: JsonObject, context: RowContext) => RowProblem | T,
): RowProblem | T {
  if (!isJsonObject(row))
    return { code: "not_an_object", path: "", message: "A row must be a JSON object" };
  const found = unknownField(row, fields, "");
  if (found !== null) return found;
  const { builder } = context;
  builder.rowStart = builder.writer.position;
  const result = encodeFields(row, context);
  if (isRowProblem(result)) builder.dropRow();
  return result;
}

export function readEnvironment(row: JsonObject, names: NameCache): EncodedName | RowProblem {
  return readName(row, "environment", names, defaultEnvironment);
}

export function readModel(
  row: JsonObject,
  { workspace, names }: RowContext,
): ModelState | RowProblem {
  const name = readName(row, "model", names, null);
  if (isRowProblem(name)) return name;
  return (
    workspace.model(name.text) ??
    problem(
      "too_many",
      "model",
      `is new, and the workspace already has ${catalogueLimits.modelsPerWorkspaceMax} models`,
    )
  );
}

/** Where the row stands in time: as it says, or when it was received. */
export function readRowTime(
  row: JsonObject,
  field: string,
  model: ModelState,
  { workspace, builder }: RowContext,
): number | RowProblem {
  const sent = row[field] ?? null;
  if (sent === null) return builder.receivedAtMs;
  const days = model.retentionDays === undefined ? workspace.rawRetentionDays : model.retentionDays;
  return readEventTime(field, sent, builder.receivedAtMs, days);
}
