import type { ClickHouseClient } from "#db/clickhouse/client.ts";
import { defaultEnvironment } from "#lib/domain/model.ts";

export interface TestLabel {
  id: string;
  label: number | string;
  /** When it was known. */
  time: string | Date;
  environment?: string;
  /** Default: 1 s after it was known. */
  receivedAt?: string | Date;
}

/** Writes labels as ingest stores them. One call is one block; a later call is received later. Answers the places in the
 *  order of receipt. */
export async function insertLabels(
  { clickhouse }: { clickhouse: ClickHouseClient },
  { workspaceId, modelId }: { workspaceId: string; modelId: string },
  labels: readonly TestLabel[],
): Promise<{ sequenceFrom: bigint; sequenceUntil: bigint }> {
  blockNumber += 1;
  const block = BigInt(blockNumber % 64) << 16n;
  const rows = labels.map((row, i) => {
    const knownMs = new Date(row.time).getTime();
    const receivedMs =
      row.receivedAt === undefined ? knownMs + 1_000 : new Date(row.receivedAt).getTime();
    return {
      workspace_id: workspaceId,
      model_id: modelId,
      environment: row.environment ?? defaultEnvironment,
      prediction_id: row.id,
      label_timestamp: new Date(knownMs).toISOString().replace("T", " ").replace("Z", ""),
      sequence: String((BigInt(receivedMs) << 22n) + block + BigInt(i)),
      label_kind: typeof row.label === "number" ? "number" : "class",
      label_value: typeof row.label === "number" ? row.label : null,
      label_class: typeof row.label === "number" ? "" : row.label,
    };
  });
  await clickhouse.insert({
    table: "labels",
    values: rows,
    columns: Object.keys(rows[0] ?? {}) as [string, ...string[]],
    format: "JSONEachRow",
  });
  const sequences = rows.map((row) => BigInt(row.sequence)).sort((a, b) => (a < b ? -1 : 1));
  return { sequenceFrom: sequences[0] ?? 0n, sequenceUntil: sequences.at(-1) ?? 0n };
}

let blockNumber = 0;
