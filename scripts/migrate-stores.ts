import type { MigrationProgress } from "#db/clickhouse/migrate.ts";
import { migrateClickHouse } from "#db/clickhouse/migrate.ts";
import { migratePostgres } from "#db/postgres/migrate.ts";
import { sayAtPace } from "./say-at-pace.ts";

/** Says how far it is where that takes a while. */
export async function migrateStores(
  databaseUrl: string,
  clickhouseUrl: string,
  say: (line: string) => void,
): Promise<{ postgres: string[]; clickhouse: string[] }> {
  const progress = sayAtPace(say);
  try {
    const [postgres, clickhouse] = await Promise.all([
      migratePostgres(databaseUrl),
      migrateClickHouse(clickhouseUrl, { onProgress: (step) => progress.note(toLine(step)) }),
    ]);
    return { postgres, clickhouse };
  } finally {
    progress.stop();
  }
}

const toLine = ({ table, movedCount, partitionCount }: MigrationProgress) =>
  `Moving stored ${table} to their new order: ${movedCount} of ${partitionCount} ${partitionCount === 1 ? "partition" : "partitions"}`;
