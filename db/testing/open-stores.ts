import { inject } from "vitest";
import type { ClickHouseClient } from "#db/clickhouse/client.ts";
import { createClickHouse } from "#db/clickhouse/client.ts";
import type { PostgresPool } from "#db/postgres/client.ts";
import { createPostgres } from "#db/postgres/client.ts";

export interface TestStores {
  clickhouse: ClickHouseClient;
  postgres: PostgresPool;
  close(): Promise<void>;
}

/** The run's real stores; close them in afterAll. */
export function openStores(): TestStores {
  const clickhouse = createClickHouse({
    url: inject("clickhouseUrl"),
    application: "plumbline-test",
    // As long as a test may take: a delete waits for what other suites have the engine's two background threads do.
    requestTimeoutMs: 300_000,
  });
  const postgres = createPostgres({ url: inject("databaseUrl"), application: "plumbline-test" });
  return {
    clickhouse,
    postgres,
    async close() {
      await Promise.all([clickhouse.close(), postgres.close()]);
    },
  };
}
