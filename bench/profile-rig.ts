import { randomUUID } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClickHouse } from "#db/clickhouse/client.ts";
import { migrateClickHouse } from "#db/clickhouse/migrate.ts";
import { startStores } from "#db/embedded/start-stores.ts";
import { createPostgres } from "#db/postgres/client.ts";
import { migratePostgres } from "#db/postgres/migrate.ts";
import { baselines, features, models, modelVersions } from "#db/postgres/schema/models.ts";
import { workspaces } from "#db/postgres/schema/workspaces.ts";
import type { FeatureType } from "#lib/domain/model.ts";
import type { Stores } from "#lib/services/context.ts";

const workspaceId = "00000000-0000-4000-8000-000000000001";
export const workspaceSlug = "bench";

export interface ProfileRig {
  stores: Stores;
  workspaceId: string;
  /** CPU seconds that the engine has used so far; null where the system does not say. */
  engineCpuSeconds(): number | null;
  /** The most memory that the engine has held at once; null where the system does not say. */
  enginePeakBytes(): number | null;
  stop(): Promise<void>;
}

/** Both stores in a folder of their own, and one workspace. */
export async function startProfileRig(): Promise<ProfileRig> {
  const dataDir = mkdtempSync(join(tmpdir(), "plumbline-bench-"));
  chmodSync(dataDir, 0o711);
  const started = await startStores({ dataDir, logsDir: join(dataDir, "logs") });
  await Promise.all([
    migratePostgres(started.databaseUrl),
    migrateClickHouse(started.clickhouseUrl),
  ]);
  const stores = {
    clickhouse: createClickHouse({
      url: started.clickhouseUrl,
      application: "bench",
      requestTimeoutMs: 600_000,
    }),
    postgres: createPostgres({ url: started.databaseUrl, application: "bench" }),
  };
  await stores.postgres.db
    .insert(workspaces)
    .values({ id: workspaceId, slug: workspaceSlug, name: "bench", createdAt: new Date() });
  return {
    stores,
    workspaceId,
    engineCpuSeconds: () => cpuSecondsOf(started.clickhouse?.pid()),
    enginePeakBytes: () => peakBytesOf(started.clickhouse?.pid()),
    async stop() {
      await Promise.all([stores.clickhouse.close(), stores.postgres.close()]);
      await started.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export interface BenchFeature {
  name: string;
  type: FeatureType;
  /** SQL over `number`. */
  value: string;
}

/** Twelve continuous and eight discrete numbers, four categories and a flag: 25 features. */
export const mixedFeatures: readonly BenchFeature[] = [
  ...Array.from({ length: 12 }, (_, i) => ({
    name: `continuous_${i}`,
    type: "numeric" as const,
    value: continuous(i),
  })),
  ...[2, 7, 24, 100, 300, 1000, 5, 50].map((count, i) => ({
    name: `discrete_${i}`,
    type: "numeric" as const,
    value: `toFloat64(rand(${100 + i}) % ${count})`,
  })),
  ...[3, 20, 200, 5000].map((count, i) => ({
    name: `category_${i}`,
    type: "categorical" as const,
    value: `concat('v', toString(rand(${200 + i}) % ${count}))`,
  })),
  { name: "flag", type: "boolean" as const, value: "rand(300) % 2 = 0" },
];

export function continuous(i: number): string {
  const shapes = [
    `randNormal(0, ${i + 1}, ${i})`,
    `randLogNormal(0, 1, ${i})`,
    `round(randNormal(2000, 10, ${i}), 4)`,
  ];
  return shapes[i % shapes.length] ?? "0";
}

export async function buildBenchModel(
  rig: ProfileRig,
  name: string,
  listed: readonly BenchFeature[],
): Promise<string> {
  const modelId = randomUUID();
  const now = new Date();
  const { db } = rig.stores.postgres;
  await db
    .insert(models)
    .values({ id: modelId, workspaceId: rig.workspaceId, name, firstSeenAt: now });
  await db.insert(modelVersions).values({
    modelId,
    environment: "production",
    version: "1",
    firstSeenAt: now,
    lastSeenAt: now,
  });
  await db.insert(features).values(
    listed.map((feature) => ({
      modelId,
      name: feature.name,
      type: feature.type,
      firstSeenAt: now,
      lastSeenAt: now,
    })),
  );
  return modelId;
}

/** Makes rows that are stored and profiled the baseline of the model's version. */
export async function insertBaseline(
  rig: ProfileRig,
  { modelId, baselineId, at }: { modelId: string; baselineId: string; at: Date },
): Promise<void> {
  await rig.stores.postgres.db.insert(baselines).values({
    id: baselineId,
    workspaceId: rig.workspaceId,
    modelId,
    version: "1",
    name: "training",
    state: "ready",
    sourceFormat: "parquet",
    mapping: {},
    isActive: true,
    createdBy: "bench",
    createdAt: at,
    readyAt: at,
  });
}

/** The three columns of a row that hold its features. */
export function featureMaps(listed: readonly BenchFeature[]): string {
  const mapOf = (type: FeatureType, target: string) => {
    const own = listed.filter((feature) => feature.type === type);
    if (own.length === 0) return `CAST(map(), 'Map(LowCardinality(String), ${target})')`;
    return `CAST(([${own.map((feature) => `'${feature.name}'`).join(", ")}], [${own.map((feature) => feature.value).join(", ")}]), 'Map(LowCardinality(String), ${target})')`;
  };
  return `${mapOf("numeric", "Float64")}, ${mapOf("categorical", "LowCardinality(String)")}, ${mapOf("boolean", "Bool")}`;
}

const chunkRows = 50_000;

/** Rows spread evenly over a stretch of time, made inside the engine. */
export async function generateRows(
  rig: ProfileRig,
  options: {
    modelId: string;
    listed: readonly BenchFeature[];
    rowCount: number;
    fromTime: Date;
    untilTime: Date;
  },
): Promise<void> {
  const { modelId, listed, rowCount, fromTime, untilTime } = options;
  const stepMs = (untilTime.getTime() - fromTime.getTime()) / rowCount;
  for (let from = 0; from < rowCount; from += chunkRows) {
    const count = Math.min(chunkRows, rowCount - from);
    const time = `fromUnixTimestamp64Milli(toInt64(${fromTime.getTime()} + (number + ${from}) * ${stepMs}), 'UTC')`;
    await rig.stores.clickhouse.command({
      query: `INSERT INTO predictions (workspace_id, model_id, environment, version, prediction_id, timestamp, sequence, prediction_kind,
          prediction_value, numeric_features, string_features, boolean_features, latency_ms)
        SELECT '${rig.workspaceId}', '${modelId}', 'production', '1', toString(generateUUIDv7(number)), ${time},
          bitShiftLeft(toUInt64(${fromTime.getTime()} + (number + ${from}) * ${stepMs}), 22) + number, 'number', randNormal(0, 1, 99),
          ${featureMaps(listed)}, randLogNormal(2, 1, 77)
        FROM numbers(${count})`,
    });
  }
}

/** From /proc: user and system time of a process in seconds, at 100 ticks each. */
function cpuSecondsOf(pid: number | undefined): number | null {
  if (pid === undefined) return null;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return null;
  }
}

function peakBytesOf(pid: number | undefined): number | null {
  if (pid === undefined) return null;
  try {
    const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return found === null ? null : Number(found[1]) * 1024;
  } catch {
    return null;
  }
}
