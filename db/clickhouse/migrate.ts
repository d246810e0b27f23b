import { readdir, readFile } from "node:fs/promises";
import { createClickHouse } from "./client.ts";

const folder = new URL("./migrations/", import.meta.url);

/** Applies every numbered migration. Each statement can run twice (IF NOT EXISTS), so two processes may run this at once:
 *  there is no lock to be left behind by a crash. */
export async function migrateClickHouse(url: string): Promise<string[]> {
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
  const client = createClickHouse({ url, application: "plumbline-migrate" });
  try {
    await client.command({
      query: `CREATE TABLE IF NOT EXISTS schema_migrations (name String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3))
              ENGINE = ReplacingMergeTree ORDER BY name`,
    });
    const done = await client.query({
      query: "SELECT DISTINCT name FROM schema_migrations",
      format: "JSONEachRow",
    });
    const applied = new Set((await done.json<{ name: string }>()).map((row) => row.name));
    const files = (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort();
    const ran: string[] = [];
    for (const name of files.filter((file) => !applied.has(file))) {
      const text = await readFile(new URL(name, folder), "utf8");
      for (const statement of splitStatements(text)) await client.command({ query: statement });
      await client.insert({
        table: "schema_migrations",
        values: [{ name }],
        columns: ["name"],
        format: "JSONEachRow",
      });
      ran.push(name);
    }
    return ran;
  } finally {
    await client.close();
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
