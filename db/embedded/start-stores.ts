import { join } from "node:path";
import { openLogFile } from "./log-file.ts";
import type { EmbeddedClickHouse, StartClickHouseOptions } from "./start-clickhouse.ts";
import { startClickHouse } from "./start-clickhouse.ts";
import type { EmbeddedPostgres, StartPostgresOptions } from "./start-postgres.ts";
import { startPostgres } from "./start-postgres.ts";
import type { StoreLogger } from "./store-logger.ts";
import { silentLogger } from "./store-logger.ts";

export interface StartStoresOptions {
  dataDir: string;
  /** A server of one's own instead of the embedded one. */
  databaseUrl?: string | undefined;
  clickhouseUrl?: string | undefined;
  postgres?: Omit<StartPostgresOptions, "dataDir">;
  clickhouse?: Omit<StartClickHouseOptions, "dataDir">;
  logger?: StoreLogger;
  /** Without a logger, each store writes a file of its name there. */
  logsDir?: string;
}

export interface Stores {
  databaseUrl: string;
  clickhouseUrl: string;
  /** Absent where a URL was given. */
  postgres?: EmbeddedPostgres;
  clickhouse?: EmbeddedClickHouse;
  stop(): Promise<void>;
}

/** Both stores, started side by side; if one does not start, the other is stopped again. */
export async function startStores(options: StartStoresOptions): Promise<Stores> {
  const loggerOf = (name: string) => {
    if (options.logger !== undefined) return options.logger;
    return options.logsDir === undefined ? silentLogger : openLogFile(options.logsDir, name);
  };
  const [postgres, clickhouse] = await Promise.allSettled([
    options.databaseUrl === undefined
      ? startPostgres({
          dataDir: join(options.dataDir, "postgres"),
          logger: loggerOf("postgres"),
          ...options.postgres,
        })
      : undefined,
    options.clickhouseUrl === undefined
      ? startClickHouse({
          dataDir: join(options.dataDir, "clickhouse"),
          logger: loggerOf("clickhouse"),
          ...options.clickhouse,
        })
      : undefined,
  ]);
  const started = [postgres, clickhouse].flatMap((result) =>
    result.status === "fulfilled" && result.value ? [result.value] : [],
  );
  const stop = async () => {
    await Promise.all(started.map((store) => store.stop()));
  };
  if (postgres.status === "rejected" || clickhouse.status === "rejected") {
    await stop();
    throw postgres.status === "rejected"
      ? postgres.reason
      : (clickhouse as PromiseRejectedResult).reason;
  }
  const databaseUrl = options.databaseUrl ?? postgres.value?.url;
  const clickhouseUrl = options.clickhouseUrl ?? clickhouse.value?.url;
  if (databaseUrl === undefined || clickhouseUrl === undefined)
    throw new Error("A store has no address");
  return {
    databaseUrl,
    clickhouseUrl,
    ...(postgres.value === undefined ? {} : { postgres: postgres.value }),
    ...(clickhouse.value === undefined ? {} : { clickhouse: clickhouse.value }),
    stop,
  };
}
