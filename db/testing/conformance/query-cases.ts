import { deepEqual, equal, ok } from "node:assert/strict";
import { createClient, TupleParam } from "@clickhouse/client";
import type { ConformanceCase } from "./conformance-case.ts";
import { expectFault } from "./expect-fault.ts";
import { readAll } from "./read-all.ts";
import { float64, string, uint32 } from "./row-binary.ts";

const hostile =
  "tab\t newline\n return\r quote' double\" back\\slash \\N NULL {x:String} `;-- /* ünï 😀";

const parameters: { type: string; value: unknown; shown: unknown }[] = [
  { type: "String", value: hostile, shown: hostile },
  { type: "String", value: "", shown: "" },
  {
    type: "UUID",
    value: "01890a5d-ac96-774b-bcce-b302099a8057",
    shown: "01890a5d-ac96-774b-bcce-b302099a8057",
  },
  { type: "UInt32", value: 4294967295, shown: 4294967295 },
  { type: "UInt64", value: "18446744073709551615", shown: "18446744073709551615" },
  { type: "Int64", value: -5, shown: "-5" },
  { type: "Float64", value: 0.1, shown: 0.1 },
  { type: "Bool", value: true, shown: true },
  {
    type: "DateTime64(3, 'UTC')",
    value: new Date(1_700_000_000_123),
    shown: "2023-11-14 22:13:20.123",
  },
  {
    type: "DateTime64(3, 'UTC')",
    value: "2023-11-14 22:13:20.123",
    shown: "2023-11-14 22:13:20.123",
  },
  { type: "Date", value: "2024-02-29", shown: "2024-02-29" },
  { type: "Nullable(String)", value: null, shown: null },
  { type: "Array(String)", value: ["a'b", "c\\d", "e\tf", ""], shown: ["a'b", "c\\d", "e\tf", ""] },
  { type: "Array(UInt32)", value: [], shown: [] },
  { type: "Array(Float64)", value: [1.5, -2], shown: [1.5, -2] },
  { type: "Map(String, Float64)", value: { "k'": 1.5, z: -2 }, shown: { "k'": 1.5, z: -2 } },
  { type: "Tuple(String, UInt8)", value: new TupleParam(["a'", 1]), shown: ["a'", 1] },
];

const formats: { format: string; text: string }[] = [
  { format: "JSONEachRow", text: '{"n":0,"s":"a0"}\n{"n":1,"s":"a1"}\n' },
  { format: "JSONCompactEachRow", text: '[0, "a0"]\n[1, "a1"]\n' },
  { format: "TabSeparated", text: "0\ta0\n1\ta1\n" },
  { format: "TabSeparatedWithNames", text: "n\ts\n0\ta0\n1\ta1\n" },
  { format: "CSV", text: '0,"a0"\n1,"a1"\n' },
  { format: "CSVWithNames", text: '"n","s"\n0,"a0"\n1,"a1"\n' },
];

export const queryCases: ConformanceCase[] = [
  {
    name: "ping answers, with and without a query",
    async run({ client }) {
      deepEqual(await client.ping(), { success: true });
      deepEqual(await client.ping({ select: true }), { success: true });
    },
  },
  ...parameters.map(
    ({ type, value, shown }, index) =>
      ({
        name: `parameter ${index + 1} of type ${type} comes back as it went in`,
        async run({ client }) {
          const result = await client.query({
            query: `SELECT {value: ${type}}`,
            query_params: { value },
            format: "JSONCompactEachRow",
            clickhouse_settings: { output_format_json_quote_64bit_integers: 1 },
          });
          deepEqual(await result.json(), [[shown]]);
        },
      }) satisfies ConformanceCase,
  ),
  {
    name: "a parameter names a table and a column as {x: Identifier}",
    async run({ createTable, rows }) {
      const table = await createTable("a UInt8");
      deepEqual(
        await rows("SELECT count({column: Identifier}) FROM {table: Identifier}", {
          table,
          column: "a",
        }),
        [[0]],
      );
    },
  },
  {
    name: "a parameter that was not sent is an error, whatever other queries sent before",
    async run({ client, rows }) {
      await Promise.all(
        Array.from({ length: 30 }, (_, i) => rows("SELECT {leak: UInt32}", { leak: i })),
      );
      await Promise.all(
        Array.from({ length: 30 }, () =>
          expectFault(client.query({ query: "SELECT {leak: UInt32}" }), "456"),
        ),
      );
    },
  },
  {
    name: "many queries at once each see their own parameters and settings",
    async run({ client }) {
      const answers = await Promise.all(
        Array.from({ length: 60 }, async (_, i) => {
          const result = await client.query({
            query: "SELECT {mine: UInt32}, getSetting('log_comment')",
            query_params: { mine: i },
            clickhouse_settings: { log_comment: `comment ${i}` },
            format: "JSONCompactEachRow",
          });
          return (await result.json<unknown[]>())[0];
        }),
      );
      deepEqual(
        answers,
        answers.map((_, i) => [i, `comment ${i}`]),
      );
    },
  },
  {
    name: "a setting holds for one query and not for the next",
    async run({ client, rows }) {
      const before = await rows("SELECT getSetting('max_block_size')");
      const set = await client.query({
        query: "SELECT getSetting('max_block_size')",
        format: "JSONCompactEachRow",
        clickhouse_settings: { max_block_size: "1234" },
      });
      deepEqual(await set.json(), [[1234]]);
      const after = await Promise.all(
        Array.from({ length: 20 }, () => rows("SELECT getSetting('max_block_size')")),
      );
      for (const answer of after) deepEqual(answer, before);
    },
  },
  ...formats.map(
    ({ format, text }) =>
      ({
        name: `the format ${format} is written as documented`,
        async run({ client }) {
          const result = await client.exec({
            query: `SELECT toUInt32(number) AS n, concat('a', toString(number)) AS s FROM numbers(2) FORMAT ${format}`,
          });
          equal((await readAll(result.stream)).toString(), text);
        },
      }) satisfies ConformanceCase,
  ),
  {
    name: "the format Native carries the columns of each block with their names and types",
    async run({ client }) {
      const result = await client.exec({
        query:
          "SELECT toUInt32(number) AS n, [toFloat64(number)] AS x FROM numbers(2) FORMAT Native",
      });
      deepEqual(
        await readAll(result.stream),
        Buffer.concat([
          Buffer.from([2, 2]),
          string("n"),
          string("UInt32"),
          uint32(0),
          uint32(1),
          string("x"),
          string("Array(Float64)"),
          // Where the list of each row ends, as 64-bit numbers.
          uint32(1),
          uint32(0),
          uint32(2),
          uint32(0),
          float64(0),
          float64(1),
        ]),
      );
    },
  },
  {
    name: "the format JSON carries names, types, rows and their number",
    async run({ client }) {
      const result = await client.query({ query: "SELECT 1 AS a, 'x' AS b" });
      const answer = await result.json<{ a: number; b: string }>();
      deepEqual(answer.meta, [
        { name: "a", type: "UInt8" },
        { name: "b", type: "String" },
      ]);
      deepEqual(answer.data, [{ a: 1, b: "x" }]);
      equal(answer.rows, 1);
    },
  },
  {
    name: "64-bit integers and NaN follow the settings of the query",
    async run({ client }) {
      const read = async (quote: 0 | 1) => {
        const result = await client.query({
          query: "SELECT toUInt64(9007199254740993) AS n, nan AS x",
          format: "JSONCompactEachRow",
          clickhouse_settings: {
            output_format_json_quote_64bit_integers: quote,
            output_format_json_quote_denormals: quote,
          },
        });
        return (await result.text()).trim();
      };
      equal(await read(1), '["9007199254740993", "nan"]');
      equal(await read(0), "[9007199254740993, null]");
    },
  },
  {
    name: "a streamed result of 300,000 rows arrives whole and in order",
    async run({ client }) {
      const result = await client.query({
        query: "SELECT number AS n FROM numbers(300000)",
        format: "JSONEachRow",
      });
      let next = 0;
      for await (const rows of result.stream<{ n: number }>()) {
        for (const row of rows) equal(row.json().n, next++);
      }
      equal(next, 300_000);
    },
  },
  {
    name: "an empty result is an empty answer, not an error",
    async run({ rows }) {
      deepEqual(await rows("SELECT 1 WHERE 0"), []);
    },
  },
  {
    name: "answers are compressed when asked, and read the same",
    async run({ url }) {
      const client = createClient({ url, compression: { response: true } });
      try {
        const result = await client.query({
          query: "SELECT toString(number) AS s FROM numbers(50000)",
          format: "JSONEachRow",
        });
        equal(result.response_headers["content-encoding"], "gzip");
        equal((await result.json()).length, 50_000);
      } finally {
        await client.close();
      }
    },
  },
  {
    name: "the answer names the query and its format",
    async run({ client }) {
      const queryId = crypto.randomUUID();
      const result = await client.query({
        query: "SELECT 1",
        format: "JSONEachRow",
        query_id: queryId,
      });
      await result.text();
      equal(result.response_headers["x-clickhouse-query-id"], queryId);
      equal(result.response_headers["x-clickhouse-format"], "JSONEachRow");
      ok(result.response_headers["x-clickhouse-summary"]);
    },
  },
  {
    name: "comments, a semicolon at the end and quoted keywords do not confuse the reader of statements",
    async run({ client }) {
      const query =
        "-- SELECT ';'\nSELECT 'FORMAT CSV; DROP' AS a, /* ; */ 1 AS `FORMAT`, \"a\" AS b -- end\n;";
      const result = await client.exec({
        query,
        clickhouse_settings: JSON.parse('{ "default_format": "CSV" }'),
      });
      equal((await readAll(result.stream)).toString(), '"FORMAT CSV; DROP",1,"FORMAT CSV; DROP"\n');
    },
  },
  {
    name: "SHOW, DESCRIBE, EXISTS and EXPLAIN answer in the format that was asked for",
    async run({ createTable, rows }) {
      const table = await createTable("a UInt8 DEFAULT 3");
      ok((await rows("SHOW TABLES")).some(([name]) => name === table));
      equal((await rows(`DESCRIBE TABLE ${table}`))[0]?.[1], "UInt8");
      deepEqual(await rows(`EXISTS TABLE ${table}`), [[1]]);
      ok((await rows(`EXPLAIN SELECT * FROM ${table}`)).length > 0);
    },
  },
];
