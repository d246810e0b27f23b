import type { NodePgDatabase } from "drizzle-orm/node-postgres";
import { drizzle } from "drizzle-orm/node-postgres";
import pg from "pg";

/** Queries take either a pool or a transaction: both are this. */
export type Postgres = Pick<
  NodePgDatabase,
  "select" | "selectDistinct" | "insert" | "update" | "delete" | "execute"
>;

export interface PostgresPool {
  db: NodePgDatabase;
  transaction<T>(work: (tx: Postgres) => Promise<T>): Promise<T>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface PostgresOptions {
  url: string;
  application: string;
  connectionsMax?: number;
  /** An idle connection that the server dropped; the pool replaces it by itself. */
  onIdleError?: (error: Error) => void;
}

export function createPostgres(options: PostgresOptions): PostgresPool {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.application,
    max: options.connectionsMax ?? 8,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 30_000,
    idleTimeoutMillis: 30_000,
  });
  pool.on("error", (error) => options.onIdleError?.(error));
  const db = drizzle(pool);
  return {
    db,
    transaction: (work) => db.transaction(work),
    async ping() {
      await pool.query("SELECT 1");
    },
    close: () => pool.end(),
  };
}
