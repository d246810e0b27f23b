import type { ClickHouseClient } from "#db/clickhouse/client.ts";
import type { CrashLabel, CrashOffline, CrashPrediction } from "./crash-rows.ts";
import { selectRows } from "./test-ingest.ts";

/** A row of the store, told as it was sent, and when it was received. */
export interface Stored<T> {
  row: T;
  receivedMs: number;
}

interface PredictionRow {
  model_id: string;
  version: string;
  prediction_id: string;
  ms: number;
  receivedMs: number;
  value: number | null;
  label: string;
  score: number | null;
  numbers: { amount: number; debt: number; items: number };
  strings: { city: string; note?: string };
  booleans: { is_weekend: boolean };
  nulls: string[];
  latency_ms: number;
}

interface LabelRow {
  model_id: string;
  prediction_id: string;
  ms: number;
  receivedMs: number;
  kind: string;
  value: number | null;
  class: string;
}

/** What counts of each prediction; `models` are names by id. */
export async function storedPredictions(
  clickhouse: ClickHouseClient,
  workspaceId: string,
  models: ReadonlyMap<string, string>,
): Promise<Stored<CrashPrediction>[]> {
  const rows = await selectRows<PredictionRow>(
    clickhouse,
    `SELECT model_id, version, prediction_id, toUnixTimestamp64Milli(timestamp) AS ms,
       toUnixTimestamp64Milli(received_at) AS receivedMs, prediction_value AS value, prediction_label AS label,
       prediction_score AS score, numeric_features AS numbers, string_features AS strings, boolean_features AS booleans,
       null_features AS nulls, latency_ms
     FROM predictions FINAL WHERE workspace_id = '${workspaceId}'`,
  );
  return rows.map((row) => ({
    receivedMs: row.receivedMs,
    row: {
      model: models.get(row.model_id) ?? row.model_id,
      version: row.version,
      prediction_id: row.prediction_id,
      timestamp: row.ms,
      features: featuresOf(row),
      prediction: row.value ?? { label: row.label, score: row.score ?? Number.NaN },
      latency_ms: row.latency_ms,
    },
  }));
}

export async function storedLabels(
  clickhouse: ClickHouseClient,
  workspaceId: string,
  models: ReadonlyMap<string, string>,
): Promise<Stored<CrashLabel>[]> {
  const rows = await selectRows<LabelRow>(
    clickhouse,
    `SELECT model_id, prediction_id, toUnixTimestamp64Milli(label_timestamp) AS ms,
       toUnixTimestamp64Milli(received_at) AS receivedMs, label_kind AS kind, label_value AS value, label_class AS class
     FROM labels FINAL WHERE workspace_id = '${workspaceId}'`,
  );
  return rows.map((row) => ({
    receivedMs: row.receivedMs,
    row: {
      model: models.get(row.model_id) ?? row.model_id,
      prediction_id: row.prediction_id,
      label: row.kind === "number" ? (row.value ?? Number.NaN) : row.class,
      label_timestamp: row.ms,
    },
  }));
}

interface OfflineRow
  extends Pick<PredictionRow, "model_id" | "prediction_id" | "ms" | "receivedMs">,
    Pick<PredictionRow, "numbers" | "strings" | "booleans" | "nulls"> {
  source: string;
}

export async function storedOffline(
  clickhouse: ClickHouseClient,
  workspaceId: string,
  models: ReadonlyMap<string, string>,
): Promise<Stored<CrashOffline>[]> {
  const rows = await selectRows<OfflineRow>(
    clickhouse,
    `SELECT model_id, prediction_id, toUnixTimestamp64Milli(timestamp) AS ms,
       toUnixTimestamp64Milli(received_at) AS receivedMs, source, numeric_features AS numbers, string_features AS strings,
       boolean_features AS booleans, null_features AS nulls
     FROM offline_features FINAL WHERE workspace_id = '${workspaceId}'`,
  );
  return rows.map((row) => ({
    receivedMs: row.receivedMs,
    row: {
      model: models.get(row.model_id) ?? row.model_id,
      prediction_id: row.prediction_id,
      timestamp: row.ms,
      source: row.source,
      features: featuresOf(row),
    },
  }));
}

function featuresOf({
  numbers,
  strings,
  booleans,
  nulls,
}: Pick<PredictionRow, "numbers" | "strings" | "booleans" | "nulls">): CrashPrediction["features"] {
  const missing = Object.fromEntries(nulls.map((name) => [name, null]));
  return { ...numbers, ...strings, ...booleans, ...missing };
}

const identities = {
  predictions: "model_id, environment, version, prediction_id, timestamp, sequence",
  offline_features: "model_id, environment, version, prediction_id, timestamp, sequence",
  labels: "model_id, environment, prediction_id, label_timestamp, sequence",
} as const;
export type CheckedTable = keyof typeof identities;

/** Predictions of which more than one row lies in a table, merged or not. */
export async function storedTwice(
  clickhouse: ClickHouseClient,
  workspaceId: string,
  table: CheckedTable,
): Promise<string[]> {
  const rows = await selectRows<{ prediction_id: string }>(
    clickhouse,
    `SELECT prediction_id FROM ${table} WHERE workspace_id = '${workspaceId}' GROUP BY prediction_id HAVING count() > 1`,
  );
  return rows.map((row) => row.prediction_id);
}

/** Rows of a table as they lie there, merged or not, and how many of them are there more than once: received once, but
 *  stored again. */
export async function countUnmerged(
  clickhouse: ClickHouseClient,
  workspaceId: string,
  table: CheckedTable,
): Promise<{ rows: number; doubled: number }> {
  const [counted] = await selectRows<{ rows: number; doubled: number }>(
    clickhouse,
    `SELECT count() AS rows, count() - uniqExact((${identities[table]})) AS doubled
     FROM ${table} WHERE workspace_id = '${workspaceId}'`,
  );
  return counted ?? { rows: 0, doubled: 0 };
}
