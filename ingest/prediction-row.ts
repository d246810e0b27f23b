import type { RowWriter } from "#db/clickhouse/row-writer.ts";
import { wireLimits } from "#lib/domain/limits.ts";
import { defaultVersion } from "#lib/domain/model.ts";
import { learnTask } from "./catalogue.ts";
import type { RowContext } from "./open-row.ts";
import { encodeRow, readEnvironment, readModel, readRowTime } from "./open-row.ts";
import { partitionOf } from "./parse-timestamp.ts";
import type { PredictionValue } from "./prediction-value.ts";
import { readPrediction } from "./prediction-value.ts";
import type { RecordBuilder } from "./record-builder.ts";
import type { JsonObject } from "./row-fields.ts";
import { isRowProblem, readId, readName, readNumber } from "./row-fields.ts";
import type { Embedding } from "./row-maps.ts";
import {
  explanationsField,
  featureTimestampsField,
  readEmbeddings,
  tagsField,
  writeMap,
} from "./row-maps.ts";
import type { RowProblem } from "./row-problem.ts";
import { problem, rowTooLarge } from "./row-problem.ts";

const fields = new Set([
  "model",
  "version",
  "environment",
  "prediction_id",
  "timestamp",
  "features",
  "prediction",
  "latency_ms",
  "tags",
  "entity_id",
  "feature_timestamps",
  "explanations",
  "embeddings",
  "group_id",
  "rank",
  "weight",
  "trace_id",
]);
const rankMax = 4_294_967_295;

export interface MintedId {
  predictionId: string;
  timeMs: number;
}

/** Null when the row was accepted as it came. */
export function encodePrediction(row: unknown, context: RowContext): RowProblem | MintedId | null {
  return encodeRow(row, context, fields, encodeFields);
}

function encodeFields(row: JsonObject, context: RowContext): RowProblem | MintedId | null {
  const { builder, workspace, names, features } = context;
  const { writer } = builder;
  const model = readModel(row, context);
  if (isRowProblem(model)) return model;
  const version = readName(row, "version", names, defaultVersion);
  if (isRowProblem(version)) return version;
  const environment = readEnvironment(row, names);
  if (isRowProblem(environment)) return environment;
  const sentId = readId(row, "prediction_id");
  if (isRowProblem(sentId)) return sentId;
  if ((row.timestamp ?? null) === null && sentId !== "") {
    return problem(
      "missing_field",
      "timestamp",
      "is missing: a row with a prediction_id of its own must say when it was made",
    );
  }
  const time = readRowTime(row, "timestamp", model, context);
  if (typeof time !== "number") return time;
  const predictionId = sentId === "" ? context.mintId(time) : sentId;
  const prediction = readPrediction(row.prediction, names);
  if (isRowProblem(prediction)) return prediction;

  builder.beginModelRow(time);
  writer.raw(environment.bytes);
  writer.raw(version.bytes);
  writer.string(predictionId);
  writePrediction(writer, prediction);
  const found =
    writeScalars(row, writer) ??
    writeMap(writer, row.tags, names, tagsField) ??
    writeMap(writer, row.feature_timestamps, names, featureTimestampsField) ??
    writeMap(writer, row.explanations, names, explanationsField);
  if (found !== null) return found;
  const embeddings = readEmbeddings(row.embeddings, names);
  if (isRowProblem(embeddings)) return embeddings;
  const refused = features.read(row.features, model, names);
  if (refused !== null) return refused;
  features.write(writer);
  if (writer.position - builder.rowStart > wireLimits.rowBytesMax) return rowTooLarge();
  const partition = partitionOf(time);
  builder.endRow("predictions", partition, model, time);
  builder.sawVersion(model, environment.text, version.text);
  features.register(builder, model);
  workspace.markKnown(model);
  const isRanking = (row.rank ?? null) !== null;
  if (isRanking) learnTask(model, "ranking", "");
  else if (prediction.task !== null) learnTask(model, prediction.task, prediction.label);
  builder.sawTask(model);
  for (const embedding of embeddings) {
    writeEmbedding(builder, time, environment.bytes, version.bytes, predictionId, embedding);
    builder.endRow("embeddings", partition, model, time);
  }
  return sentId === "" ? { predictionId, timeMs: time } : null;
}

function writePrediction(writer: RowWriter, prediction: PredictionValue): void {
  writer.byte(prediction.kind);
  writer.nullableFloat64(prediction.value);
  writer.string(prediction.label);
  writer.nullableFloat64(prediction.score);
  const { classNames, classProbabilities } = prediction;
  writer.varint(classNames.length);
  for (const [i, name] of classNames.entries()) {
    writer.raw(name.bytes);
    writer.float64(classProbabilities[i] ?? 0);
  }
}

function writeScalars(row: JsonObject, writer: RowWriter): RowProblem | null {
  const latency = readNumber(row, "latency_ms", 0);
  if (isRowProblem(latency)) return latency;
  const entityId = readId(row, "entity_id");
  if (isRowProblem(entityId)) return entityId;
  const groupId = readId(row, "group_id");
  if (isRowProblem(groupId)) return groupId;
  const rank = readNumber(row, "rank", 0);
  if (isRowProblem(rank)) return rank;
  if (rank !== null && (!Number.isInteger(rank) || rank > rankMax)) {
    return problem("invalid_value", "rank", `must be a whole number up to ${rankMax}`);
  }
  const weight = readNumber(row, "weight", 0);
  if (isRowProblem(weight)) return weight;
  const traceId = readId(row, "trace_id");
  if (isRowProblem(traceId)) return traceId;
  writer.nullableFloat64(latency);
  writer.string(entityId);
  writer.string(groupId);
  writer.nullableUint32(rank);
  writer.nullableFloat64(weight);
  writer.string(traceId);
  return null;
}

function writeEmbedding(
  builder: RecordBuilder,
  time: number,
  environment: Uint8Array,
  version: Uint8Array,
  predictionId: string,
  { name, vector }: Embedding,
): void {
  const { writer } = builder;
  builder.beginModelRow(time);
  writer.raw(environment);
  writer.raw(version);
  writer.string(predictionId);
  writer.raw(name.bytes);
  writer.varint(vector.length);
  for (const value of vector) writer.float32(value);
}
