import { mkdtempSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createClickHouse } from "#db/clickhouse/client.ts";
import { createPostgres } from "#db/postgres/client.ts";
import { startGate } from "./testing/gate.ts";
import type { Answer, TestIngest, TestStores, TestWorkspace } from "./testing/test-ingest.ts";
import {
  buildTenant,
  openStores,
  selectRows,
  startTestIngest,
  testNowMs,
} from "./testing/test-ingest.ts";

let stores: TestStores;
let tenant: TestWorkspace;

beforeAll(async () => {
  stores = openStores({
    clickhouseUrl: inject("clickhouseUrl"),
    databaseUrl: inject("databaseUrl"),
  });
  tenant = await buildTenant(stores);
});

afterAll(async () => {
  await stores?.close();
});

/** The engine shares its machine with the other suites. */
const patience = { timeout: 20_000 };
const backoff = { firstMs: 10, mostMs: 50 };
const rowsOf = (model: string, from: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({
    model,
    prediction_id: `p${from + i}`,
    timestamp: testNowMs - 1000,
    features: { i },
    prediction: 0.5,
  }));

async function storedCounts(model: string) {
  const found = await stores.postgres.db.execute<{ id: string }>(
    sql`SELECT id FROM models WHERE workspace_id = ${tenant.workspaceId} AND name = ${model}`,
  );
  const id = found.rows[0]?.id;
  if (id === undefined) return { rows: 0, ids: 0 };
  const [counts] = await selectRows<{ rows: number; ids: number }>(
    stores.clickhouse,
    `SELECT count() AS rows, uniqExact(prediction_id) AS ids FROM predictions WHERE model_id = '${id}'`,
  );
  return counts ?? { rows: 0, ids: 0 };
}

async function finish(ingest: TestIngest): Promise<void> {
  await ingest.stop();
  await ingest.removeFolder();
}

test("while ClickHouse is away rows are acknowledged, and all of them arrive when it is back", async () => {
  const gate = await startGate(inject("clickhouseUrl"));
  const clickhouse = createClickHouse({ url: gate.url, application: "ingest-test" });
  const ingest = await startTestIngest({ ...stores, clickhouse }, { key: tenant.key, backoff });
  await ingest.post("/v1/predictions?ack=stored", rowsOf("ch-away", 0, 1));
  gate.close();
  for (let i = 0; i < 5; i++) {
    expect((await ingest.post("/v1/predictions", rowsOf("ch-away", 1 + i * 10, 10))).status).toBe(
      202,
    );
  }
  await expect
    .poll(async () => (await readyOf(ingest)).notes.join(), patience)
    .toContain("ClickHouse does not take the rows");
  expect((await readyOf(ingest)).ready).toBe(true);
  gate.open();
  await expect.poll(() => storedCounts("ch-away"), patience).toEqual({ rows: 51, ids: 51 });
  await expect.poll(async () => (await readyOf(ingest)).notes, patience).toEqual([]);
  await finish(ingest);
  await clickhouse.close();
  await gate.stop();
});

test("an answer that is lost after the insert doubles nothing", async () => {
  const gate = await startGate(inject("clickhouseUrl"));
  const clickhouse = createClickHouse({ url: gate.url, application: "ingest-test" });
  const ingest = await startTestIngest({ ...stores, clickhouse }, { key: tenant.key, backoff });
  gate.swallowAnswers(3);
  await ingest.post("/v1/predictions?ack=stored", rowsOf("answer-lost", 0, 100));
  expect(gate.swallowed()).toBe(3);
  expect(await storedCounts("answer-lost")).toEqual({ rows: 100, ids: 100 });
  await finish(ingest);
  await clickhouse.close();
  await gate.stop();
});

test("while Postgres is away known keys go on, unknown keys get 503, and rows of new models arrive afterwards", async () => {
  const gate = await startGate(inject("databaseUrl"));
  const postgres = createPostgres({
    url: gate.url,
    application: "ingest-test",
    onIdleError: () => undefined,
  });
  const other = await buildTenant(stores);
  const ingest = await startTestIngest(
    { ...stores, postgres },
    { key: tenant.key, backoff, keyFreshMs: 0 },
  );
  expect((await ingest.post("/v1/predictions", rowsOf("pg-known", 0, 1))).status).toBe(202);
  gate.close();
  expect((await ingest.post("/v1/predictions", rowsOf("pg-new", 0, 5))).status).toBe(202);
  const refused = await ingest.post("/v1/predictions", rowsOf("pg-new", 0, 5), { key: other.key });
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "5"]);
  await expect
    .poll(async () => (await readyOf(ingest)).notes.join(), patience)
    .toContain("Postgres does not answer");
  gate.open();
  await expect.poll(() => storedCounts("pg-new"), patience).toEqual({ rows: 5, ids: 5 });
  await finish(ingest);
  await postgres.close();
  await gate.stop();
});

test("with the disk's bound reached it answers 503, and takes rows again when the store has taken some", async () => {
  const gate = await startGate(inject("clickhouseUrl"));
  const clickhouse = createClickHouse({ url: gate.url, application: "ingest-test" });
  const walBytesMax = 256 * 1024;
  const ingest = await startTestIngest(
    { ...stores, clickhouse },
    { key: tenant.key, backoff, walBytesMax },
  );
  await ingest.post("/v1/predictions?ack=stored", rowsOf("bounded", 0, 1));
  gate.close();
  let accepted = 1;
  let refused: Answer | null = null;
  while (refused === null) {
    const answer = await ingest.post("/v1/predictions", rowsOf("bounded", accepted, 200));
    if (answer.status === 202) accepted += 200;
    else refused = answer;
  }
  expect(accepted).toBeGreaterThan(400);
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "5"]);
  gate.open();
  await expect
    .poll(() => storedCounts("bounded"), patience)
    .toEqual({ rows: accepted, ids: accepted });
  await expect
    .poll(
      async () =>
        (await ingest.post("/v1/predictions?ack=stored", rowsOf("bounded", accepted, 200))).status,
    )
    .toBe(202);
  await finish(ingest);
  await clickhouse.close();
  await gate.stop();
});

test("what was acknowledged and not stored is sent by the next process, once", async () => {
  const gate = await startGate(inject("clickhouseUrl"));
  const clickhouse = createClickHouse({ url: gate.url, application: "ingest-test" });
  const dataFolder = mkdtempSync(join(tmpdir(), "plumbline-ingest-"));
  const first = await startTestIngest(
    { ...stores, clickhouse },
    { key: tenant.key, backoff, dataFolder },
  );
  // The rows reach the store, its answers do not reach us: after the restart the same batch is sent again.
  gate.swallowAnswers(1_000);
  for (let i = 0; i < 4; i++) await first.post("/v1/predictions", rowsOf("replayed", i * 50, 50));
  await expect.poll(() => gate.swallowed(), patience).toBeGreaterThan(0);
  await first.stop(0);
  gate.swallowAnswers(0);
  const second = await startTestIngest(stores, { key: tenant.key, dataFolder });
  await expect.poll(() => storedCounts("replayed"), patience).toEqual({ rows: 200, ids: 200 });
  await second.post("/v1/predictions?ack=stored", rowsOf("replayed", 200, 1));
  await second.stop();
  const third = await startTestIngest(stores, { key: tenant.key, dataFolder });
  expect(await storedCounts("replayed")).toEqual({ rows: 201, ids: 201 });
  await third.stop();
  await rm(dataFolder, { recursive: true, force: true });
  await clickhouse.close();
  await gate.stop();
});

test("of a log whose rows are all stored the newest segment alone is left after the next start", async () => {
  const ingest = await startTestIngest(stores, { key: tenant.key, segmentBytes: 1 });
  for (let i = 0; i < 3; i++)
    await ingest.post("/v1/predictions?ack=stored", rowsOf("released", i, 1));
  await ingest.stop();
  const again = await startTestIngest(stores, { key: tenant.key, dataFolder: ingest.dataFolder });
  const segments = async () =>
    (await readdir(join(again.dataFolder, "wal"))).filter((name) => name.endsWith(".wal"));
  await expect.poll(segments, patience).toHaveLength(1);
  await finish(again);
});

test("with acknowledgement by the store and the store away, the answer says that it could not wait", async () => {
  const gate = await startGate(inject("clickhouseUrl"));
  const clickhouse = createClickHouse({ url: gate.url, application: "ingest-test" });
  const ingest = await startTestIngest(
    { ...stores, clickhouse },
    { key: tenant.key, backoff, storedTimeoutMs: 100 },
  );
  gate.close();
  const answer = await ingest.post("/v1/predictions?ack=stored", rowsOf("late", 0, 1));
  expect(answer).toMatchObject({ status: 202, body: { accepted: 1, stored: false } });
  gate.open();
  await expect.poll(() => storedCounts("late"), patience).toEqual({ rows: 1, ids: 1 });
  await finish(ingest);
  await clickhouse.close();
  await gate.stop();
});

async function readyOf(ingest: TestIngest): Promise<{ ready: boolean; notes: string[] }> {
  return (await (await fetch(`${ingest.url}/readyz`)).json()) as {
    ready: boolean;
    notes: string[];
  };
}
