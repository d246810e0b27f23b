import { migrateClickHouse } from "#db/clickhouse/migrate.ts";
import { migratePostgres } from "#db/postgres/migrate.ts";

export async function migrateStores(
  databaseUrl: string,
  clickhouseUrl: string,
): Promise<{ postgres: string[]; clickhouse: string[] }> {
  const [postgres, clickhouse] = await Promise.all([
    migratePostgres(databaseUrl),
    migrateClickHouse(clickhouseUrl),
  ]);
  return { postgres, clickhouse };
}
