import { chmodSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { migrateClickHouse } from "#db/clickhouse/migrate.ts";
import { startStores } from "#db/embedded/start-stores.ts";
import { migratePostgres } from "#db/postgres/migrate.ts";
import type { Grain } from "#lib/domain/grain.ts";
import type { CrashLoad } from "./crash-load.ts";
import { cutPower, unsyncedBytes } from "./power-cut.ts";
import { freePort, ProductProcess } from "./product-process.ts";
import type { TestStores } from "./test-ingest.ts";
import { openStores } from "./test-ingest.ts";

export const victims = ["worker", "clickhouse", "ingest"] as const;
export type Victim = (typeof victims)[number];

export interface CrashRig {
  stores: TestStores;
  ingestUrl: string;
  walFolder: string;
  /** Kills at once, and starts again; what had come up is not waited for. */
  kill(victim: Victim, options?: { isPowerCut: boolean }): Promise<void>;
  /** Kills ClickHouse whenever it is back, until the work is done. */
  keepClickHouseDown(work: () => Promise<void>): Promise<void>;
  kills: Record<Victim, number>;
  unsyncedBytesThrownAway(): number;
  /** Every process answers. */
  ready(): Promise<void>;
  /** By id, of one workspace. */
  modelNames(workspaceId: string): Promise<Map<string, string>>;
  countDirtyBuckets(grain?: Grain): Promise<number>;
  /** Rows that came for predictions whose hours are still to be found. */
  countArrivals(): Promise<number>;
  countUnstoredBatches(): Promise<number>;
  /** Starts the worker again with its clock a minute later: what waits for a quiet minute is due. */
  skipMinute(): Promise<void>;
  stop(): Promise<void>;
}

/** The worker's clock runs ahead, so that no bucket waits until it is quiet: it is recomputed all the time. */
const workerAheadMs = 30_000;
/** Longer than a bucket of any grain must be quiet, and than a dead worker's claim holds. */
const minuteMs = 61_000;
const pollMs = 10;
const tailWaitMs = 300;

/** Stores of its own and the product's real processes, so that killing them disturbs nobody. */
export async function startCrashRig(): Promise<CrashRig> {
  const folder = mkdtempSync(join(tmpdir(), "plumbline-crash-"));
  // Postgres runs as another account where the tests run as root; it must be able to pass.
  chmodSync(folder, 0o711);
  const embedded = await startStores({ dataDir: folder, logsDir: join(folder, "logs") });
  await Promise.all([
    migratePostgres(embedded.databaseUrl),
    migrateClickHouse(embedded.clickhouseUrl),
  ]);
  const stores = openStores(embedded);
  const [ingestPort, workerPort] = [await freePort(), await freePort()];
  const env = {
    NODE_ENV: "test" as const,
    DATABASE_URL: embedded.databaseUrl,
    CLICKHOUSE_URL: embedded.clickhouseUrl,
    PLUMBLINE_SECRET: "0123456789abcdef0123456789abcdef",
    PLUMBLINE_DATA_DIR: folder,
    PLUMBLINE_INGEST_PORT: String(ingestPort),
    PLUMBLINE_WORKER_PORT: String(workerPort),
    // A small log has small segments, which are closed and released all the time.
    PLUMBLINE_WAL_BYTES_MAX: String(12 * 1024 ** 2),
  };
  const ingest = new ProductProcess({
    script: "ingest/main.ts",
    args: ["--record-synced"],
    env,
    healthUrl: `http://127.0.0.1:${ingestPort}/healthz`,
    logPath: join(folder, "logs", "ingest.log"),
  });
  const worker = new ProductProcess({
    script: "jobs/main.ts",
    env,
    healthUrl: `http://127.0.0.1:${workerPort}/healthz`,
    logPath: join(folder, "logs", "worker.log"),
  });
  const walFolder = join(folder, "ingest", "wal");
  const kills: Record<Victim, number> = { ingest: 0, clickhouse: 0, worker: 0 };
  let thrownAway = 0;
  let aheadMs = workerAheadMs;
  const startWorker = () => worker.start({ PLUMBLINE_CLOCK_OFFSET_MS: String(aheadMs) });
  ingest.start();
  startWorker();

  async function ready(): Promise<void> {
    await Promise.all([ingest.ready(), worker.ready(), untilBack()]);
  }
  async function stop(): Promise<void> {
    await Promise.all([ingest.stop(), worker.stop()]);
    await stores.close();
    await embedded.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Its own supervisor may still be bringing it back from the last time. */
  async function untilBack(): Promise<void> {
    while ((embedded.clickhouse?.restarts() ?? 0) < kills.clickhouse) await pause(pollMs);
  }

  async function killClickHouse(): Promise<void> {
    await untilBack();
    const pid = embedded.clickhouse?.pid();
    if (pid === undefined) throw new Error("ClickHouse is not running.");
    process.kill(pid, "SIGKILL");
  }

  /** Comes back when something is written that no sync has reached: what a power cut is about. */
  async function untilTailIsUnsynced(): Promise<void> {
    const deadline = performance.now() + tailWaitMs;
    while (performance.now() < deadline && (await unsyncedBytes(walFolder)) === 0);
  }

  try {
    await ready();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    stores,
    ingestUrl: `http://127.0.0.1:${ingestPort}`,
    walFolder,
    kills,
    unsyncedBytesThrownAway: () => thrownAway,
    async kill(victim, { isPowerCut } = { isPowerCut: false }) {
      if (victim === "clickhouse") await killClickHouse();
      if (victim === "ingest") {
        if (isPowerCut) await untilTailIsUnsynced();
        await ingest.kill();
        if (isPowerCut) thrownAway += await cutPower(walFolder);
        ingest.start();
      }
      if (victim === "worker") {
        await worker.kill();
        startWorker();
      }
      kills[victim]++;
    },
    async keepClickHouseDown(work) {
      let isDone = false;
      const working = work().finally(() => {
        isDone = true;
      });
      while (!isDone) {
        await killClickHouse();
        kills.clickhouse++;
        await Promise.race([working, untilBack()]);
      }
      await working;
    },
    ready,
    async modelNames(workspaceId) {
      const found = await stores.postgres.db.execute<{ id: string; name: string }>(
        sql`SELECT id, name FROM models WHERE workspace_id = ${workspaceId}`,
      );
      return new Map(found.rows.map(({ id, name }) => [id, name]));
    },
    async countDirtyBuckets(grain) {
      const found = await stores.postgres.db.execute<{ count: string }>(
        sql`SELECT count(*) AS count FROM dirty_buckets WHERE grain = ${grain ?? sql`grain`}`,
      );
      return Number(found.rows[0]?.count);
    },
    async countArrivals() {
      const found = await stores.postgres.db.execute<{ count: string }>(
        sql`SELECT count(*) AS count FROM arrivals`,
      );
      return Number(found.rows[0]?.count);
    },
    async countUnstoredBatches() {
      const answer = await fetch(`http://127.0.0.1:${ingestPort}/metrics`);
      const found = /^plumbline_ingest_unstored_batches (\d+)$/m.exec(await answer.text());
      return Number(found?.[1] ?? Number.NaN);
    },
    async skipMinute() {
      aheadMs += minuteMs;
      await worker.kill();
      startWorker();
      await worker.ready();
    },
    stop,
  };
}

/** Kills the victims in turn at random moments under load: after some bodies were acknowledged, and a while. */
export async function killInTurn(
  rig: CrashRig,
  load: CrashLoad,
  options: {
    turn: readonly Victim[];
    count: number;
    random: () => number;
    afterMsMax: number;
    isPowerCut?: boolean;
  },
): Promise<void> {
  const { turn, count, random, afterMsMax, isPowerCut = false } = options;
  for (let i = 0; i < count; i++) {
    const victim = turn[i % turn.length] ?? "ingest";
    await load.untilAcknowledged(1 + Math.floor(random() * 12));
    await pause(random() * afterMsMax);
    await rig.kill(victim, { isPowerCut });
  }
}
