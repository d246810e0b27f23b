import type { RowWriter } from "#db/clickhouse/row-writer.ts";
import { wireLimits } from "#lib/domain/limits.ts";
import type { EncodedName, NameCache } from "./name-cache.ts";
import { isJsonObject, readStoredTime, textProblem } from "./row-fields.ts";
import type { RowProblem } from "./row-problem.ts";
import { nameProblem, problem, wrongType } from "./row-problem.ts";

interface MapField {
  field: string;
  expected: string;
  entriesMax: number;
  /** Writes the value, or says why it can't be. */
  writeValue(writer: RowWriter, value: unknown, path: string): RowProblem | null;
}

export const tagsField: MapField = {
  field: "tags",
  expected: "an object of strings",
  entriesMax: wireLimits.tagsPerRowMax,
  writeValue(writer, value, path) {
    if (typeof value !== "string") return wrongType(path, "a string", value);
    const found = textProblem(path, value, wireLimits.stringValueBytesMax);
    if (found !== null) return found;
    writer.string(value);
    return null;
  },
};

export const featureTimestampsField: MapField = {
  field: "feature_timestamps",
  expected: "an object of times",
  entriesMax: wireLimits.featuresPerRowMax,
  writeValue(writer, value, path) {
    const time = readStoredTime(path, value);
    if (typeof time !== "number") return time;
    writer.uint64(time);
    return null;
  },
};

export const explanationsField: MapField = {
  field: "explanations",
  expected: "an object of numbers",
  entriesMax: wireLimits.featuresPerRowMax,
  writeValue(writer, value, path) {
    if (typeof value !== "number") return wrongType(path, "a number", value);
    if (!Number.isFinite(value))
      return problem("invalid_value", path, "is too large for a 64-bit float");
    writer.float64(value);
    return null;
  },
};

/** A Map column whose keys are names. */
export function writeMap(
  writer: RowWriter,
  map: unknown,
  names: NameCache,
  is: MapField,
): RowProblem | null {
  if (map === undefined || map === null) {
    writer.byte(0);
    return null;
  }
  if (!isJsonObject(map)) return wrongType(is.field, is.expected, map);
  let count = 0;
  for (const _ in map) count++;
  if (count > is.entriesMax)
    return problem("too_many", is.field, `has more than ${is.entriesMax} entries`);
  writer.varint(count);
  for (const key in map) {
    const name = names.get(key);
    if (typeof name === "string") return nameProblem(`${is.field}.${key}`, name);
    writer.raw(name.bytes);
    const found = is.writeValue(writer, map[key], `${is.field}.${key}`);
    if (found !== null) return found;
  }
  return null;
}

export interface Embedding {
  name: EncodedName;
  vector: readonly number[];
}

const noEmbeddings: readonly Embedding[] = [];

export function readEmbeddings(
  embeddings: unknown,
  names: NameCache,
): readonly Embedding[] | RowProblem {
  if (embeddings === undefined || embeddings === null) return noEmbeddings;
  if (!isJsonObject(embeddings))
    return wrongType("embeddings", "an object of arrays of numbers", embeddings);
  const found: Embedding[] = [];
  for (const key in embeddings) {
    if (found.length === wireLimits.embeddingsPerRowMax) {
      return problem(
        "too_many",
        "embeddings",
        `has more than ${wireLimits.embeddingsPerRowMax} entries`,
      );
    }
    const path = `embeddings.${key}`;
    const name = names.get(key);
    if (typeof name === "string") return nameProblem(path, name);
    const vector = readVector(embeddings[key], path);
    if (!Array.isArray(vector)) return vector as RowProblem;
    found.push({ name, vector });
  }
  return found;
}

function readVector(vector: unknown, path: string): number[] | RowProblem {
  if (!Array.isArray(vector)) return wrongType(path, "an array of numbers", vector);
  if (vector.length === 0) return problem("invalid_value", path, "must not be empty");
  if (vector.length > wireLimits.embeddingDimensionsMax) {
    return problem(
      "too_many",
      path,
      `has more than ${wireLimits.embeddingDimensionsMax} dimensions`,
    );
  }
  for (let i = 0; i < vector.length; i++) {
    const value: unknown = vector[i];
    if (typeof value !== "number") return wrongType(`${path}[${i}]`, "a number", value);
    if (!Number.isFinite(Math.fround(value))) {
      return problem("invalid_value", `${path}[${i}]`, "is too large for a 32-bit float");
    }
  }
  return vector as number[];
}
