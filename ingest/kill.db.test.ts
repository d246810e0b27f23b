import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { readdir, readFile, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startGate } from "./testing/gate.ts";
import type { TestStores, TestWorkspace } from "./testing/test-ingest.ts";
import { buildTenant, openStores, selectRows, testNowMs } from "./testing/test-ingest.ts";

let stores: TestStores;
let tenant: TestWorkspace;
let dataDir: string;
let running: ChildProcess | null = null;

beforeAll(async () => {
  stores = openStores({
    clickhouseUrl: inject("clickhouseUrl"),
    databaseUrl: inject("databaseUrl"),
  });
  tenant = await buildTenant(stores);
  dataDir = mkdtempSync(join(tmpdir(), "plumbline-kill-"));
});

afterAll(async () => {
  running?.kill("SIGKILL");
  await rm(dataDir, { recursive: true, force: true });
  await stores?.close();
});

/** The process as it is run, not a function of it. */
async function startProcess(): Promise<{ child: ChildProcess; url: string }> {
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const child = spawn(process.execPath, [main, "--record-synced"], {
    env: {
      ...process.env,
      NODE_ENV: "test",
      CLICKHOUSE_URL: inject("clickhouseUrl"),
      DATABASE_URL: inject("databaseUrl"),
      PLUMBLINE_DATA_DIR: dataDir,
      PLUMBLINE_INGEST_PORT: "0",
      PLUMBLINE_SECRET: "x".repeat(32),
      PLUMBLINE_LOG_LEVEL: "info",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  running = child;
  for await (const line of createInterface({ input: child.stdout })) {
    const entry = JSON.parse(line) as { url?: string };
    if (entry.url !== undefined) return { child, url: entry.url };
  }
  throw new Error("ingest ended before it listened.");
}

/** What a power cut may do: what was written and not synced is gone. */
async function dropUnsynced(): Promise<number> {
  const folder = join(dataDir, "ingest", "wal");
  let dropped = 0;
  for (const name of await readdir(folder)) {
    if (!name.endsWith(".wal")) continue;
    const synced = Number(await readFile(join(folder, `${name}.synced`), "utf8").catch(() => "0"));
    const { length } = await readFile(join(folder, name));
    dropped += length - synced;
    await truncate(join(folder, name), synced);
  }
  return dropped;
}

async function metric(url: string, name: string): Promise<string | undefined> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return new RegExp(`^plumbline_ingest_${name}(?:\\{.*\\})? (\\d+)$`, "m").exec(text)?.[1];
}

async function modelIdOf(model: string): Promise<string> {
  const models = await stores.postgres.db.execute<{ id: string }>(
    `SELECT id FROM models WHERE workspace_id = '${tenant.workspaceId}' AND name = '${model}'`,
  );
  return models.rows[0]?.id ?? "";
}

const rowsPerBody = 50;
const acksPerRound = 40;

test.each([
  ["killed", "killed", async () => 0],
  ["killed by a power cut", "power-cut", dropUnsynced],
])(
  "%s again and again under load, it loses no acknowledged row and doubles none",
  async (_name, model, afterKill) => {
    let nextBody = 0;
    const acknowledged = new Set<number>();
    const unanswered: number[] = [];
    const startMs = testNowMs - 60_000;

    async function send(url: string, body: number): Promise<void> {
      const rows = Array.from({ length: rowsPerBody }, (_, i) => ({
        model,
        prediction_id: `${body}-${i}`,
        timestamp: startMs + body,
        features: { body, i },
      }));
      const response = await fetch(`${url}/v1/predictions`, {
        method: "POST",
        headers: { authorization: `Bearer ${tenant.key}`, "content-type": "application/json" },
        body: JSON.stringify(rows),
      });
      if (response.status !== 202) throw new Error(`${response.status}`);
      acknowledged.add(body);
    }

    async function client(url: string, child: ChildProcess): Promise<void> {
      while (child.exitCode === null && child.signalCode === null) {
        const again = unanswered.pop();
        const body = again ?? nextBody++;
        try {
          await send(url, body);
        } catch {
          unanswered.push(body);
          return;
        }
      }
    }

    for (let round = 0; round < 4; round++) {
      const { child, url } = await startProcess();
      const target = acknowledged.size + acksPerRound * (round + 1);
      const clients = Array.from({ length: 4 }, () => client(url, child));
      await expect
        .poll(() => acknowledged.size, { timeout: 30_000, interval: 1 })
        .toBeGreaterThan(target);
      child.kill("SIGKILL");
      await Promise.all(clients);
      await afterKill();
    }
    const { child, url } = await startProcess();
    while (unanswered.length > 0) {
      await send(url, unanswered.pop() ?? 0);
    }
    await expect.poll(() => metric(url, "unstored_batches"), { timeout: 30_000 }).toBe("0");
    child.kill("SIGTERM");
    await once(child, "exit");

    const modelId = await modelIdOf(model);
    const where = `model_id = '${modelId}'`;
    const merged = await selectRows<{ body: number; n: number }>(
      stores.clickhouse,
      `SELECT toUInt32(numeric_features['body']) AS body, count() AS n FROM predictions FINAL WHERE ${where} GROUP BY body ORDER BY body`,
    );
    expect(merged).toEqual(
      [...acknowledged].sort((a, b) => a - b).map((body) => ({ body, n: rowsPerBody })),
    );
    // Before parts merge as well: a body that its client sent again, because its answer was lost, was recognised.
    const doubled = await selectRows<{ body: number }>(
      stores.clickhouse,
      `SELECT toUInt32(numeric_features['body']) AS body FROM predictions WHERE ${where} GROUP BY body HAVING count() != ${rowsPerBody}`,
    );
    expect(doubled).toEqual([]);
    const dirty = await stores.postgres.db.execute<{ n: number }>(
      `SELECT count(*)::int AS n FROM dirty_buckets WHERE model_id = '${modelId}'`,
    );
    expect(dirty.rows[0]?.n).toBeGreaterThan(0);
  },
);

test("killed after the sync and before the answer, it knows the body when it is sent again, after any number of starts", async () => {
  const rows = Array.from({ length: rowsPerBody }, (_, i) => ({
    model: "unanswered",
    prediction_id: `${i}`,
    timestamp: testNowMs - 60_000,
  }));
  const send = (url: string) =>
    fetch(`${url}/v1/predictions?ack=stored`, {
      method: "POST",
      headers: { authorization: `Bearer ${tenant.key}`, "content-type": "application/json" },
      body: JSON.stringify(rows),
    });
  const first = await startProcess();
  const gate = await startGate(first.url);
  gate.swallowAnswers(1);
  await expect(send(gate.url.replace(/\/$/, ""))).rejects.toThrow();
  await gate.stop();
  first.child.kill("SIGKILL");
  const second = await startProcess();
  await expect.poll(() => metric(second.url, "unstored_batches"), { timeout: 30_000 }).toBe("0");
  second.child.kill("SIGKILL");

  const { child, url } = await startProcess();
  const answer = await send(url);
  expect(await answer.json()).toEqual({ accepted: rowsPerBody, rejected: [], stored: true });
  expect(await metric(url, "repeats_recognised_total")).toBe("1");
  child.kill("SIGTERM");
  await once(child, "exit");
  const counts = await selectRows<{ rows: number; ids: number }>(
    stores.clickhouse,
    `SELECT count() AS rows, uniqExact(prediction_id) AS ids FROM predictions WHERE model_id = '${await modelIdOf("unanswered")}'`,
  );
  expect(counts).toEqual([{ rows: rowsPerBody, ids: rowsPerBody }]);
});
