import type { ClickHouseClient } from "#db/clickhouse/client.ts";
import { defaultEnvironment } from "#lib/domain/model.ts";

export type TestFeatureValue = number | string | boolean | null;

export interface TestPrediction {
  id: string;
  time: string | Date;
  version?: string;
  environment?: string;
  features?: Record<string, TestFeatureValue>;
  value?: number;
  label?: string;
  score?: number;
  probabilities?: Record<string, number>;
  latencyMs?: number;
  tags?: Record<string, string>;
  groupId?: string;
  rank?: number;
  featureTimes?: Record<string, string>;
  /** Default: 1 s after the prediction was made. */
  receivedAt?: string | Date;
}

/** Writes raw rows as ingest stores them. One call is one block; a later call is received later. */
export async function insertPredictions(
  { clickhouse }: { clickhouse: ClickHouseClient },
  { workspaceId, modelId }: { workspaceId: string; modelId: string },
  predictions: readonly TestPrediction[],
): Promise<void> {
  if (predictions.length === 0) return;
  blockNumber += 1;
  const block = BigInt(blockNumber % 64) << 16n;
  const rows = predictions.map((row, i) => {
    const madeMs = new Date(row.time).getTime();
    const receivedMs =
      row.receivedAt === undefined ? madeMs + 1_000 : new Date(row.receivedAt).getTime();
    return {
      workspace_id: workspaceId,
      model_id: modelId,
      environment: row.environment ?? defaultEnvironment,
      version: row.version ?? "1",
      prediction_id: row.id,
      timestamp: toStored(madeMs),
      sequence: String((BigInt(receivedMs) << 22n) + block + BigInt(i)),
      prediction_kind: kindOf(row),
      prediction_value: row.value ?? null,
      prediction_label: row.label ?? "",
      prediction_score: row.score ?? null,
      probabilities: row.probabilities ?? {},
      ...featureColumns(row.features ?? {}),
      latency_ms: row.latencyMs ?? null,
      tags: row.tags ?? {},
      group_id: row.groupId ?? "",
      rank: row.rank ?? null,
      feature_timestamps: Object.fromEntries(
        Object.entries(row.featureTimes ?? {}).map(([name, time]) => [
          name,
          toStored(new Date(time).getTime()),
        ]),
      ),
    };
  });
  await clickhouse.insert({
    table: "predictions",
    values: rows,
    columns: Object.keys(rows[0] ?? {}) as [string, ...string[]],
    format: "JSONEachRow",
  });
}

export interface TestOffline {
  id: string;
  time: string | Date;
  /** Every version, when it is absent. */
  version?: string;
  environment?: string;
  features: Record<string, TestFeatureValue>;
  source?: string;
}

/** Writes offline features as ingest stores them; answers their places in the order of receipt. A later call is received later. */
export async function insertOffline(
  { clickhouse }: { clickhouse: ClickHouseClient },
  { workspaceId, modelId }: { workspaceId: string; modelId: string },
  offline: readonly TestOffline[],
): Promise<{ sequenceFrom: bigint; sequenceUntil: bigint }> {
  blockNumber += 1;
  const sequenceFrom = BigInt(offlineReceivedMs + blockNumber) << 22n;
  const rows = offline.map((row, i) => ({
    workspace_id: workspaceId,
    model_id: modelId,
    environment: row.environment ?? defaultEnvironment,
    version: row.version ?? "",
    prediction_id: row.id,
    timestamp: toStored(new Date(row.time).getTime()),
    sequence: String(sequenceFrom + BigInt(i)),
    source: row.source ?? "",
    ...featureColumns(row.features),
  }));
  await clickhouse.insert({
    table: "offline_features",
    values: rows,
    columns: Object.keys(rows[0] ?? {}) as [string, ...string[]],
    format: "JSONEachRow",
  });
  return { sequenceFrom, sequenceUntil: sequenceFrom + BigInt(offline.length) - 1n };
}

const offlineReceivedMs = Date.UTC(2026, 11, 1);
let blockNumber = 0;

function featureColumns(features: Record<string, TestFeatureValue>) {
  const entries = Object.entries(features);
  const ofType = (type: string) =>
    Object.fromEntries(entries.filter(([, value]) => typeof value === type));
  const numbers = Object.entries(ofType("number")).map(([name, value]) => [
    name,
    spell(value as number),
  ]);
  return {
    numeric_features: Object.fromEntries(numbers),
    string_features: ofType("string"),
    boolean_features: ofType("boolean"),
    null_features: entries.filter(([, value]) => value === null).map(([name]) => name),
  };
}

/** JSON has no NaN, infinity or minus zero; the store reads these. */
function spell(value: number): number | string {
  if (Number.isNaN(value)) return "nan";
  if (value === Number.POSITIVE_INFINITY) return "inf";
  if (value === Number.NEGATIVE_INFINITY) return "-inf";
  return Object.is(value, -0) ? "-0" : value;
}

function kindOf(row: TestPrediction): string {
  if (row.score !== undefined || row.probabilities !== undefined) return "object";
  if (row.label !== undefined) return "class";
  return row.value === undefined ? "none" : "number";
}

const toStored = (ms: number) => new Date(ms).toISOString().replace("T", " ").replace("Z", "");
