import { migrateClickHouse } from "#db/clickhouse/migrate.ts";
import { migratePostgres } from "#db/postgres/migrate.ts";
import { readEnv } from "#lib/env.ts";

const env = readEnv({ PLUMBLINE_SECRET: "x".repeat(32), ...process.env });
const [postgres, clickhouse] = await Promise.all([migratePostgres(env.DATABASE_URL), migrateClickHouse(env.CLICKHOUSE_URL)]);
console.log(`Postgres: ${postgres.join(", ") || "nothing to do"}. ClickHouse: ${clickhouse.join(", ") || "nothing to do"}.`);
