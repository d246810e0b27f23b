import { randomFillSync } from "node:crypto";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createClickHouse } from "#db/clickhouse/client.ts";
import { createPostgres } from "#db/postgres/client.ts";
import { importRequestTimeoutMs } from "#lib/domain/limits.ts";
import { readEnv } from "#lib/env.ts";
import { createLogger } from "#lib/log.ts";
import { startIngest } from "./start-ingest.ts";

// --record-synced is for tests of a power cut: see WalOptions.
const { values: flags } = parseArgs({
  options: { "record-synced": { type: "boolean", default: false } },
});
const env = readEnv();
const logger = createLogger("ingest", env.PLUMBLINE_LOG_LEVEL);
const clickhouse = createClickHouse({
  url: env.CLICKHOUSE_URL,
  application: "plumbline-ingest",
  requestTimeoutMs: 120_000,
});
const importClickhouse = createClickHouse({
  url: env.CLICKHOUSE_URL,
  application: "plumbline-ingest-import",
  requestTimeoutMs: importRequestTimeoutMs,
});
const postgres = createPostgres({
  url: env.DATABASE_URL,
  application: "plumbline-ingest",
  onIdleError: (error) => logger.warn({ err: error }, "a connection to Postgres was lost"),
});

const ingest = await startIngest({
  clickhouse,
  importClickhouse,
  postgres,
  logger,
  dataFolder: join(env.PLUMBLINE_DATA_DIR, "ingest"),
  host: env.PLUMBLINE_INGEST_HOST,
  port: env.PLUMBLINE_INGEST_PORT,
  walBytesMax: env.PLUMBLINE_WAL_BYTES_MAX,
  now: () => Date.now() + env.PLUMBLINE_CLOCK_OFFSET_MS,
  randomFill: randomFillSync,
  recordSynced: flags["record-synced"],
});

let isStopping = false;
async function stop(signal: string): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  logger.info({ signal }, "stopping");
  await ingest.stop();
  await Promise.allSettled([clickhouse.close(), importClickhouse.close(), postgres.close()]);
  process.exit(0);
}
process.on("SIGTERM", () => void stop("SIGTERM"));
process.on("SIGINT", () => void stop("SIGINT"));
