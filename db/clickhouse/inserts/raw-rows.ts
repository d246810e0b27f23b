import { Readable } from "node:stream";
import type { ClickHouseClient } from "../client.ts";

export const rawTables = ["predictions", "labels", "embeddings", "rejections"] as const;
export type RawTable = (typeof rawTables)[number];

/** In the order in which ingest writes a row's bytes. Every table that has a model keeps its id at byte 16. */
export const rawColumns: Record<RawTable, readonly string[]> = {
  predictions: [
    "workspace_id",
    "model_id",
    "timestamp",
    "sequence",
    "environment",
    "version",
    "prediction_id",
    "prediction_kind",
    "prediction_value",
    "prediction_label",
    "prediction_score",
    "probabilities",
    "latency_ms",
    "entity_id",
    "group_id",
    "rank",
    "weight",
    "trace_id",
    "tags",
    "feature_timestamps",
    "explanations",
    "numeric_features",
    "string_features",
    "boolean_features",
    "null_features",
  ],
  labels: [
    "workspace_id",
    "model_id",
    "label_timestamp",
    "sequence",
    "environment",
    "prediction_id",
    "label_kind",
    "label_value",
    "label_class",
  ],
  embeddings: [
    "workspace_id",
    "model_id",
    "timestamp",
    "sequence",
    "environment",
    "version",
    "prediction_id",
    "name",
    "vector",
  ],
  rejections: [
    "workspace_id",
    "received_at",
    "sequence",
    "endpoint",
    "model",
    "prediction_id",
    "code",
    "path",
    "message",
    "row",
    "api_key_id",
  ],
};

export interface RawRowsInsert {
  table: RawTable;
  /** The store drops a second insert under the same token: a retry doubles nothing. */
  token: string;
  /** RowBinary; at most one partition's rows, so that the insert is one part or none. */
  rows: readonly Uint8Array[];
  timeoutMs: number;
}

export async function insertRawRows(
  client: ClickHouseClient,
  insert: RawRowsInsert,
): Promise<void> {
  const result = await client.exec({
    query: `INSERT INTO ${insert.table} (${rawColumns[insert.table].join(", ")}) FORMAT RowBinary`,
    values: Readable.from(insert.rows, { objectMode: false }),
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
