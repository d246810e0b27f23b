import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createClient } from "@clickhouse/client";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startClickHouse } from "./start-clickhouse.ts";
import { startPostgres } from "./start-postgres.ts";
import { startStores } from "./start-stores.ts";

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "plumbline-stores-"));
  chmodSync(dataDir, 0o711);
});
afterEach(() => rm(dataDir, { recursive: true, force: true, maxRetries: 5 }));

async function clickhouseRows(url: string, query: string): Promise<unknown[]> {
  const client = createClient({ url, log: { level: 127 } });
  try {
    const result = await client.query({ query, format: "JSONCompactEachRow" });
    return await result.json();
  } finally {
    await client.close();
  }
}

async function clickhouseDo(url: string, query: string): Promise<void> {
  const client = createClient({ url, log: { level: 127 } });
  try {
    await client.command({ query });
  } finally {
    await client.close();
  }
}

async function postgresRows(url: string, query: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const result = await client.query({ text: query, rowMode: "array" });
    return result.rows;
  } finally {
    await client.end();
  }
}

const createDatabase = "CREATE DATABASE IF NOT EXISTS plumbline";
const createTable = "CREATE TABLE plumbline.t (a UInt32) ENGINE = MergeTree ORDER BY a";
const inDefault = (url: string) => url.replace(/\/plumbline$/, "/default");

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("ClickHouse that is killed comes back at the same address with every row it had acknowledged", async () => {
  const store = await startClickHouse({ dataDir });
  try {
    const url = inDefault(store.url);
    await clickhouseDo(url, createDatabase);
    await clickhouseDo(url, createTable);
    for (let round = 1; round <= 3; round++) {
      await clickhouseDo(url, `INSERT INTO plumbline.t VALUES (${round})`);
      const pid = store.pid();
      if (pid !== undefined) process.kill(pid, "SIGKILL");
      await expect
        .poll(() => clickhouseRows(url, "SELECT count() FROM plumbline.t").catch(() => "down"), {
          timeout: 20_000,
        })
        .toEqual([[String(round)].map(Number)]);
      await expect.poll(() => store.restarts()).toBe(round);
    }
  } finally {
    await store.stop();
  }
});

test("Postgres that is killed comes back at the same address with what was committed", async () => {
  const store = await startPostgres({ dataDir });
  try {
    await postgresRows(store.url, "CREATE TABLE t (a int)");
    await postgresRows(store.url, "INSERT INTO t VALUES (1)");
    const pid = store.pid();
    if (pid !== undefined) process.kill(pid, "SIGKILL");
    await expect
      .poll(() => postgresRows(store.url, "SELECT a FROM t").catch(() => "down"), {
        timeout: 30_000,
      })
      .toEqual([[1]]);
  } finally {
    await store.stop();
  }
});

test("a second start on a data folder in use is refused by name, and the first goes on", async () => {
  const stores = await startStores({ dataDir });
  try {
    await expect(startClickHouse({ dataDir: join(dataDir, "clickhouse") })).rejects.toThrow(
      /The embedded ClickHouse is already running on .*clickhouse \(process \d+\)/,
    );
    await expect(startPostgres({ dataDir: join(dataDir, "postgres") })).rejects.toThrow(
      /The embedded Postgres is already running on .*postgres \(process \d+\)/,
    );
    expect(await clickhouseRows(inDefault(stores.clickhouseUrl), "SELECT 1")).toEqual([[1]]);
    expect(await postgresRows(stores.databaseUrl, "SELECT 1")).toEqual([[1]]);
  } finally {
    await stores.stop();
  }
});

test("stores stop and start again on their data, with another password where one is given", async () => {
  const first = await startStores({ dataDir });
  await clickhouseDo(inDefault(first.clickhouseUrl), createDatabase);
  await clickhouseDo(inDefault(first.clickhouseUrl), createTable);
  await postgresRows(first.databaseUrl, "CREATE TABLE kept (a int)");
  await first.stop();
  const second = await startStores({ dataDir, postgres: { password: "an other ' one" } });
  try {
    expect(await clickhouseRows(second.clickhouseUrl, "SHOW TABLES")).toEqual([["t"]]);
    expect(await postgresRows(second.databaseUrl, "SELECT count(*)::int FROM kept")).toEqual([[0]]);
    expect(second.databaseUrl).toContain(encodeURIComponent("an other ' one"));
  } finally {
    await second.stop();
  }
});

test("when the parent is killed both stores end, and the next start takes over with nothing lost", async () => {
  const script = fileURLToPath(new URL("../testing/run-stores.ts", import.meta.url));
  const parent = spawn(process.execPath, [script, dataDir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(createInterface({ input: parent.stdout }), "line")) as [string];
  const running = JSON.parse(line) as {
    databaseUrl: string;
    clickhouseUrl: string;
    pids: number[];
  };
  await clickhouseDo(inDefault(running.clickhouseUrl), createDatabase);
  await clickhouseDo(inDefault(running.clickhouseUrl), createTable);
  await clickhouseDo(running.clickhouseUrl, "INSERT INTO t VALUES (7)");
  await postgresRows(running.databaseUrl, "CREATE TABLE kept AS SELECT 7 AS a");
  parent.kill("SIGKILL");
  await once(parent, "exit");
  const next = await startStores({ dataDir });
  try {
    expect(running.pids.filter(isAlive)).toEqual([]);
    expect(await clickhouseRows(next.clickhouseUrl, "SELECT a FROM t")).toEqual([[7]]);
    expect(await postgresRows(next.databaseUrl, "SELECT a FROM kept")).toEqual([[7]]);
  } finally {
    await next.stop();
  }
});

test("a lock left by a process that died is taken over, also when its number lives on in another", async () => {
  await writeFile(
    join(dataDir, "lock.json"),
    JSON.stringify({ pid: process.pid, startMark: "another boot:1" }),
  );
  const store = await startClickHouse({ dataDir });
  expect(JSON.parse(await readFile(join(dataDir, "lock.json"), "utf8"))).toMatchObject({
    pid: process.pid,
  });
  await store.stop();
  expect(existsSync(join(dataDir, "lock.json"))).toBe(false);
});

test("given addresses are passed on, and nothing is started for them", async () => {
  const stores = await startStores({
    dataDir,
    databaseUrl: "postgres://u:p@db.example:5432/x",
    clickhouseUrl: "http://u:p@ch.example:8123/x",
  });
  expect(stores).toMatchObject({
    databaseUrl: "postgres://u:p@db.example:5432/x",
    clickhouseUrl: "http://u:p@ch.example:8123/x",
  });
  expect(stores.postgres).toBeUndefined();
  expect(stores.clickhouse).toBeUndefined();
  await stores.stop();
});

test("beyond its sessions and its queue the engine answers code 202 instead of piling up", async () => {
  const store = await startClickHouse({ dataDir, sessionsMax: 2, queueMax: 1 });
  const client = createClient({
    url: inDefault(store.url),
    max_open_connections: 10,
    log: { level: 127 },
  });
  try {
    const controller = new AbortController();
    const long = Array.from({ length: 4 }, () =>
      client
        .query({
          query: "SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1",
          abort_signal: controller.signal,
        })
        .then((result) => result.text())
        .catch((error: { code?: string }) => {
          controller.abort();
          return error.code;
        }),
    );
    expect((await Promise.all(long)).filter((code) => code === "202")).toHaveLength(1);
    await expect
      .poll(() => clickhouseRows(inDefault(store.url), "SELECT 1").catch(() => "busy"))
      .toEqual([[1]]);
  } finally {
    await client.close();
    await store.stop();
  }
});
