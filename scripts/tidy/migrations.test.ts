import { expect, test } from "vitest";
import { buildHouse } from "./house.ts";
import { checkMigrations, statementsOf } from "./migrations.ts";

const folder = "db/postgres/migrations/";
const messagesOf = (texts: Record<string, string>) =>
  checkMigrations(
    buildHouse(
      Object.fromEntries(Object.entries(texts).map(([name, sql]) => [`${folder}${name}`, sql])),
    ),
  ).map(({ path, line, message }) => `${path.slice(folder.length)}:${line ?? 0} ${message}`);

test("numbers run from one without a gap, in each store on its own", () => {
  expect(messagesOf({ "0001_a.sql": "", "0002_b.sql": "" })).toEqual([]);
  expect(
    checkMigrations(
      buildHouse({ [`${folder}0001_a.sql`]: "", "db/clickhouse/migrations/0001_a.sql": "" }),
    ),
  ).toEqual([]);
});

test.each([
  ["a twin", ["0001_a.sql", "0001_b.sql"], "0001_b.sql:0 number 1 is taken twice"],
  ["a gap", ["0001_a.sql", "0003_b.sql"], "0003_b.sql:0 number 2 is missing before it"],
  ["a late start", ["0002_a.sql"], "0002_a.sql:0 number 1 is missing before it"],
  ["a name without a number", ["initial.sql"], "initial.sql:0 call it NNNN_snake_case.sql"],
])("%s is refused", (_, names, expected) => {
  expect(messagesOf(Object.fromEntries(names.map((name) => [name, ""])))).toEqual([expected]);
});

test.each([
  "CREATE TABLE a (id int)",
  "CREATE UNIQUE INDEX a_id ON a (id)",
  "CREATE MATERIALIZED VIEW v AS SELECT 1",
  "CREATE TYPE mood AS ENUM ('good')",
  "DROP TABLE a",
  "ALTER TABLE a ADD COLUMN b int",
  "ALTER TABLE a DROP COLUMN b",
  "ALTER TABLE a DROP CONSTRAINT c",
  "INSERT INTO a VALUES (1)",
])("%s is refused: a second run fails", (sql) => {
  expect(messagesOf({ "0001_a.sql": `-- why\n${sql};\n` })).toEqual([
    expect.stringMatching(/^0001_a\.sql:2 a second run of this fails/),
  ]);
});

test.each([
  "CREATE TABLE IF NOT EXISTS a (id int)",
  "CREATE UNIQUE INDEX IF NOT EXISTS a_id ON a (id)",
  "CREATE OR REPLACE VIEW v AS SELECT 1",
  "DROP TABLE IF EXISTS a",
  "DROP MATERIALIZED VIEW IF EXISTS v",
  "ALTER TABLE a ADD COLUMN IF NOT EXISTS b int",
  "ALTER TABLE a DROP COLUMN IF EXISTS b",
  "INSERT INTO a VALUES (1) ON CONFLICT DO NOTHING",
  "INSERT INTO a SELECT * FROM b WHERE _partition_id = {partition: String}",
  "SELECT 'CREATE TABLE a'",
  "DO $$ BEGIN CREATE TYPE mood AS ENUM ('good'); EXCEPTION WHEN duplicate_object THEN NULL; END $$",
])("%s passes", (sql) => {
  expect(messagesOf({ "0001_a.sql": `${sql};` })).toEqual([]);
});

test("comments and quotes neither end a statement nor make one", () => {
  expect(statementsOf("-- a; b\nSELECT ';' ;\n/* c; */\nSELECT 2")).toEqual([
    { line: 2, sql: "SELECT" },
    { line: 4, sql: "SELECT 2" },
  ]);
});
