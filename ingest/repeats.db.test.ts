import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createClickHouse } from "#db/clickhouse/client.ts";
import { startGate } from "./testing/gate.ts";
import type { TestIngest, TestStores, TestWorkspace } from "./testing/test-ingest.ts";
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
afterAll(() => stores?.close());

const patience = { timeout: 20_000 };
const backoff = { firstMs: 10, mostMs: 50 };
const rowsOf = (model: string, prediction: number) =>
  Array.from({ length: 20 }, (_, i) => ({
    model,
    prediction_id: `p${i}`,
    timestamp: testNowMs - 1000,
    prediction,
  }));

async function metric(ingest: TestIngest, name: string): Promise<number> {
  const text = await (await fetch(`${ingest.url}/metrics`)).text();
  return Number(new RegExp(`^plumbline_ingest_${name}(?:\\{.*\\})? (\\d+)$`, "m").exec(text)?.[1]);
}

async function storedRows(model: string, final = "") {
  const found = await stores.postgres.db.execute<{ id: string }>(
    sql`SELECT id FROM models WHERE workspace_id = ${tenant.workspaceId} AND name = ${model}`,
  );
  const [row] = await selectRows<{ rows: number; ids: number; predictions: number[] }>(
    stores.clickhouse,
    `SELECT count() AS rows, uniqExact(prediction_id) AS ids, groupUniqArray(prediction_value) AS predictions
     FROM predictions ${final} WHERE model_id = '${found.rows[0]?.id}'`,
  );
  return row;
}

/** Ingest before a store that can be away, so that an answer that waits for it can be given up. */
async function startBehindGate() {
  const gate = await startGate(inject("clickhouseUrl"));
  const clickhouse = createClickHouse({ url: gate.url, application: "ingest-test" });
  const ingest = await startTestIngest({ ...stores, clickhouse }, { key: tenant.key, backoff });
  return {
    gate,
    ingest,
    async stop() {
      await ingest.stop();
      await ingest.removeFolder();
      await clickhouse.close();
      await gate.stop();
    },
  };
}

test("a body whose sender went away before the answer is written once, however often it is sent until it is answered", async () => {
  const { gate, ingest, stop } = await startBehindGate();
  const rows = rowsOf("gave-up", 1);
  gate.close();
  for (const logged of [20, 20]) {
    const giveUp = new AbortController();
    const unanswered = fetch(`${ingest.url}/v1/predictions?ack=stored`, {
      method: "POST",
      body: JSON.stringify(rows),
      headers: { "content-type": "application/json", authorization: `Bearer ${tenant.key}` },
      signal: giveUp.signal,
    });
    await expect.poll(() => metric(ingest, "rows_accepted_total"), patience).toBe(logged);
    await expect.poll(() => metric(ingest, "in_flight_bytes"), patience).toBeGreaterThan(0);
    giveUp.abort();
    await expect(unanswered).rejects.toThrow();
  }
  gate.open();
  await expect.poll(() => metric(ingest, "unstored_batches"), patience).toBe(0);
  await expect.poll(() => metric(ingest, "in_flight_bytes"), patience).toBe(0);
  const answer = await ingest.post("/v1/predictions?ack=stored", rows);
  expect(answer).toMatchObject({
    status: 202,
    body: { accepted: 20, rejected: [], stored: true },
  });
  expect(await metric(ingest, "repeats_recognised_total")).toBeGreaterThan(0);
  expect(await metric(ingest, "rows_accepted_total")).toBe(20);
  expect(await storedRows("gave-up")).toEqual({ rows: 20, ids: 20, predictions: [1] });
  await stop();
});

test("a body that is sent again after its answer is a new one: the last received wins", async () => {
  const ingest = await startTestIngest(stores, { key: tenant.key });
  const [once, corrected] = [rowsOf("deliberate", 1), rowsOf("deliberate", 2)];
  for (const rows of [once, corrected, once])
    expect((await ingest.post("/v1/predictions", rows)).status).toBe(202);
  await expect.poll(() => metric(ingest, "rows_shipped_total"), patience).toBe(60);
  expect(await storedRows("deliberate", "FINAL")).toEqual({ rows: 20, ids: 20, predictions: [1] });
  expect(await metric(ingest, "repeats_recognised_total")).not.toBeGreaterThan(0);
  await ingest.stop();

  const restarted = await startTestIngest(stores, {
    key: tenant.key,
    dataFolder: ingest.dataFolder,
  });
  await restarted.post("/v1/predictions?ack=stored", corrected);
  expect(await storedRows("deliberate", "FINAL")).toEqual({ rows: 20, ids: 20, predictions: [2] });
  await restarted.stop();
  await restarted.removeFolder();
});

test("bodies with minted ids are as many predictions as they are sent", async () => {
  const ingest = await startTestIngest(stores, { key: tenant.key });
  const rows = [{ model: "minted", prediction: 1 }];
  const answers = await Promise.all([1, 2, 3].map(() => ingest.post("/v1/predictions", rows)));
  expect(new Set(answers.map(({ body }) => body.ids[0].prediction_id)).size).toBe(3);
  await expect.poll(() => metric(ingest, "rows_shipped_total"), patience).toBe(3);
  expect(await storedRows("minted")).toEqual({ rows: 3, ids: 3, predictions: [1] });
  await ingest.stop();
  await ingest.removeFolder();
});

test("labels that were logged and not answered are not logged again", async () => {
  const { gate, ingest, stop } = await startBehindGate();
  const labels = [{ model: "labelled", prediction_id: "p", label: 1 }];
  gate.close();
  const twins = [1, 2].map(() => ingest.post("/v1/labels?ack=stored", labels));
  await expect.poll(() => metric(ingest, "repeats_recognised_total"), patience).toBe(1);
  gate.open();
  for (const { body } of await Promise.all(twins)) expect(body).toMatchObject({ accepted: 1 });
  const [found] = await selectRows<{ rows: number }>(
    stores.clickhouse,
    `SELECT count() AS rows FROM labels WHERE workspace_id = '${tenant.workspaceId}'`,
  );
  expect(found?.rows).toBe(1);
  await stop();
});
