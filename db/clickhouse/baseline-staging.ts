import type { Readable } from "node:stream";
import { z } from "zod";
import { baselineLimits } from "#lib/domain/limits.ts";
import type { ClickHouseClient } from "./client.ts";

/** An uploaded file lies in a table of its own while it is looked at: what its columns are is known only when all of it has
 *  been read. Names of columns are never spliced: the staged ones are c1, c2, ... */
export interface StagingTable {
  name: string;
  /** As the engine spells them, in the order of the file. */
  columnTypes: readonly string[];
}

export type StagedFormat = "CSV" | "LineAsString" | "Parquet";

function stagingName(baselineId: string): string {
  return `staging_${baselineId.replaceAll("-", "")}`;
}

const insertTimeoutSeconds = baselineLimits.importSecondsMax;

/** A statement over every column of a wide file says several things of each. */
const wideSettings = {
  max_query_size: String(16 * 1024 * 1024),
  max_ast_elements: "5000000",
  max_expanded_ast_elements: "5000000",
} as const;

/** Streams a file into its staging table. `sourceNames` are the columns by which a Parquet file is read; other formats go by
 *  position. */
export async function stageFile(
  client: ClickHouseClient,
  options: {
    baselineId: string;
    format: StagedFormat;
    columnTypes: readonly string[];
    sourceNames?: readonly string[];
    file: Readable;
    signal?: AbortSignal | undefined;
  },
): Promise<StagingTable> {
  const { baselineId, format, columnTypes, sourceNames, file, signal } = options;
  const name = stagingName(baselineId);
  const staged = columnTypes.map((type, i) => `c${i + 1} ${type}`);
  const source = columnTypes.map(
    (type, i) => `${quoteName(sourceNames?.[i] ?? `c${i + 1}`)} ${type}`,
  );
  const selected = columnTypes.map(
    (_, i) => `${quoteName(sourceNames?.[i] ?? `c${i + 1}`)} AS c${i + 1}`,
  );
  await client.command({
    query: `CREATE TABLE IF NOT EXISTS ${name} (n UInt64, ${staged.join(", ")}) ENGINE = MergeTree ORDER BY n`,
  });
  const { stream } = await client.exec({
    query: `INSERT INTO ${name} SELECT rowNumberInAllBlocks() + 1 AS n, ${selected.join(", ")}
      FROM input(${quoteText(source.join(", "))}) FORMAT ${format}`,
    values: file,
    clickhouse_settings: {
      max_execution_time: insertTimeoutSeconds,
      max_threads: 1,
      max_insert_threads: "1",
      input_format_csv_skip_first_lines: format === "CSV" ? "1" : "0",
      input_format_csv_empty_as_default: 0,
      input_format_parquet_case_insensitive_column_matching: 0,
      input_format_with_names_use_header: 0,
      format_csv_null_representation: "\\N",
    },
    ...(signal === undefined ? {} : { abort_signal: signal }),
  });
  for await (const _chunk of stream) {
    // The answer of an insert is empty; reading it to its end is what waits for the insert.
  }
  return { name, columnTypes };
}

export async function dropStaging(client: ClickHouseClient, baselineId: string): Promise<void> {
  await client.command({ query: `DROP TABLE IF EXISTS ${stagingName(baselineId)}` });
}

const describedRow = z.object({ name: z.string(), type: z.string() });

const footerQueryBytesMax = 64 * 1024 * 1024;

/** The columns of a Parquet file, from its footer alone: `stub` is a file that has nothing else. */
export async function describeParquet(
  client: ClickHouseClient,
  stub: Buffer,
): Promise<{ name: string; type: string }[]> {
  const result = await client.query({
    query: `DESCRIBE TABLE format(Parquet, base64Decode('${stub.toString("base64")}'))`,
    format: "JSONEachRow",
    clickhouse_settings: {
      max_query_size: String(footerQueryBytesMax),
      schema_inference_make_columns_nullable: 1,
    },
  });
  return z.array(describedRow).parse(await result.json());
}

/** Rows of a question about a staging table; the SQL is built from column numbers, its texts are bound. */
export async function askStaging<R extends z.ZodType>(
  client: ClickHouseClient,
  sql: string,
  params: Record<string, unknown>,
  row: R,
): Promise<z.output<R>[]> {
  const result = await client.query({
    query: sql,
    query_params: params,
    format: "JSONEachRow",
    clickhouse_settings: { max_execution_time: 600, ...wideSettings },
  });
  return z.array(row).parse(await result.json());
}

export async function copyStaging(
  client: ClickHouseClient,
  sql: string,
  params: Record<string, unknown>,
): Promise<void> {
  await client.command({
    query: sql,
    query_params: params,
    clickhouse_settings: {
      max_execution_time: insertTimeoutSeconds,
      ...wideSettings,
      wait_end_of_query: 1,
    },
  });
}

const quoteName = (name: string) => `\`${name.replaceAll("\\", "\\\\").replaceAll("`", "\\`")}\``;
const quoteText = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
