import "server-only";
import type { ClickHouseClient } from "#db/clickhouse/client.ts";
import { createClickHouse } from "#db/clickhouse/client.ts";
import type { PostgresPool } from "#db/postgres/client.ts";
import { createPostgres } from "#db/postgres/client.ts";
import { importRequestTimeoutMs } from "#lib/domain/limits.ts";
import type { Env } from "#lib/env.ts";
import { readEnv, tellNextAuth } from "#lib/env.ts";
import type { Logger } from "#lib/log.ts";
import { createLogger } from "#lib/log.ts";
import type { Outgoing } from "#lib/services/context.ts";
import { createSealer } from "#lib/services/destination/seal-secret.ts";

export interface Runtime {
  env: Env;
  log: Logger;
  postgres: PostgresPool;
  clickhouse: ClickHouseClient;
  /** For the files of baselines, which take their time. */
  importClickhouse: ClickHouseClient;
  publicUrl: string;
  outgoing: Outgoing;
  now(): Date;
  close(): Promise<void>;
}

const holder: typeof globalThis & { plumblineRuntime?: Runtime } = globalThis;

/** What the web process holds for as long as it lives. Made when it is first asked for, since `next build` loads every
 *  route without an environment; kept on the global object, since Next may load this module more than once. */
export function getRuntime(): Runtime {
  holder.plumblineRuntime ??= createRuntime(readEnv());
  return holder.plumblineRuntime;
}

/** Called when the server starts: a process with a bad environment says so and does not go on. */
export function startRuntime(): void {
  try {
    getRuntime();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}

function createRuntime(env: Env): Runtime {
  tellNextAuth(env);
  const log = createLogger("web", env.PLUMBLINE_LOG_LEVEL);
  const postgres = createPostgres({
    url: env.DATABASE_URL,
    application: "plumbline-web",
    onIdleError: (error) => log.warn({ err: error }, "Postgres dropped an idle connection"),
  });
  const clickhouse = createClickHouse({ url: env.CLICKHOUSE_URL, application: "plumbline-web" });
  const importClickhouse = createClickHouse({
    url: env.CLICKHOUSE_URL,
    application: "plumbline-web-import",
    requestTimeoutMs: importRequestTimeoutMs,
  });
  return {
    env,
    log,
    postgres,
    clickhouse,
    importClickhouse,
    publicUrl: env.PLUMBLINE_URL,
    outgoing: {
      sealer: createSealer(env.PLUMBLINE_SECRET),
      allowedHosts: env.PLUMBLINE_ALLOWED_PRIVATE_HOSTS,
    },
    now: () => new Date(Date.now() + env.PLUMBLINE_CLOCK_OFFSET_MS),
    async close() {
      delete holder.plumblineRuntime;
      await Promise.all([postgres.close(), clickhouse.close(), importClickhouse.close()]);
    },
  };
}
