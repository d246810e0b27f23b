import type { Change, FeatureValue, Label, OfflineFeatures, Prediction, Time } from "./rows.ts";

/** The data plane refuses larger rows; they would only cost their batch a round trip. */
const rowBytesMax = 1024 * 1024;

export interface RowDefaults {
  model?: string | undefined;
  version?: string | undefined;
  environment: string;
}

export interface EncodedRow {
  line: string;
  /** Paths of values that had to be left out: numbers that are not finite, which JSON has no word for. */
  altered: string[];
}

/** Throws where nothing honest can be sent; the message is for the person who logs. */
export function encodePrediction(
  row: Prediction,
  predictionId: string,
  nowMs: number,
  defaults: RowDefaults,
): EncodedRow {
  const altered: string[] = [];
  const finite = (value: number | undefined, path: string) => finiteOrNoted(value, path, altered);
  return toLine(
    {
      model: required(row.model ?? defaults.model),
      version: row.version ?? defaults.version,
      environment: row.environment ?? defaults.environment,
      prediction_id: predictionId,
      timestamp: toIso(row.timestamp ?? nowMs),
      features: row.features && encodeFeatures(row.features),
      prediction: encodePredictionValue(row, altered),
      latency_ms: finite(row.latencyMs, "latencyMs"),
      tags: row.tags && encodeTags(row.tags),
      entity_id: textOf(row.entityId),
      feature_timestamps: row.featureTimestamps && mapValues(row.featureTimestamps, toIso),
      explanations: row.explanations && finiteNumbers(row.explanations, "explanations", altered),
      embeddings: row.embeddings && encodeEmbeddings(row.embeddings, altered),
      group_id: textOf(row.groupId),
      rank: finite(row.rank, "rank"),
      weight: finite(row.weight, "weight"),
      trace_id: textOf(row.traceId),
    },
    altered,
  );
}

export function encodeLabel(row: Label, nowMs: number, defaults: RowDefaults): EncodedRow {
  if (!row.predictionId) throw new Error("a label needs the id of its prediction");
  const { label } = row;
  const isKnown =
    typeof label === "string" || typeof label === "boolean" || Number.isFinite(label as unknown);
  if (!isKnown) throw new Error("the label is missing or not finite; log it once it is known");
  return toLine(
    {
      model: required(row.model ?? defaults.model),
      environment: row.environment ?? defaults.environment,
      prediction_id: String(row.predictionId),
      label,
      label_timestamp: toIso(row.timestamp ?? nowMs),
    },
    [],
  );
}

export function encodeOfflineFeatures(
  row: OfflineFeatures,
  nowMs: number,
  defaults: RowDefaults,
): EncodedRow {
  if (!row.predictionId) throw new Error("offline features need the id of their prediction");
  if (!row.features) throw new Error("the features are missing");
  return toLine(
    {
      model: required(row.model ?? defaults.model),
      version: row.version,
      environment: row.environment ?? defaults.environment,
      prediction_id: String(row.predictionId),
      timestamp: toIso(row.timestamp ?? nowMs),
      features: encodeFeatures(row.features),
      source: row.source,
    },
    [],
  );
}

export function encodeChange(
  row: Change,
  changeId: string,
  nowMs: number,
  defaults: RowDefaults,
): EncodedRow {
  return toLine(
    {
      id: changeId,
      kind: row.kind,
      title: row.title,
      model: row.model ?? defaults.model ?? "",
      version: row.version,
      environment: row.environment,
      source: row.source,
      url: row.url,
      details: row.details && encodeTags(row.details),
      occurred_at: toIso(row.timestamp ?? nowMs),
    },
    [],
  );
}

function toLine(row: Record<string, unknown>, altered: string[]): EncodedRow {
  const line = JSON.stringify(row);
  if (line.length > rowBytesMax)
    throw new Error(`the row has ${line.length} characters, ${rowBytesMax} are allowed`);
  return { line, altered };
}

function required(model: string | undefined): string {
  if (model) return String(model);
  throw new Error("no model was named, neither here nor when the client was made");
}

function textOf(value: string | number | undefined | null): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}

function toIso(value: Time): string {
  if (typeof value === "string") return value;
  const date = typeof value === "number" ? new Date(value) : value;
  if (!(date instanceof Date) || Number.isNaN(date.getTime()))
    throw new Error(`${String(value)} is no time`);
  return date.toISOString();
}

function mapValues<In, Out>(
  record: Readonly<Record<string, In>>,
  convert: (value: In, name: string) => Out,
): Record<string, Out> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, convert(value, name)]),
  );
}

const needsNothing = (value: unknown) =>
  value === null ||
  typeof value === "string" ||
  typeof value === "boolean" ||
  Number.isFinite(value);

function encodeFeatures(features: Readonly<Record<string, FeatureValue>>): object {
  if (typeof features !== "object") throw new Error("features is no object");
  const values = features instanceof Map ? Object.fromEntries(features) : features;
  // Most rows are as the wire wants them, and are not copied.
  for (const name in values)
    if (!needsNothing(values[name])) return mapValues(values, encodeFeature);
  return values;
}

function encodeFeature(value: FeatureValue, name: string): unknown {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "bigint":
      return Number(value);
    case "function":
    case "symbol":
      throw new Error(`features.${name}: a ${typeof value} can't be sent`);
    case "object":
      if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
      return value;
    case "string":
    case "boolean":
    case "undefined":
      return value;
  }
}

function encodePredictionValue(row: Prediction, altered: string[]): unknown {
  const { prediction, score, probabilities } = row;
  if (typeof prediction === "number" && !Number.isFinite(prediction)) altered.push("prediction");
  const plain = typeof prediction === "number" && !Number.isFinite(prediction) ? null : prediction;
  const isObject = typeof plain === "object" && plain !== null;
  if (!isObject && score === undefined && probabilities === undefined) return plain;
  const given = isObject ? plain : asObject(plain);
  const all = {
    ...given,
    ...(score !== undefined && { score }),
    ...(probabilities && { probabilities }),
  };
  return {
    ...all,
    value: finiteOrNoted(all.value, "prediction.value", altered),
    score: finiteOrNoted(all.score, "prediction.score", altered),
    probabilities:
      all.probabilities && finiteNumbers(all.probabilities, "prediction.probabilities", altered),
  };
}

function asObject(plain: number | string | boolean | null | undefined): {
  value?: number;
  label?: string | boolean;
  score?: number;
  probabilities?: Record<string, number>;
} {
  if (typeof plain === "number") return { value: plain };
  if (typeof plain === "string" || typeof plain === "boolean") return { label: plain };
  return {};
}

function finiteOrNoted(
  value: number | undefined,
  path: string,
  altered: string[],
): number | undefined {
  if (typeof value !== "number" || Number.isFinite(value)) return value ?? undefined;
  altered.push(path);
  return undefined;
}

function finiteNumbers(
  record: Readonly<Record<string, number>>,
  path: string,
  altered: string[],
): Record<string, number | undefined> {
  return mapValues(record, (value, name) => finiteOrNoted(value, `${path}.${name}`, altered));
}

function encodeTags(tags: NonNullable<Prediction["tags"]>): Record<string, string | undefined> {
  return mapValues(tags, (value) =>
    value === null || value === undefined ? undefined : String(value),
  );
}

function encodeEmbeddings(
  embeddings: Readonly<Record<string, ArrayLike<number>>>,
  altered: string[],
): Record<string, number[] | undefined> {
  return mapValues(embeddings, (vector, name) => {
    const numbers = Array.from(vector);
    if (numbers.every(Number.isFinite)) return numbers;
    // A vector without one of its numbers is another vector.
    altered.push(`embeddings.${name}`);
    return undefined;
  });
}
