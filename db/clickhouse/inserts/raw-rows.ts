import { Readable } from "node:stream";
import type { ClickHouseClient } from "../client.ts";

export const rawTables = [
  "predictions",
  "labels",
  "embeddings",
  "offline_features",
  "rejections",
] as const;
export type RawTable = (typeof rawTables)[number];

/** Kept as long as the model says; rejections have a time of their own. */
export const expiringTables = ["predictions", "labels", "embeddings", "offline_features"] as const;
export type ExpiringTable = (typeof expiringTables)[number];

/** Columns and their types, in the order in which ingest writes a row's bytes. Where there is a model, its id is second. */
export const rawColumns: Record<RawTable, Readonly<Record<string, string>>> = {
  predictions: {
    workspace_id: "UUID",
    model_id: "UUID",
    timestamp: "DateTime64(3, 'UTC')",
    sequence: "UInt64",
    environment: "LowCardinality(String)",
    version: "LowCardinality(String)",
    prediction_id: "String",
    prediction_kind: "Enum8('none' = 0, 'number' = 1, 'class' = 2, 'object' = 3)",
    prediction_value: "Nullable(Float64)",
    prediction_label: "LowCardinality(String)",
    prediction_score: "Nullable(Float64)",
    probabilities: "Map(LowCardinality(String), Float64)",
    latency_ms: "Nullable(Float64)",
    entity_id: "String",
    group_id: "String",
    rank: "Nullable(UInt32)",
    weight: "Nullable(Float64)",
    trace_id: "String",
    tags: "Map(LowCardinality(String), LowCardinality(String))",
    feature_timestamps: "Map(LowCardinality(String), DateTime64(3, 'UTC'))",
    explanations: "Map(LowCardinality(String), Float64)",
    numeric_features: "Map(LowCardinality(String), Float64)",
    string_features: "Map(LowCardinality(String), LowCardinality(String))",
    boolean_features: "Map(LowCardinality(String), Bool)",
    null_features: "Array(LowCardinality(String))",
  },
  labels: {
    workspace_id: "UUID",
    model_id: "UUID",
    label_timestamp: "DateTime64(3, 'UTC')",
    sequence: "UInt64",
    environment: "LowCardinality(String)",
    prediction_id: "String",
    label_kind: "Enum8('number' = 1, 'class' = 2)",
    label_value: "Nullable(Float64)",
    label_class: "LowCardinality(String)",
  },
  embeddings: {
    workspace_id: "UUID",
    model_id: "UUID",
    timestamp: "DateTime64(3, 'UTC')",
    sequence: "UInt64",
    environment: "LowCardinality(String)",
    version: "LowCardinality(String)",
    prediction_id: "String",
    name: "LowCardinality(String)",
    vector: "Array(Float32)",
  },
  offline_features: {
    workspace_id: "UUID",
    model_id: "UUID",
    timestamp: "DateTime64(3, 'UTC')",
    sequence: "UInt64",
    environment: "LowCardinality(String)",
    version: "LowCardinality(String)",
    prediction_id: "String",
    source: "LowCardinality(String)",
    numeric_features: "Map(LowCardinality(String), Float64)",
    string_features: "Map(LowCardinality(String), LowCardinality(String))",
    boolean_features: "Map(LowCardinality(String), Bool)",
    null_features: "Array(LowCardinality(String))",
  },
  rejections: {
    workspace_id: "UUID",
    received_at: "DateTime64(3, 'UTC')",
    sequence: "UInt64",
    endpoint: "LowCardinality(String)",
    model: "LowCardinality(String)",
    prediction_id: "String",
    code: "LowCardinality(String)",
    path: "String",
    message: "String",
    row: "String",
    api_key_id: "UUID",
  },
};

/** Where a row stands in time; its partition follows from it. */
export const rawTimeColumns: Record<RawTable, string> = {
  predictions: "timestamp",
  labels: "label_timestamp",
  embeddings: "timestamp",
  offline_features: "timestamp",
  rejections: "received_at",
};

export interface RawRowsInsert {
  table: RawTable;
  /** The store drops a second insert under the same token: a retry doubles nothing. */
  token: string;
  /** One block in the Native format; one partition's rows, so that the insert is one part or none. */
  block: readonly Uint8Array[];
  timeoutMs: number;
}

export async function insertRawRows(
  client: ClickHouseClient,
  insert: RawRowsInsert,
): Promise<void> {
  const columns = Object.keys(rawColumns[insert.table]).join(", ");
  const result = await client.exec({
    query: `INSERT INTO ${insert.table} (${columns}) FORMAT Native`,
    values: Readable.from(insert.block, { objectMode: false }),
    abort_signal: AbortSignal.timeout(insert.timeoutMs),
    clickhouse_settings: {
      insert_deduplication_token: insert.token,
      log_comment: `insertRawRows:${insert.table}`,
      async_insert: 0,
      wait_end_of_query: 1,
    },
  });
  for await (const _ of result.stream) {
    // An exec is over when its answer has been read.
  }
}
