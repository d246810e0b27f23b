import type { z } from "zod";
import type { predictionLabels } from "#db/clickhouse/queries/prediction-labels.ts";
import type { predictionRows } from "#db/clickhouse/queries/prediction-rows.ts";
import type { Prediction } from "#lib/api/prediction.ts";

type PredictionRow = z.output<(typeof predictionRows)["row"]>;
type LabelRow = z.output<(typeof predictionLabels)["row"]>;
type StoredFloat = number | "nan" | "-nan" | "inf" | "-inf";

/** A stored row as it was sent: the typed maps and the nulls are one object again. */
export function toPrediction(row: PredictionRow, label: LabelRow | null): Prediction {
  return {
    predictionId: row.predictionId,
    timestamp: toIso(row.timestampMs),
    receivedAt: toIso(row.receivedMs),
    environment: row.environment,
    version: row.version,
    entityId: row.entityId,
    prediction: {
      kind: row.kind,
      value: finite(row.value),
      label: row.label,
      score: finite(row.score),
      probabilities: finiteOnly(row.probabilities),
    },
    features: {
      ...mapValues(row.numericFeatures, asSent),
      ...row.stringFeatures,
      ...row.booleanFeatures,
      ...Object.fromEntries(row.nullFeatures.map((name) => [name, null])),
    },
    featureTimestamps: mapValues(row.featureTimestampsMs, toIso),
    explanations: finiteOnly(row.explanations),
    tags: row.tags,
    latencyMs: finite(row.latencyMs),
    groupId: row.groupId,
    rank: row.rank,
    weight: finite(row.weight),
    traceId: row.traceId,
    label:
      label === null
        ? null
        : {
            value: label.kind === "class" ? label.class : (finite(label.value) ?? "NaN"),
            labelTimestamp: toIso(label.labelTimestampMs),
            count: label.labelCount,
          },
  };
}

function asSent(value: StoredFloat): number | string {
  switch (value) {
    case "nan":
    case "-nan":
      return "NaN";
    case "inf":
      return "Infinity";
    case "-inf":
      return "-Infinity";
    default:
      return value;
  }
}

/** Outside of features the data plane takes finite numbers only. */
function finite(value: StoredFloat | null): number | null {
  return typeof value === "number" ? value : null;
}

function finiteOnly(values: Record<string, StoredFloat>): Record<string, number> {
  const entries = Object.entries(values);
  return Object.fromEntries(
    entries.filter((entry): entry is [string, number] => typeof entry[1] === "number"),
  );
}

function mapValues<T, U>(values: Record<string, T>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]));
}

function toIso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
