import { randomUUID } from "node:crypto";
import { createClickHouse } from "#db/clickhouse/client.ts";
import { createPostgres } from "#db/postgres/client.ts";
import { createQueue } from "#db/postgres/queue.ts";
import { readEnv } from "#lib/env.ts";
import { createLogger } from "#lib/log.ts";
import { createSealer } from "#lib/services/destination/seal-secret.ts";
import { startWorker } from "./start-worker.ts";

const env = readEnv();
const log = createLogger("worker", env.PLUMBLINE_LOG_LEVEL);
const clickhouse = createClickHouse({
  url: env.CLICKHOUSE_URL,
  application: "plumbline-worker",
  requestTimeoutMs: 660_000,
});
const postgres = createPostgres({
  url: env.DATABASE_URL,
  application: "plumbline-worker",
  onIdleError: (error) => log.warn({ err: error }, "a connection to Postgres was lost"),
});
const queue = createQueue({
  url: env.DATABASE_URL,
  application: "plumbline-queue",
  onError: (error) => log.warn({ err: error }, "the job queue met an error"),
});

const worker = await startWorker({
  stores: { postgres, clickhouse, publicUrl: env.PLUMBLINE_URL },
  queue,
  log,
  now: () => new Date(Date.now() + env.PLUMBLINE_CLOCK_OFFSET_MS),
  newId: randomUUID,
  host: "127.0.0.1",
  port: env.PLUMBLINE_WORKER_PORT,
  delivery: {
    sealer: createSealer(env.PLUMBLINE_SECRET),
    guard: { allowedHosts: env.PLUMBLINE_ALLOWED_PRIVATE_HOSTS },
    random: Math.random,
    heartbeatUrl: env.PLUMBLINE_HEARTBEAT_URL,
  },
});
log.info({ port: worker.port }, "the worker is ready");

let isStopping = false;
async function stop(signal: string): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  log.info({ signal }, "stopping");
  await worker.stop();
  await Promise.allSettled([clickhouse.close(), postgres.close()]);
  process.exit(0);
}
process.on("SIGTERM", () => void stop("SIGTERM"));
process.on("SIGINT", () => void stop("SIGINT"));
