import { readEnv } from "#lib/env.ts";
import { migrateStores } from "./migrate-stores.ts";

const env = readEnv({ PLUMBLINE_SECRET: "x".repeat(32), ...process.env });
const { postgres, clickhouse } = await migrateStores(
  env.DATABASE_URL,
  env.CLICKHOUSE_URL,
  console.log,
);
console.log(
  `Postgres: ${postgres.join(", ") || "nothing to do"}. ClickHouse: ${clickhouse.join(", ") || "nothing to do"}.`,
);
