import { randomBytes } from "node:crypto";
import type { ClickHouseClient } from "@clickhouse/client";
import { createClient } from "@clickhouse/client";

export interface ConformanceCase {
  /** The guarantee. */
  name: string;
  /** What the embedded engine refuses, a server may well do. */
  isEmbeddedOnly?: boolean;
  run(context: ConformanceContext): Promise<void>;
}

export interface ConformanceContext {
  /** With user, password and the run's own database. */
  url: string;
  client: ClickHouseClient;
  /** Creates a table of these columns, with a name of its own. */
  createTable(columns: string, orderBy?: string): Promise<string>;
  rows(query: string, params?: Record<string, unknown>): Promise<unknown[][]>;
}

/** Gives each run a database of its own and drops it afterwards. */
export async function openConformance(
  url: string,
): Promise<ConformanceContext & { close(): Promise<void> }> {
  const name = `conformance_${randomBytes(6).toString("hex")}`;
  const root = new URL(url);
  root.pathname = "/default";
  const admin = createClient({ url: root.href });
  await admin.command({ query: `CREATE DATABASE ${name}` });
  const own = new URL(url);
  own.pathname = `/${name}`;
  const client = createClient({
    url: own.href,
    clickhouse_settings: {
      input_format_skip_unknown_fields: 0,
      output_format_json_quote_64bit_integers: 0,
    },
    // A failure is what many cases are about; it need not be printed.
    log: { level: 127 },
  });
  let tables = 0;
  return {
    url: own.href,
    client,
    async createTable(columns, orderBy = "tuple()") {
      const table = `t${++tables}`;
      await client.command({
        query: `CREATE TABLE ${table} (${columns}) ENGINE = MergeTree ORDER BY ${orderBy}
                SETTINGS non_replicated_deduplication_window = 100`,
      });
      return table;
    },
    async rows(query, params) {
      const result = await client.query({
        query,
        format: "JSONCompactEachRow",
        ...(params === undefined ? {} : { query_params: params }),
      });
      return result.json();
    },
    async close() {
      await client.close();
      await admin.command({ query: `DROP DATABASE ${name}` });
      await admin.close();
    },
  };
}
