import { createReadStream } from "node:fs";
import { z } from "zod";
import type { StagingTable } from "#db/clickhouse/baseline-staging.ts";
import { askStaging, describeParquet, stageFile } from "#db/clickhouse/baseline-staging.ts";
import type { ClickHouseClient } from "#db/clickhouse/client.ts";
import { AppError } from "#lib/domain/errors.ts";
import { baselineLimits } from "#lib/domain/limits.ts";
import type { SpooledFile } from "./spool-file.ts";
import { readCsvHeader, readParquetStub } from "./spool-file.ts";

export const baselineFormats = ["parquet", "csv", "ndjson"] as const;
export type BaselineFormat = (typeof baselineFormats)[number];

/** A column of an upload as SQL over the rows of its staging table. Each expression is NULL where the cell is not of that
 *  kind; `text` is there whenever the cell is not missing. */
export interface StagedColumn {
  name: string;
  text: string;
  number: string | null;
  flag: string | null;
  /** True where a cell can't be anything we know: a list or an object. */
  nested: string | null;
  /** A cell is what it is (Parquet, JSON), or its text says what it is (CSV). */
  isTyped: boolean;
}

export interface StagedFile {
  /** FROM clause over which the expressions hold; `n` is the number of the row, from 1. */
  source: string;
  columns: readonly StagedColumn[];
  params: Record<string, unknown>;
  rowCount: number;
}

export interface StageOptions {
  baselineId: string;
  format: BaselineFormat;
  file: SpooledFile;
  signal?: AbortSignal | undefined;
}

/** Brings the file into the store as it is, and says what its columns are. */
export async function stageBaseline(
  client: ClickHouseClient,
  options: StageOptions,
): Promise<StagedFile> {
  const staged = await stageByFormat(client, options);
  assertColumns(staged.columns.map((column) => column.name));
  if (staged.rowCount === 0) throw new AppError("invalid_request", "The file has no rows.");
  return staged;
}

function stageByFormat(client: ClickHouseClient, options: StageOptions): Promise<StagedFile> {
  switch (options.format) {
    case "csv":
      return stageCsv(client, options);
    case "ndjson":
      return stageNdjson(client, options);
    case "parquet":
      return stageParquet(client, options);
  }
}

async function stageCsv(
  client: ClickHouseClient,
  { baselineId, file, signal }: StageOptions,
): Promise<StagedFile> {
  const names = await readCsvHeader(file);
  assertColumns(names);
  const table = await stage(client, {
    baselineId,
    format: "CSV",
    columnTypes: names.map(() => "Nullable(String)"),
    file: createReadStream(file.path),
    signal,
  });
  const columns = names.map((name, i) => {
    const cell = `trimBoth(c${i + 1})`;
    const text = `if(${cell} IN ('', 'NA', 'N/A', 'NULL', 'null', 'None'), NULL, c${i + 1})`;
    return {
      name,
      text,
      number: `toFloat64OrNull(${cell})`,
      flag: `multiIf(lower(${cell}) = 'true', true, lower(${cell}) = 'false', false, NULL)`,
      nested: null,
      isTyped: false,
    };
  });
  return { source: table.name, columns, params: {}, rowCount: await countRows(client, table) };
}

async function stageNdjson(
  client: ClickHouseClient,
  { baselineId, file, signal }: StageOptions,
): Promise<StagedFile> {
  const table = await stage(client, {
    baselineId,
    format: "LineAsString",
    columnTypes: ["String"],
    file: createReadStream(file.path),
    signal,
  });
  const filled = `(SELECT n, c1 FROM ${table.name} WHERE notEmpty(trimBoth(c1)))`;
  const [bad] = await askStaging(
    client,
    `SELECT min(n) AS row, argMin(substring(c1, 1, 60), n) AS line FROM ${filled} WHERE NOT isValidJSON(c1) OR JSONType(c1) != 'Object' HAVING count() > 0`,
    {},
    z.object({ row: z.int(), line: z.string() }),
  );
  if (bad !== undefined) {
    throw new AppError("invalid_request", `Row ${bad.row} is not a JSON object: ${bad.line}`, {
      details: [
        {
          path: `row ${bad.row}`,
          message: 'every line must be one JSON object, such as {"distance": 12, "city": "ATL"}',
        },
      ],
    });
  }
  const names = await askStaging(
    client,
    `SELECT DISTINCT arrayJoin(JSONExtractKeys(c1)) AS name FROM ${filled} ORDER BY name LIMIT ${baselineLimits.ndjsonColumnsMax + 1}`,
    {},
    z.object({ name: z.string() }),
  );
  if (names.length > baselineLimits.ndjsonColumnsMax) {
    throw new AppError(
      "limit_exceeded",
      `The rows have more than ${baselineLimits.ndjsonColumnsMax} different keys; send a file this wide as Parquet or CSV, which may have ${baselineLimits.columnsMax} columns.`,
    );
  }
  const columns = names.map(({ name }, i) => {
    const raw = `cells[${i + 1}]`;
    const first = `substring(${raw}, 1, 1)`;
    return {
      name,
      text: `multiIf(${raw} IN ('', 'null'), NULL, ${first} = '"', JSONExtractString(${raw}), ${raw})`,
      number: `if(${first} IN ('-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'), toFloat64OrNull(${raw}), NULL)`,
      flag: `multiIf(${raw} = 'true', true, ${raw} = 'false', false, NULL)`,
      nested: `${first} IN ('{', '[')`,
      isTyped: true,
    };
  });
  // The names are bound once: at every cell, the engine would analyse all of them for each.
  const keyed = `SELECT n, CAST(JSONExtractKeysAndValuesRaw(c1), 'Map(String, String)') AS keyed FROM ${filled}`;
  const source = `(SELECT n, arrayMap(name -> keyed[name], {names: Array(String)}) AS cells FROM (${keyed}))`;
  const [counted] = await askStaging(
    client,
    `SELECT count() AS rowCount FROM ${filled}`,
    {},
    z.object({ rowCount: z.int() }),
  );
  return {
    source,
    columns,
    params: { names: names.map(({ name }) => name) },
    rowCount: counted?.rowCount ?? 0,
  };
}

async function stageParquet(
  client: ClickHouseClient,
  { baselineId, file, signal }: StageOptions,
): Promise<StagedFile> {
  const stub = await readParquetStub(file);
  const described = await describeParquet(client, stub).catch((error: unknown) => {
    throw new AppError(
      "invalid_request",
      "The file is not Parquet that we can read: its description is damaged.",
      { cause: error },
    );
  });
  assertColumns(described.map((column) => column.name));
  const kinds = described.map(({ type }) => kindOfType(type));
  const table = await stage(
    client,
    {
      baselineId,
      format: "Parquet",
      // A list or an object is only asked for as far as an error needs it: not at all.
      columnTypes: described.map(({ type }, i) =>
        kinds[i] === "nested" ? "Nullable(UInt8)" : type,
      ),
      sourceNames: described.map((column) => column.name),
      file: createReadStream(file.path),
      signal,
    },
    described
      .map((column, i) => (kinds[i] === "nested" ? column.name : null))
      .filter((name) => name !== null),
  );
  const columns = described.map(({ name }, i) => {
    const cell = `c${i + 1}`;
    const text = `toString(${cell})`;
    return {
      name,
      text,
      number: kinds[i] === "number" ? `toFloat64(${cell})` : null,
      flag: kinds[i] === "flag" ? `CAST(${cell}, 'Nullable(Bool)')` : null,
      nested: null,
      isTyped: true,
    };
  });
  return { source: table.name, columns, params: {}, rowCount: await countRows(client, table) };
}

function kindOfType(type: string): "number" | "flag" | "text" | "nested" {
  const inner = /^(?:Nullable|LowCardinality)\((.*)\)$/.exec(type)?.[1];
  if (inner !== undefined) return kindOfType(inner);
  if (type === "Bool") return "flag";
  if (/^(?:U?Int\d+|Float\d+|BFloat16|Decimal)/.test(type)) return "number";
  return /^(?:Array|Map|Tuple|Nested|JSON|Variant|Dynamic|Object)/.test(type) ? "nested" : "text";
}

/** Streams the file in; what the engine says of a row that does not fit becomes a sentence about that row. */
async function stage(
  client: ClickHouseClient,
  options: Parameters<typeof stageFile>[1],
  nested: readonly string[] = [],
): Promise<StagingTable> {
  if (nested.length > 0) {
    throw new AppError(
      "invalid_request",
      `These columns hold lists or objects, which cannot be compared: ${nested.slice(0, 20).join(", ")}. Leave them out of the file.`,
      {
        details: nested.slice(0, 20).map((path) => ({ path, message: "holds lists or objects" })),
      },
    );
  }
  try {
    return await stageFile(client, options);
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    const row = /\(at row (\d+)\)/.exec(message)?.[1];
    if (row === undefined && !isFileFault(error)) throw error;
    const words = describeFault(message);
    throw new AppError(
      "invalid_request",
      row === undefined
        ? `The file cannot be read: ${words}.`
        : `Row ${row} cannot be read: ${words}.`,
      {
        details: row === undefined ? [] : [{ path: `row ${row}`, message: words }],
        cause: error,
      },
    );
  }
}

/** Codes of the engine that speak of the data: parse errors, wrong quotes, unknown or missing columns, damaged files. */
const fileFaultCodes = new Set([
  "6",
  "26",
  "27",
  "33",
  "53",
  "72",
  "117",
  "130",
  "131",
  "132",
  "636",
  "1001",
]);

function isFileFault(error: unknown): boolean {
  return error instanceof Error && "code" in error && fileFaultCodes.has(String(error.code));
}

function describeFault(message: string): string {
  if (message.includes("less columns"))
    return "it has fewer cells than the first line names columns";
  if (message.includes("more columns"))
    return "it has more cells than the first line names columns";
  if (message.includes("quote")) return "a quote does not end";
  return "it does not have the form of the rest";
}

async function countRows(client: ClickHouseClient, table: StagingTable): Promise<number> {
  const [row] = await askStaging(
    client,
    `SELECT count() AS rowCount FROM ${table.name}`,
    {},
    z.object({ rowCount: z.int() }),
  );
  return row?.rowCount ?? 0;
}

function assertColumns(names: readonly string[]): void {
  if (names.length > baselineLimits.columnsMax) {
    throw new AppError(
      "limit_exceeded",
      `The file has more than ${baselineLimits.columnsMax} columns.`,
    );
  }
  const unnamed = names.indexOf("");
  if (unnamed >= 0) throw new AppError("invalid_request", `Column ${unnamed + 1} has no name.`);
  const long = names.find((name) => name.length > 128);
  if (long !== undefined)
    throw new AppError(
      "invalid_request",
      `The name of column "${long.slice(0, 40)}..." is longer than 128 characters.`,
    );
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new AppError("invalid_request", `The column "${twice}" is there twice.`, {
      details: [{ path: twice, message: "named twice" }],
    });
  }
}
