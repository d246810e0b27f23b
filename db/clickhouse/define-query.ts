import { z } from "zod";
import { AppError } from "#lib/domain/errors.ts";
import { answerPath, openAnswer, readAnswer, wantsFile } from "./answer-file.ts";
import type { ClickHouseClient } from "./client.ts";
import type { ColumnBlock, ColumnType } from "./read-columns.ts";
import { readColumns } from "./read-columns.ts";
import type { NativeBlock, NativeColumns } from "./read-native.ts";
import { readNative } from "./read-native.ts";

export interface QueryDefinition<P extends z.ZodObject, R extends z.ZodType> {
  /** Goes to log_comment and the metrics. */
  name: string;
  params: P;
  row: R;
  /** One row more than this is an error, never a silent cut. */
  rowsMax: number;
  timeoutMs: number;
  /** Binds `{workspaceId: UUID}` and ends in `LIMIT {rowsMax: UInt32} + 1`; fragments are chosen by params, never spliced from them. */
  sql: (params: z.output<P>) => string;
}

export type Query<P extends z.ZodObject, R extends z.ZodType> = QueryDefinition<P, R>;

export function defineQuery<P extends z.ZodObject, R extends z.ZodType>(
  definition: QueryDefinition<P, R>,
): Query<P, R> {
  return definition;
}

/** A question whose answer is too much to hold at once, or to send as text: its rows are read block by block. */
export interface ScanDefinition<P extends z.ZodObject, C extends NativeColumns, R>
  extends Omit<QueryDefinition<P, z.ZodType>, "row"> {
  /** What `sql` selects, in its order and of just these types. */
  columns: C;
  /** Reads the rows of one answer. The lists of a row may be overwritten once the next row is asked for. */
  rowReader: () => (read: NativeBlock<C>["read"], row: number) => R;
}

export type Scan<P extends z.ZodObject, C extends NativeColumns, R> = ScanDefinition<P, C, R>;

export function defineScan<P extends z.ZodObject, C extends NativeColumns, R>(
  definition: ScanDefinition<P, C, R>,
): Scan<P, C, R> {
  return definition;
}

/** A question whose answer is counted value by value: its columns are read whole, block by block. */
export interface ColumnScan<P extends z.ZodObject, C extends Record<string, ColumnType>>
  extends Pick<QueryDefinition<P, z.ZodType>, "name" | "params" | "timeoutMs" | "sql"> {
  /** What `sql` selects, in its order and of just these types. */
  columns: (params: z.output<P>) => C;
  /** Rows of a block: what is held and worked on at once. */
  blockRows: (params: z.output<P>) => number;
  /** About the size of the answer; one of a few megabytes needs none. */
  answerBytes?: (params: z.output<P>) => number;
}

export function defineColumnScan<P extends z.ZodObject, C extends Record<string, ColumnType>>(
  definition: ColumnScan<P, C>,
): ColumnScan<P, C> {
  return definition;
}

/** A store seen from one workspace: no caller can name another. */
export interface ScopedClickHouse {
  readonly workspaceId: string;
  query<P extends z.ZodObject, R extends z.ZodType>(
    query: Query<P, R>,
    params: z.input<P>,
    signal?: AbortSignal,
  ): Promise<z.output<R>[]>;
  scan<P extends z.ZodObject, C extends NativeColumns, R>(
    scan: Scan<P, C, R>,
    params: z.input<P>,
    signal?: AbortSignal,
  ): AsyncGenerator<Iterable<R>>;
  scanColumns<P extends z.ZodObject, C extends Record<string, ColumnType>>(
    scan: ColumnScan<P, C>,
    params: z.input<P>,
    signal?: AbortSignal,
  ): AsyncGenerator<ColumnBlock<C>>;
}

/** What every question says to the store, whatever the form of its answer. */
interface Asked {
  query: string;
  query_params: Record<string, unknown>;
  clickhouse_settings: { max_execution_time: number; log_comment: string };
  abort_signal?: AbortSignal;
}

/** Of an estimate: a store that has begun a file and finds it too large begins again. */
const answerBytesMax = 192 * 1024 ** 2;

/** Small enough that what one block holds is nothing, and that a reader can work on one while the engine reads the next. */
const scannedBlockRows = 512;

export function scopeClickHouse(client: ClickHouseClient, workspaceId: string): ScopedClickHouse {
  const askFor = <P extends z.ZodObject>(
    question: Pick<QueryDefinition<P, z.ZodType>, "name" | "timeoutMs" | "sql"> & {
      rowsMax?: number;
    },
    params: z.output<P>,
    signal: AbortSignal | undefined,
  ): Asked => {
    const { rowsMax } = question;
    return {
      query: question.sql(params),
      query_params: { ...params, workspaceId, ...(rowsMax !== undefined && { rowsMax }) },
      clickhouse_settings: {
        max_execution_time: Math.ceil(question.timeoutMs / 1000),
        log_comment: question.name,
      },
      ...(signal === undefined ? {} : { abort_signal: signal }),
    };
  };
  /** Blocks in the engine's own format, of so many rows. */
  const stream = async (
    asked: Asked,
    blockRows: number,
    isFileWanted = false,
  ): Promise<AsyncIterable<Uint8Array>> => {
    const answer = await client.exec({
      ...asked,
      query: `${asked.query} FORMAT Native`,
      clickhouse_settings: { ...asked.clickhouse_settings, max_block_size: String(blockRows) },
      ...(isFileWanted && { http_headers: wantsFile }),
    });
    const path = answerPath(answer.response_headers);
    if (path === null) return answer.stream;
    answer.stream.resume();
    const file = await openAnswer(path);
    return file === null ? stream(asked, blockRows) : readAnswer(file);
  };
  return {
    workspaceId,
    async query(query, rawParams, signal) {
      const asked = askFor(query, query.params.parse(rawParams), signal);
      const result = await client.query({ ...asked, format: "JSONEachRow" });
      const rows = z.array(query.row).parse(await result.json());
      if (rows.length > query.rowsMax) throw tooMany(query);
      return rows;
    },
    async *scan(scan, rawParams, signal) {
      signal?.throwIfAborted();
      const asked = askFor(scan, scan.params.parse(rawParams), signal);
      const toRow = scan.rowReader();
      let rowCount = 0;
      for await (const block of readNative(await stream(asked, scannedBlockRows), scan.columns)) {
        signal?.throwIfAborted();
        rowCount += block.rowCount;
        if (rowCount > scan.rowsMax) throw tooMany(scan);
        yield readRows(block, toRow);
      }
    },
    async *scanColumns(scan, rawParams, signal) {
      signal?.throwIfAborted();
      const params = scan.params.parse(rawParams);
      const blocks = await stream(
        askFor(scan, params, signal),
        scan.blockRows(params),
        (scan.answerBytes?.(params) ?? 0) <= answerBytesMax,
      );
      for await (const block of readColumns(blocks, scan.columns(params))) {
        signal?.throwIfAborted();
        yield block;
      }
    },
  };
}

/** One by one, so that a reader needs no more memory than one row takes. */
function* readRows<C extends NativeColumns, R>(
  { rowCount, read }: NativeBlock<C>,
  toRow: (read: NativeBlock<C>["read"], row: number) => R,
): Generator<R> {
  for (let row = 0; row < rowCount; row += 1) yield toRow(read, row);
}

const tooMany = ({ name, rowsMax }: { name: string; rowsMax: number }) =>
  new AppError(
    "limit_exceeded",
    `${name} answers with more than ${rowsMax} rows; narrow the question.`,
  );
