import { readdir, readFile } from "node:fs/promises";
import type { ClickHouseClient } from "./client.ts";
import { createClickHouse } from "./client.ts";

/** A partition's rows are moved by one statement: a month of a store's hours. */
const statementMsMax = 3_600_000;

const ownMigrations = new URL("./migrations/", import.meta.url);

/** How far the rows of a table are that a migration moves. */
export interface MigrationProgress {
  table: string;
  movedCount: number;
  partitionCount: number;
}

export interface MigrationOptions {
  folder?: URL;
  /** Told before each partition. */
  onProgress?: (progress: MigrationProgress) => void;
}

/** Applies every numbered migration. Each statement can run twice (IF NOT EXISTS), so two processes may run this at once:
 *  there is no lock to be left behind by a crash. */
export async function migrateClickHouse(
  url: string,
  { folder = ownMigrations, onProgress }: MigrationOptions = {},
): Promise<string[]> {
  const database = decodeURIComponent(new URL(url).pathname.slice(1)) || "default";
  const withoutDatabase = new URL(url);
  withoutDatabase.pathname = "/";
  const admin = createClickHouse({ url: withoutDatabase.href, application: "plumbline-migrate" });
  try {
    await admin.command({
      query: `CREATE DATABASE IF NOT EXISTS \`${database.replaceAll("`", "")}\``,
    });
  } finally {
    await admin.close();
  }
  const client = createClickHouse({
    url,
    application: "plumbline-migrate",
    requestTimeoutMs: statementMsMax,
  });
  try {
    await client.command({
      query: `CREATE TABLE IF NOT EXISTS schema_migrations (name String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3))
              ENGINE = ReplacingMergeTree ORDER BY name`,
    });
    const applied = await listApplied(client);
    const files = (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort();
    const ran: string[] = [];
    for (const name of files.filter((file) => !applied.has(file))) {
      const text = await readFile(new URL(name, folder), "utf8");
      try {
        await applyMigration(client, { name, text, applied, onProgress });
      } catch (error) {
        // Another process that was quicker has dropped what this one still read.
        if (!(await listApplied(client)).has(name)) throw error;
      }
      ran.push(name);
    }
    return ran;
  } finally {
    await client.close();
  }
}

async function listApplied(client: ClickHouseClient): Promise<Set<string>> {
  const done = await client.query({
    query: "SELECT DISTINCT name FROM schema_migrations",
    format: "JSONEachRow",
  });
  return new Set((await done.json<{ name: string }>()).map((row) => row.name));
}

interface Migration {
  name: string;
  text: string;
  /** Migrations, and partitions that they have moved. */
  applied: ReadonlySet<string>;
  onProgress: MigrationOptions["onProgress"];
}

async function applyMigration(client: ClickHouseClient, migration: Migration): Promise<void> {
  for (const statement of splitStatements(migration.text)) {
    const table = movedTable(statement);
    if (table === null) await client.command({ query: statement });
    else await moveRows(client, migration, statement, table);
  }
  await record(client, migration.name);
}

async function record(client: ClickHouseClient, name: string): Promise<void> {
  await client.insert({
    table: "schema_migrations",
    values: [{ name }],
    columns: ["name"],
    format: "JSONEachRow",
  });
}

/** The table whose rows a statement moves, partition by partition. */
const movedTable = (statement: string): string | null =>
  /\bFROM (\w+) WHERE _partition_id = \{partition: String\}/.exec(statement)?.[1] ?? null;

/** What was cut off goes on at its partition, which is moved again. */
async function moveRows(
  client: ClickHouseClient,
  { name, applied, onProgress }: Migration,
  statement: string,
  table: string,
): Promise<void> {
  const found = await client.query({
    query: `SELECT DISTINCT partition_id AS partition FROM system.parts
            WHERE database = currentDatabase() AND table = {table: String} AND active ORDER BY partition`,
    query_params: { table },
    format: "JSONEachRow",
  });
  const partitions = await found.json<{ partition: string }>();
  for (const [movedCount, { partition }] of partitions.entries()) {
    const moved = `${name} ${table} ${partition}`;
    if (applied.has(moved)) continue;
    onProgress?.({ table, movedCount, partitionCount: partitions.length });
    await client.command({ query: statement, query_params: { partition } });
    await record(client, moved);
  }
}

/** Statements end with a semicolon at the end of a line; comments are whole lines. */
function splitStatements(text: string): string[] {
  return text
    .split("\n")
    .filter((line) => !line.trimStart().startsWith("--"))
    .join("\n")
    .split(/;\s*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== "");
}
