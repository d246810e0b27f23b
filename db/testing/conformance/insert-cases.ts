import { deepEqual, equal, ok } from "node:assert/strict";
import { Readable } from "node:stream";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { createClient } from "@clickhouse/client";
import type { ConformanceCase, ConformanceContext } from "./conformance-case.ts";
import { expectFault } from "./expect-fault.ts";
import { readAll } from "./read-all.ts";
import { float64, map, string, uint32 } from "./row-binary.ts";

const mapColumns = `
  id UInt32,
  numeric_features Map(LowCardinality(String), Float64),
  string_features Map(LowCardinality(String), LowCardinality(String)),
  note Nullable(String),
  twice UInt64 MATERIALIZED id * 2,
  label String DEFAULT concat('row ', toString(id))`;

async function insertBytes(
  { client }: ConformanceContext,
  query: string,
  bytes: Buffer | Readable,
  settings: Record<string, string | number> = {},
): Promise<string | undefined> {
  const values = bytes instanceof Readable ? bytes : Readable.from([bytes], { objectMode: false });
  const result = await client.exec({ query, values, clickhouse_settings: settings });
  await readAll(result.stream);
  return result.summary?.written_rows;
}

const binaryRow = (id: number) =>
  Buffer.concat([
    uint32(id),
    map({ distance: float64(id + 0.5), "naïve '": float64(Number.NaN) }),
    map({ origin: string("ATL") }),
    Buffer.from([1]),
  ]);

const roundTripped = [
  "Native",
  "RowBinary",
  "RowBinaryWithNamesAndTypes",
  "Parquet",
  "Arrow",
  "ArrowStream",
  "CSVWithNames",
  "JSONEachRow",
  "JSONCompactEachRow",
  "TabSeparated",
];

export const insertCases: ConformanceCase[] = [
  {
    name: "inserted objects get the table's defaults for what they leave out",
    async run({ client, createTable, rows }) {
      const table = await createTable(mapColumns);
      const result = await client.insert({
        table,
        format: "JSONEachRow",
        values: [
          { id: 1, numeric_features: { a: 1.5 } },
          { id: 2, label: "given", note: "ä\n'\\" },
        ],
      });
      equal(result.summary?.written_rows, "2");
      deepEqual(
        await rows(
          `SELECT id, numeric_features, string_features, note, twice, label FROM ${table} ORDER BY id`,
        ),
        [
          [1, { a: 1.5 }, {}, null, 2, "row 1"],
          [2, {}, {}, "ä\n'\\", 4, "given"],
        ],
      );
    },
  },
  {
    name: "a stream of objects is inserted whole",
    async run({ client, createTable, rows }) {
      const table = await createTable("id UInt32, name String");
      const values = Readable.from(
        (function* () {
          for (let id = 0; id < 25_000; id++) yield { id, name: `name ${id}` };
        })(),
      );
      await client.insert({ table, values, format: "JSONEachRow" });
      deepEqual(await rows(`SELECT count(), sum(id), uniqExact(name) FROM ${table}`), [
        [25_000, 312_487_500, 25_000],
      ]);
    },
  },
  {
    name: "only the named columns are inserted",
    async run({ client, createTable, rows }) {
      const table = await createTable("a UInt32, b String DEFAULT 'b', c UInt32 DEFAULT a + 1");
      await client.insert({
        table,
        values: [[1], [2]],
        columns: ["a"],
        format: "JSONCompactEachRow",
      });
      deepEqual(await rows(`SELECT a, b, c FROM ${table} ORDER BY a`), [
        [1, "b", 2],
        [2, "b", 3],
      ]);
    },
  },
  {
    name: "RowBinary with Map columns is inserted from a stream, defaults and materialised columns filled in",
    async run(context) {
      const table = await context.createTable(mapColumns, "id");
      const chunks = Array.from({ length: 20_000 }, (_, id) => binaryRow(id));
      const written = await insertBytes(
        context,
        `INSERT INTO ${table} (id, numeric_features, string_features, note) FORMAT RowBinary`,
        Readable.from([Buffer.concat(chunks.slice(0, 7)), Buffer.concat(chunks.slice(7))], {
          objectMode: false,
        }),
      );
      equal(written, "20000");
      deepEqual(
        await context.rows(
          `SELECT count(), sum(twice), sum(numeric_features['distance']), countIf(isNaN(numeric_features['naïve \\''])),
                uniqExact(string_features['origin']), countIf(note IS NULL), any(label) LIKE 'row %' FROM ${table}`,
        ),
        [[20_000, 399_980_000, 200_000_000, 20_000, 1, 20_000, 1]],
      );
    },
  },
  {
    name: "RowBinary is inserted through SELECT FROM input(), with types that are faster to read",
    async run(context) {
      const table = await context.createTable(mapColumns, "id");
      await insertBytes(
        context,
        `INSERT INTO ${table} (id, numeric_features, string_features)
         SELECT id, numeric_features, string_features
         FROM input('id UInt32, numeric_features Map(String, Float64), string_features Map(String, String), note Nullable(String)')
         FORMAT RowBinary`,
        Buffer.concat([binaryRow(1), binaryRow(2)]),
      );
      deepEqual(
        await context.rows(`SELECT id, string_features, twice, label FROM ${table} ORDER BY id`),
        [
          [1, { origin: "ATL" }, 2, "row 1"],
          [2, { origin: "ATL" }, 4, "row 2"],
        ],
      );
    },
  },
  ...roundTripped.map(
    (format) =>
      ({
        name: `what ${format} wrote, an insert reads back the same`,
        async run(context) {
          const columns = `id UInt32, at DateTime64(3, 'UTC'), uuid UUID, x Float64, n Nullable(Float64),
        s LowCardinality(String), m Map(LowCardinality(String), Float64), a Array(Float32), b Bool`;
          const from = await context.createTable(columns, "id");
          const into = await context.createTable(columns, "id");
          await context.client.command({
            query: `INSERT INTO ${from} SELECT number, toDateTime64('2024-02-29 12:00:00.125', 3, 'UTC') + number, generateUUIDv4(),
          number / 7, if(number % 2 = 0, NULL, number), concat('s', toString(number % 3)), map('k', number), [number, 0.5], number % 2
          FROM numbers(5000)`,
          });
          const written = await context.client.exec({
            query: `SELECT * FROM ${from} FORMAT ${format}`,
          });
          const bytes = await readAll(written.stream);
          equal(await insertBytes(context, `INSERT INTO ${into} FORMAT ${format}`, bytes), "5000");
          const sum = (table: string) =>
            context.rows(`SELECT count(), sum(sipHash64(*)) FROM ${table}`);
          deepEqual(await sum(into), await sum(from));
        },
      }) satisfies ConformanceCase,
  ),
  {
    name: "INSERT VALUES evaluates its expressions",
    async run({ client, createTable, rows }) {
      const table = await createTable("a UInt32, b String");
      await client.command({
        query: `INSERT INTO ${table} VALUES (1, 'x;y'), (2, concat('a', 'b')); `,
      });
      await client.command({ query: `INSERT INTO ${table} (b) VALUES ('only')` });
      deepEqual(await rows(`SELECT a, b FROM ${table} ORDER BY b`), [
        [2, "ab"],
        [0, "only"],
        [1, "x;y"],
      ]);
    },
  },
  {
    name: "INSERT with its data in the statement is inserted",
    async run({ client, createTable, rows }) {
      const table = await createTable("a UInt32, b String");
      await client.command({
        query: `INSERT INTO ${table} FORMAT JSONEachRow {"a":1,"b":"it's"}\n{"a":2,"b":"\\"q\\""}`,
      });
      deepEqual(await rows(`SELECT a, b FROM ${table} ORDER BY a`), [
        [1, "it's"],
        [2, '"q"'],
      ]);
    },
  },
  {
    name: "INSERT SELECT takes parameters and says how many rows it wrote",
    async run({ client, createTable, rows }) {
      const table = await createTable("a UInt32");
      await client.command({
        query: `INSERT INTO ${table} SELECT number FROM numbers({n: UInt32})`,
        query_params: { n: 7 },
      });
      deepEqual(await rows(`SELECT count() FROM ${table}`), [[7]]);
    },
  },
  {
    name: "an insert without a row is not an error",
    async run(context) {
      const table = await context.createTable("a UInt32");
      for (const format of ["JSONEachRow", "RowBinary", "Native"]) {
        await insertBytes(context, `INSERT INTO ${table} FORMAT ${format}`, Buffer.alloc(0));
      }
      deepEqual(await context.rows(`SELECT count() FROM ${table}`), [[0]]);
    },
  },
  ...["JSONEachRow", "RowBinary"].map(
    (format) =>
      ({
        name: `a repeated deduplication token drops a ${format} insert, whatever it holds`,
        async run(context) {
          const table = await context.createTable("a UInt32");
          const encode = (values: number[]) =>
            format === "RowBinary"
              ? Buffer.concat(values.map(uint32))
              : Buffer.from(values.map((a) => JSON.stringify({ a })).join("\n"));
          const send = (values: number[], token: string) =>
            insertBytes(context, `INSERT INTO ${table} FORMAT ${format}`, encode(values), {
              insert_deduplication_token: token,
            });
          await send([1, 2], "first");
          await send([1, 2], "first");
          await send([8, 9], "first");
          await send([1, 2], "second");
          deepEqual(
            await context.rows(`SELECT groupArray(a) FROM (SELECT a FROM ${table} ORDER BY a)`),
            [[[1, 1, 2, 2]]],
          );
        },
      }) satisfies ConformanceCase,
  ),
  {
    name: "a token holds for an insert of 20 MB, which is read in pieces: all or nothing",
    async run(context) {
      const table = await context.createTable("a UInt32, b String", "a");
      const lines = Array.from(
        { length: 100_000 },
        (_, a) => `{"a":${a},"b":"${"x".repeat(180)}"}\n`,
      ).join("");
      const send = () =>
        insertBytes(context, `INSERT INTO ${table} FORMAT JSONEachRow`, Buffer.from(lines), {
          insert_deduplication_token: "big",
        });
      await send();
      deepEqual(await context.rows(`SELECT count() FROM ${table}`), [[100_000]]);
      await send();
      deepEqual(await context.rows(`SELECT count() FROM ${table}`), [[100_000]]);
    },
  },
  {
    name: "a bad row in the middle leaves nothing of its insert",
    async run(context) {
      const table = await context.createTable("a UInt32");
      const lines = Array.from({ length: 10_000 }, (_, a) =>
        a === 9_000 ? '{"a":"no"}' : `{"a":${a}}`,
      ).join("\n");
      const fault = await expectFault(
        insertBytes(context, `INSERT INTO ${table} FORMAT JSONEachRow`, Buffer.from(lines)),
        "27",
      );
      ok(fault.message.includes("row 9001") || fault.message.includes("at row"), fault.message);
      deepEqual(await context.rows(`SELECT count() FROM ${table}`), [[0]]);
    },
  },
  {
    name: "a field that the table does not have is an error, not a row of defaults",
    async run({ client, createTable, rows }) {
      const table = await createTable("a UInt32");
      await expectFault(
        client.insert({ table, values: [{ a: 1, stray: 2 }], format: "JSONEachRow" }),
        "117",
      );
      deepEqual(await rows(`SELECT count() FROM ${table}`), [[0]]);
    },
  },
  {
    name: "request bodies in gzip are read",
    async run({ url, createTable, rows }) {
      const table = await createTable("a UInt32");
      const client = createClient({ url, compression: { request: true } });
      try {
        await client.insert({
          table,
          values: Array.from({ length: 1_000 }, (_, a) => ({ a })),
          format: "JSONEachRow",
        });
      } finally {
        await client.close();
      }
      deepEqual(await rows(`SELECT count(), sum(a) FROM ${table}`), [[1_000, 499_500]]);
    },
  },
  ...(
    [
      ["gzip", gzipSync],
      ["zstd", zstdCompressSync],
    ] as const
  ).map(
    ([encoding, compress]) =>
      ({
        name: `a raw body in ${encoding} is read`,
        async run({ url, createTable, rows }) {
          const table = await createTable("a UInt32");
          const target = new URL(url);
          const query = new URLSearchParams({
            query: `INSERT INTO ${table} FORMAT JSONEachRow`,
            database: target.pathname.slice(1),
          });
          const response = await fetch(`${target.origin}/?${query}`, {
            method: "POST",
            headers: {
              "Content-Encoding": encoding,
              "X-ClickHouse-User": decodeURIComponent(target.username) || "default",
              "X-ClickHouse-Key": decodeURIComponent(target.password),
            },
            body: new Uint8Array(compress(Buffer.from('{"a":1}\n{"a":2}\n'))),
          });
          equal(response.status, 200, await response.text());
          deepEqual(await rows(`SELECT sum(a) FROM ${table}`), [[3]]);
        },
      }) satisfies ConformanceCase,
  ),
];
