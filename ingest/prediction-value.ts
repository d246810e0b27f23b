import { wireLimits } from "#lib/domain/limits.ts";
import type { Task } from "#lib/domain/model.ts";
import type { EncodedName, NameCache } from "./name-cache.ts";
import type { JsonObject } from "./row-fields.ts";
import { isJsonObject, isRowProblem, readNumber, textProblem, unknownField } from "./row-fields.ts";
import type { RowProblem } from "./row-problem.ts";
import { nameProblem, problem, wrongType } from "./row-problem.ts";

/** The store's Enum8. */
const predictionKinds = { none: 0, number: 1, class: 2, object: 3 } as const;

export interface PredictionValue {
  kind: number;
  value: number | null;
  label: string;
  score: number | null;
  classNames: readonly EncodedName[];
  classProbabilities: readonly number[];
  task: Task | null;
}

const fields = new Set(["value", "label", "score", "probabilities"]);
const none: readonly never[] = [];
const absent: PredictionValue = {
  kind: predictionKinds.none,
  value: null,
  label: "",
  score: null,
  classNames: none,
  classProbabilities: none,
  task: null,
};
/** A softmax in single precision may exceed 1 by rounding. */
const probabilityMax = 1 + 1e-6;

export function readPrediction(
  prediction: unknown,
  names: NameCache,
): PredictionValue | RowProblem {
  if (prediction === undefined || prediction === null) return absent;
  if (typeof prediction === "number") {
    if (!Number.isFinite(prediction))
      return problem("invalid_value", "prediction", "is too large for a 64-bit float");
    return { ...absent, kind: predictionKinds.number, value: prediction, task: "regression" };
  }
  if (typeof prediction === "string" || typeof prediction === "boolean") {
    const label = readClass("prediction", prediction);
    return typeof label === "string"
      ? { ...absent, kind: predictionKinds.class, label, task: "binary" }
      : label;
  }
  if (!isJsonObject(prediction))
    return wrongType("prediction", "a number, a string, a boolean or an object", prediction);
  return readObject(prediction, names);
}

/** A class by name; true and false are the classes "true" and "false". */
export function readClass(path: string, value: string | boolean): string | RowProblem {
  if (typeof value === "boolean") return String(value);
  if (value === "") return problem("invalid_value", path, "must not be an empty string");
  return textProblem(path, value, wireLimits.stringValueBytesMax) ?? value;
}

function readObject(prediction: JsonObject, names: NameCache): PredictionValue | RowProblem {
  const unknown = unknownField(prediction, fields, "prediction.");
  if (unknown !== null) return unknown;
  const value = readNumber(prediction, "value", Number.NEGATIVE_INFINITY);
  if (isRowProblem(value)) return inside(value);
  const score = readNumber(prediction, "score", Number.NEGATIVE_INFINITY);
  if (isRowProblem(score)) return inside(score);
  const rawLabel = prediction.label ?? null;
  if (rawLabel !== null && typeof rawLabel !== "string" && typeof rawLabel !== "boolean") {
    return wrongType("prediction.label", "a string or a boolean", rawLabel);
  }
  const label = rawLabel === null ? "" : readClass("prediction.label", rawLabel);
  if (isRowProblem(label)) return label;
  const classes = readProbabilities(prediction.probabilities, names);
  if (isRowProblem(classes)) return classes;
  if (value === null && score === null && label === "" && classes.names.length === 0) {
    return problem(
      "missing_field",
      "prediction",
      "holds none of value, label, score and probabilities",
    );
  }
  const task = taskOf(value, label, score, classes.names.length);
  return {
    kind: predictionKinds.object,
    value,
    label,
    score,
    classNames: classes.names,
    classProbabilities: classes.values,
    task,
  };
}

function inside(found: RowProblem): RowProblem {
  return {
    code: found.code,
    path: `prediction.${found.path}`,
    message: `prediction.${found.message}`,
  };
}

function taskOf(
  value: number | null,
  label: string,
  score: number | null,
  classCount: number,
): Task {
  if (classCount > 2) return "multiclass";
  if (value !== null && label === "" && score === null && classCount === 0) return "regression";
  return "binary";
}

function readProbabilities(
  probabilities: unknown,
  names: NameCache,
): { names: readonly EncodedName[]; values: readonly number[] } | RowProblem {
  if (probabilities === undefined || probabilities === null) return { names: none, values: none };
  if (!isJsonObject(probabilities))
    return wrongType("prediction.probabilities", "an object", probabilities);
  const found: EncodedName[] = [];
  const values: number[] = [];
  for (const key in probabilities) {
    const path = `prediction.probabilities.${key}`;
    if (found.length === wireLimits.classesPerRowMax) {
      return problem(
        "too_many",
        "prediction.probabilities",
        `has more than ${wireLimits.classesPerRowMax} classes`,
      );
    }
    const name = names.get(key);
    if (typeof name === "string") return nameProblem(path, name);
    const value = probabilities[key];
    if (typeof value !== "number") return wrongType(path, "a number", value);
    if (!(value >= 0 && value <= probabilityMax))
      return problem("invalid_value", path, "must lie between 0 and 1");
    found.push(name);
    values.push(value);
  }
  return { names: found, values };
}
