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
  // The pool hears only its idle connections. One that breaks between two statements of a transaction would end the process; whoever holds
  // it hears of it by the next statement.
  pool.on("connect", (client) => client.on("error", () => {}));
  const db = drizzle(pool);
  return {
    db,
    // A connection is given back whatever fails. drizzle over a pool does not where its BEGIN fails, and after as many lost ones as the pool
    // has room for a process that outlived its server would never reach it again.
    async transaction(work) {
      const client = await pool.connect();
      try {
        return await drizzle(inTurn(client)).transaction(work);
      } finally {
        client.release();
      }
    },
    async ping() {
      await pool.query("SELECT 1");
    },
    close: () => pool.end(),
  };
}

/** One statement at a time: services ask side by side, a connection answers one after the other, and pg gives up its own queue. */
function inTurn(client: pg.PoolClient): pg.PoolClient {
  let last: Promise<unknown> = Promise.resolve();
  const query = (...args: unknown[]) => {
    const answer = last.then(() => Reflect.apply(client.query, client, args));
    last = answer.catch(() => {});
    return answer;
  };
  return new Proxy(client, {
    get: (target, key) => (key === "query" ? query : Reflect.get(target, key)),
  });
}
