import { describe, expect, test } from "vitest";
import type { ClickHouseFault } from "./clickhouse-fault.ts";
import { parseStatement } from "./statement.ts";

describe("the output format is found where it is, and nowhere else", () => {
  test.each([
    ["SELECT 1 FORMAT JSON", "JSON"],
    ["select 1 format JSONEachRow settings max_threads = 1", "JSONEachRow"],
    ["SELECT 1 SETTINGS max_threads = 1 FORMAT CSV ;", "CSV"],
    ["SELECT format FROM t", undefined],
    ["SELECT 'x FORMAT CSV'", undefined],
    ["SELECT * FROM (SELECT 1 AS format) -- FORMAT CSV", undefined],
    ["WITH a AS (SELECT 1) SELECT * FROM a FORMAT Native", "Native"],
  ])("%s", (sql, format) => {
    expect(parseStatement(sql)).toMatchObject({ kind: "select", format });
  });
});

describe("an INSERT is split into its head, its settings, its format and its data", () => {
  test.each([
    ["INSERT INTO t FORMAT RowBinary", "INSERT INTO t ", "", "RowBinary", ""],
    [
      'INSERT INTO t (a, b) FORMAT JSONEachRow\n{"a":"FORMAT x; \'"}',
      "INSERT INTO t (a, b) ",
      "",
      "JSONEachRow",
      '{"a":"FORMAT x; \'"}',
    ],
    [
      "insert into d.t (a) settings insert_deduplication_token = 'x' format CSV",
      "insert into d.t (a) ",
      "settings insert_deduplication_token = 'x' ",
      "CSV",
      "",
    ],
    [
      "INSERT INTO t VALUES (1, 'a;b'), (2, ')')",
      "INSERT INTO t ",
      "",
      "Values",
      " (1, 'a;b'), (2, ')')",
    ],
    ["INSERT INTO format (values) FORMAT CSV", "INSERT INTO format (values) ", "", "CSV", ""],
    ["INSERT INTO TABLE `values` VALUES (1);", "INSERT INTO TABLE `values` ", "", "Values", " (1)"],
  ])("%s", (sql, head, tail, format, inlineData) => {
    expect(parseStatement(sql)).toEqual({ kind: "insert", head, tail, format, inlineData });
  });

  test("INSERT SELECT runs as it stands", () => {
    expect(parseStatement("INSERT INTO t SELECT 1;")).toEqual({
      kind: "other",
      sql: "INSERT INTO t SELECT 1",
      format: undefined,
    });
  });

  test("input() gives way to the file that holds the data", () => {
    expect(
      parseStatement("INSERT INTO t SELECT a FROM input('a UInt8') WHERE a > 1 FORMAT RowBinary"),
    ).toMatchObject({
      kind: "insert_input",
      before: "INSERT INTO t SELECT a FROM ",
      structure: "'a UInt8'",
      format: "RowBinary",
    });
  });
});

test.each([
  ["", 62],
  ["SELECT 1; DROP TABLE t", 62],
  ["INSERT INTO t", 62],
  ["SET a = 1", 48],
  ["SYSTEM SHUTDOWN", 48],
  ["KILL QUERY WHERE 1", 48],
])("%s is a fault", (sql, code) => {
  expect(() => parseStatement(sql)).toThrow(expect.objectContaining({ code }) as ClickHouseFault);
});

test("KILL QUERY by id is understood", () => {
  expect(parseStatement("KILL QUERY WHERE query_id = 'a-1'")).toEqual({
    kind: "kill",
    queryId: "a-1",
  });
});
