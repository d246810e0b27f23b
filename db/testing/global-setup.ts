import { chmodSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { migrateClickHouse } from "#db/clickhouse/migrate.ts";
import { startStores } from "#db/embedded/start-stores.ts";
import { migratePostgres } from "#db/postgres/migrate.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** With user, password and database. */
    clickhouseUrl: string;
    databaseUrl: string;
  }
}

/** Both stores, once for all suites of a run: real, migrated, and gone afterwards. A suite isolates itself by minting a workspace. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = mkdtempSync(join(tmpdir(), "plumbline-test-"));
  // Postgres runs as another account where the tests run as root; it must be able to pass.
  chmodSync(dataDir, 0o711);
  const stores = await startStores({
    dataDir,
    databaseUrl: process.env.PLUMBLINE_TEST_DATABASE_URL,
    clickhouseUrl: process.env.PLUMBLINE_TEST_CLICKHOUSE_URL,
    logsDir: join(dataDir, "logs"),
  });
  const teardown = async () => {
    await stores.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await Promise.all([
      migratePostgres(stores.databaseUrl),
      migrateClickHouse(stores.clickhouseUrl),
    ]);
  } catch (error) {
    await teardown();
    throw error;
  }
  project.provide("clickhouseUrl", stores.clickhouseUrl);
  project.provide("databaseUrl", stores.databaseUrl);
  return teardown;
}
