import { writeFileSync } from "node:fs";
import { join } from "node:path";

export interface EngineOptions {
  /** Holds store/, spool/ and tmp/. */
  dataDir: string;
  memoryBytesMax: number;
  sessionsMax: number;
  queueMax: number;
}

const defaultExecutionSeconds = 60;

/** Servers pin the same in their profile; the reasons are wrong results and silent losses seen in this engine's release. */
function pinnedSettings(options: EngineOptions): Record<string, string> {
  return {
    max_execution_time: String(defaultExecutionSeconds),
    max_memory_usage: String(Math.floor(options.memoryBytesMax * 0.6)),
    max_bytes_before_external_group_by: String(Math.floor(options.memoryBytesMax * 0.25)),
    max_bytes_before_external_sort: String(Math.floor(options.memoryBytesMax * 0.25)),
    use_query_condition_cache: "0",
    query_plan_optimize_lazy_materialization: "0",
    query_plan_top_k_through_join: "0",
    input_format_skip_unknown_fields: "0",
    output_format_json_quote_64bit_integers: "0",
    implicit_select: "0",
    allow_introspection_functions: "0",
    max_insert_threads: "1",
    min_chunk_bytes_for_parallel_parsing: "4194304",
  };
}

export function writeEngineConfig(options: EngineOptions): string[] {
  const path = join(options.dataDir, "engine.xml");
  const megabyte = 1024 * 1024;
  const server: Record<string, string | number> = {
    max_server_memory_usage: options.memoryBytesMax,
    mark_cache_size: 64 * megabyte,
    index_mark_cache_size: 16 * megabyte,
    primary_index_cache_size: 64 * megabyte,
    uncompressed_cache_size: 0,
    index_uncompressed_cache_size: 0,
    mmap_cache_size: 64,
    compiled_expression_cache_size: 16 * megabyte,
    query_condition_cache_size: 0,
    background_pool_size: 2,
    background_merges_mutations_concurrency_ratio: 1,
    background_schedule_pool_size: 8,
    background_common_pool_size: 4,
    background_fetches_pool_size: 1,
    background_move_pool_size: 1,
    background_distributed_schedule_pool_size: 1,
    background_message_broker_schedule_pool_size: 1,
    background_buffer_flush_schedule_pool_size: 1,
    user_files_path: `${join(options.dataDir, "spool")}/`,
    tmp_path: `${join(options.dataDir, "tmp")}/`,
    timezone: "UTC",
  };
  const lines = Object.entries(server).map(
    ([name, value]) => `  <${name}>${escapeXml(String(value))}</${name}>`,
  );
  writeFileSync(
    path,
    `<clickhouse>\n${lines.join("\n")}\n  <logger><level>none</level></logger>\n</clickhouse>\n`,
    { mode: 0o600 },
  );
  return [
    `--config-file=${path}`,
    ...Object.entries(pinnedSettings(options)).map(([name, value]) => `--${name}=${value}`),
  ];
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
