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
import { mintApiKey } from "#lib/services/key/api-key.ts";
import type { LoadAnswer, LoadOrder } from "./ingest-load.ts";

const clockTicksPerSecond = 100;

export interface Measured {
  load: LoadAnswer;
  rowsPerSecond: number;
  cpu: { ingest: number; engine: number };
  storedSeconds: number;
}

/** The real thing, in processes of its own: stores, ingest, and a load generator. */
export async function startRig() {
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
      rowsPerBody: 1_000,
      bodies: 800,
      distinctBodies: 50,
      connections: 8,
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
  return { measure, stop, url, key, clickhouseUrl: stores.clickhouseUrl };
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
