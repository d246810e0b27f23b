import type { ClickHouseClient } from "@clickhouse/client";
import { createClient } from "@clickhouse/client";
import { OneBufferAgent } from "./one-buffer-agent.ts";

export type { ClickHouseClient } from "@clickhouse/client";

export interface ClickHouseOptions {
  url: string;
  /** Shown in the server's log beside every query. */
  application: string;
  connectionsMax?: number;
  requestTimeoutMs?: number;
}

/** The settings that results depend on are pinned here, so that a server with other defaults answers alike. */
const pinnedSettings = {
  input_format_skip_unknown_fields: 0,
  output_format_json_quote_64bit_integers: 0,
  output_format_json_quote_denormals: 1,
  use_query_condition_cache: 0,
  query_plan_optimize_lazy_materialization: 0,
  date_time_input_format: "best_effort",
  // What it adds to a chain of comparisons we write ourselves, and its search through all that lies below each of them made
  // the analysis of a large statement take longer than a small bucket's rows.
  optimize_and_compare_chain: 0,
} as const;

/** `url` carries user, password and database: `http://user:password@host:8123/database`. */
export function createClickHouse(options: ClickHouseOptions): ClickHouseClient {
  const connectionsMax = options.connectionsMax ?? 10;
  return createClient({
    url: options.url,
    application: options.application,
    max_open_connections: connectionsMax,
    ...(options.url.startsWith("http:") && {
      http_agent: new OneBufferAgent({ keepAlive: true, maxSockets: connectionsMax }),
    }),
    request_timeout: options.requestTimeoutMs ?? 60_000,
    clickhouse_settings: pinnedSettings,
    keep_alive: { enabled: true, idle_socket_ttl: 2_500 },
    log: { level: 127 },
  });
}
