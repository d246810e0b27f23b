import { spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Interface } from "node:readline";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { migrateClickHouse } from "#db/clickhouse/migrate.ts";
import { startStores } from "#db/embedded/start-stores.ts";
import { createPostgres } from "#db/postgres/client.ts";
import { migratePostgres } from "#db/postgres/migrate.ts";
import { apiKeys } from "#db/postgres/schema/keys.ts";
import { workspaces } from "#db/postgres/schema/workspaces.ts";
import { measureRawInsert } from "#db/testing/raw-insert.ts";
import { mintApiKey } from "#lib/services/key/api-key.ts";
import type { Bench, BenchResult } from "./bench-result.ts";
import type { LoadAnswer, LoadOrder } from "./ingest-load.ts";
import {
  engineJson,
  findIdDigits,
  numberedId,
  renumber,
  sampleRow,
  seededRandom,
} from "./prediction-rows.ts";

const rowsPerBody = 1_000;
const bodies = 800;
const distinctBodies = 50;
const connections = 8;
const ratioGoal = 0.6;
const ackMsGoal = 25;
const clockTicksPerSecond = 100;

const referenceDdl = `CREATE TABLE reference (model LowCardinality(String), version LowCardinality(String),
  prediction_id String, timestamp DateTime64(3, 'UTC'), numeric_features Map(LowCardinality(String), Float64),
  string_features Map(LowCardinality(String), LowCardinality(String)), prediction Float64)
  ENGINE = MergeTree PARTITION BY toYYYYMM(timestamp) ORDER BY (model, toStartOfFiveMinutes(timestamp), version, prediction_id)`;

export const bench: Bench = {
  name: "ingest",
  description:
    "Durable JSON ingest against the engine's own insert of the same rows; acknowledgement at half load",
  run,
};

async function run(): Promise<BenchResult> {
  const engineRowsPerSecond = await measureEngine();
  const rig = await startRig();
  try {
    const rows: BenchResult["rows"] = [];
    // The first run warms the compiler; its figures are not kept.
    await rig.measure({ bodies: 200 });
    const full = await rig.measure({});
    rows.push(rowOf("JSON, as fast as it goes", full, engineRowsPerSecond));
    const half = await rig.measure({
      rowsPerBody: 500,
      bodies: 800,
      rowsPerSecond: full.rowsPerSecond / 2,
    });
    rows.push(rowOf("JSON, half of that", half, engineRowsPerSecond));
    const lines = await rig.measure({ type: "ndjson" });
    rows.push(rowOf("NDJSON", lines, engineRowsPerSecond));
    const packed = await rig.measure({ encoding: "gzip", bodies: 300 });
    rows.push(rowOf("JSON, gzip", packed, engineRowsPerSecond));
    const small = await rig.measure({ rowsPerBody: 1, bodies: 20_000, connections: 32 });
    rows.push(rowOf("one row a body", small, engineRowsPerSecond));
    rows.push({
      load: "the engine's own JSONEachRow insert",
      "rows/s": Math.round(engineRowsPerSecond),
    });
    const ratio = full.rowsPerSecond / engineRowsPerSecond;
    const ackMs = quantile(half.load.latenciesMs, 0.99);
    return {
      name: "ingest",
      rows,
      budgets: [
        {
          what: "durable JSON ingest against the engine's own insert",
          goal: `>= ${ratioGoal}`,
          value: ratio.toFixed(2),
          met: ratio >= ratioGoal,
        },
        {
          what: "acknowledgement p99 at half load",
          goal: `<= ${ackMsGoal} ms`,
          value: `${ackMs.toFixed(1)} ms`,
          met: ackMs <= ackMsGoal,
        },
      ],
    };
  } finally {
    await rig.stop();
  }
}

async function measureEngine(): Promise<number> {
  const random = seededRandom(7);
  const newestMs = Date.now();
  const rowsPerInsert = 50_000;
  const inserts = 8;
  const rows = Array.from({ length: rowsPerInsert }, (_, i) =>
    engineJson(
      sampleRow(random, numberedId(i), newestMs - Math.floor(random() * 600_000)),
      "bench",
    ),
  );
  const body = Buffer.from(rows.join("\n"));
  const digits = findIdDigits(body);
  function* bodies() {
    for (let i = 0; i < inserts; i++) {
      renumber(body, digits, i * rowsPerInsert);
      yield body;
    }
  }
  return (
    (rowsPerInsert * inserts) / (await measureRawInsert({ ddl: referenceDdl, bodies: bodies() }))
  );
}

interface Measured {
  load: LoadAnswer;
  rowsPerSecond: number;
  cpu: { ingest: number; engine: number };
  storedSeconds: number;
}

async function startRig() {
  const dataDir = mkdtempSync(join(tmpdir(), "plumbline-bench-"));
  chmodSync(dataDir, 0o711);
  const stores = await startStores({ dataDir });
  await Promise.all([migratePostgres(stores.databaseUrl), migrateClickHouse(stores.clickhouseUrl)]);
  const key = await buildKey(stores.databaseUrl);
  const ingest = spawn(
    process.execPath,
    [fileURLToPath(new URL("../ingest/main.ts", import.meta.url))],
    {
      env: {
        ...process.env,
        NODE_ENV: "test",
        DATABASE_URL: stores.databaseUrl,
        CLICKHOUSE_URL: stores.clickhouseUrl,
        PLUMBLINE_DATA_DIR: dataDir,
        PLUMBLINE_INGEST_PORT: "0",
        PLUMBLINE_SECRET: randomBytes(32).toString("hex"),
      },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const url = await listeningUrl(createInterface({ input: ingest.stdout }));
  const load = spawn(
    process.execPath,
    [fileURLToPath(new URL("./ingest-load.ts", import.meta.url))],
    {
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  const answers = createInterface({ input: load.stdout })[Symbol.asyncIterator]();
  const enginePid = stores.clickhouse?.pid() ?? 0;
  const ingestPid = ingest.pid ?? 0;
  let firstId = 0;

  async function measure(overrides: Partial<LoadOrder>): Promise<Measured> {
    const order: LoadOrder = {
      url,
      key,
      model: "bench",
      type: "json",
      encoding: "identity",
      rowsPerBody,
      bodies,
      distinctBodies,
      connections,
      firstId,
      newestMs: Date.now(),
      rowsPerSecond: 0,
      ...overrides,
    };
    firstId += order.rowsPerBody * order.bodies;
    load.stdin.write(`${JSON.stringify(order)}\n`);
    // Preparing the bodies takes the load generator a while, so the clock runs from its own first request.
    const cpuBefore = { ingest: cpuSeconds(ingestPid), engine: cpuSeconds(enginePid) };
    const line = await answers.next();
    const answer = JSON.parse(String(line.value)) as LoadAnswer;
    const answeredAt = performance.now();
    await untilStored(url);
    const storedSeconds = answer.seconds + (performance.now() - answeredAt) / 1000;
    return {
      load: answer,
      storedSeconds,
      rowsPerSecond: answer.rows / storedSeconds,
      cpu: {
        ingest: cpuSeconds(ingestPid) - cpuBefore.ingest,
        engine: cpuSeconds(enginePid) - cpuBefore.engine,
      },
    };
  }

  async function stop(): Promise<void> {
    load.kill();
    ingest.kill("SIGTERM");
    await once(ingest, "exit");
    await stores.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
  return { measure, stop };
}

async function buildKey(databaseUrl: string): Promise<string> {
  const postgres = createPostgres({ url: databaseUrl, application: "bench" });
  const workspaceId = randomUUID();
  const { key, prefix, secretHash } = mintApiKey(randomBytes);
  const createdAt = new Date();
  await postgres.db
    .insert(workspaces)
    .values({ id: workspaceId, slug: "bench", name: "bench", createdAt });
  await postgres.db.insert(apiKeys).values({
    id: randomUUID(),
    workspaceId,
    name: "bench",
    prefix,
    secretHash,
    scopes: ["ingest"],
    createdAt,
  });
  await postgres.close();
  return key;
}

async function listeningUrl(lines: Interface): Promise<string> {
  for await (const line of lines) {
    const entry = JSON.parse(line) as { url?: string };
    if (entry.url !== undefined) return entry.url;
  }
  throw new Error("ingest ended before it listened.");
}

async function untilStored(url: string): Promise<void> {
  for (;;) {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    if (/^plumbline_ingest_unstored_batches 0$/m.test(metrics)) return;
    await pause(20);
  }
}

/** User and system time, from /proc; 0 where there is none. */
function cpuSeconds(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) / clockTicksPerSecond;
  } catch {
    return 0;
  }
}

function rowOf(load: string, measured: Measured, engineRowsPerSecond: number) {
  const { latenciesMs, cpuSeconds: loadCpu, statuses } = measured.load;
  const { ingest, engine } = measured.cpu;
  return {
    load,
    "rows/s": Math.round(measured.rowsPerSecond),
    "of the engine's": (measured.rowsPerSecond / engineRowsPerSecond).toFixed(2),
    "ack p50 ms": quantile(latenciesMs, 0.5).toFixed(1),
    "ack p99 ms": quantile(latenciesMs, 0.99).toFixed(1),
    "CPU s, ingest": ingest.toFixed(1),
    "CPU s, engine": engine.toFixed(1),
    "CPU s, load": loadCpu.toFixed(1),
    "CPU share of the load": (loadCpu / (ingest + engine + loadCpu)).toFixed(2),
    statuses: JSON.stringify(statuses),
  };
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
}
