import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { TestIngest, TestStores } from "./testing/test-ingest.ts";
import {
  buildTenant,
  openStores,
  selectRows,
  startTestIngest,
  testNowMs,
} from "./testing/test-ingest.ts";

let stores: TestStores;
let ingest: TestIngest;
let nowMs = testNowMs;

beforeAll(async () => {
  stores = openStores({
    clickhouseUrl: inject("clickhouseUrl"),
    databaseUrl: inject("databaseUrl"),
  });
  ingest = await startTestIngest(stores, { now: () => nowMs });
});

afterAll(async () => {
  await ingest?.stop();
  await ingest?.removeFolder();
  await stores?.close();
});

const row = { model: "m", prediction: 1 };
const post = (key: string, path = "/v1/predictions") => ingest.post(path, row, { key });

test.each(["/v1/predictions", "/v1/labels", "/v1/features"])("%s needs a key", async (path) => {
  for (const authorization of ["", "Bearer", "Basic cGxfeA==", "Bearer pl_short", "Bearer x y"]) {
    const answer = await ingest.post(path, row, { headers: { authorization } });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toBe("Bearer");
  }
});

test("a key that nobody minted, a revoked one and an expired one are refused", async () => {
  const { key } = await buildTenant(stores);
  const last = key.at(-1) === "A" ? "B" : "A";
  expect((await post(`${key.slice(0, -1)}${last}`)).status).toBe(401);
  const revoked = await buildTenant(stores, { revokedAt: new Date(nowMs) });
  expect(await post(revoked.key)).toMatchObject({
    status: 401,
    body: { detail: "The API key was revoked." },
  });
  const expired = await buildTenant(stores, { expiresAt: new Date(nowMs - 1) });
  expect(await post(expired.key)).toMatchObject({
    status: 401,
    body: { detail: "The API key has expired." },
  });
});

test("a key without the scope ingest is forbidden", async () => {
  const { key } = await buildTenant(stores, { scopes: ["read", "write", "admin"] });
  expect((await post(key)).status).toBe(403);
});

test("a revocation holds after 60 seconds at most, an expiry at once", async () => {
  const tenant = await buildTenant(stores);
  const expiring = await buildTenant(stores, { expiresAt: new Date(nowMs + 1_000) });
  expect((await post(tenant.key)).status).toBe(202);
  expect((await post(expiring.key)).status).toBe(202);
  await stores.postgres.db.execute(
    sql`UPDATE api_keys SET revoked_at = now() WHERE id = ${tenant.keyId}`,
  );
  nowMs += 1_000;
  expect((await post(expiring.key)).status).toBe(401);
  nowMs += 59_000;
  expect((await post(tenant.key)).status).toBe(401);
});

test("a key writes into its own workspace, whatever model it names", async () => {
  const mine = await buildTenant(stores);
  const theirs = await buildTenant(stores);
  const body = [
    { model: "shared-name", prediction_id: "same-id", timestamp: nowMs, prediction: 1 },
  ];
  await ingest.post("/v1/predictions?ack=stored", body, { key: mine.key });
  await ingest.post("/v1/predictions?ack=stored", [{ ...body[0], prediction: 2 }], {
    key: theirs.key,
  });
  const valuesOf = (workspaceId: string) =>
    selectRows(
      stores.clickhouse,
      `SELECT prediction_value FROM predictions FINAL WHERE workspace_id = '${workspaceId}'`,
    );
  expect(await valuesOf(mine.workspaceId)).toEqual([{ prediction_value: 1 }]);
  expect(await valuesOf(theirs.workspaceId)).toEqual([{ prediction_value: 2 }]);
  const models = await stores.postgres.db.execute(
    sql`SELECT DISTINCT id FROM models WHERE name = 'shared-name'`,
  );
  expect(models.rows).toHaveLength(2);
});

test("when a key was last used is written down", async () => {
  const tenant = await buildTenant(stores);
  await post(tenant.key);
  const usedAt = async () => {
    const found = await stores.postgres.db.execute<{ used: boolean }>(
      sql`SELECT last_used_at IS NOT NULL AS used FROM api_keys WHERE id = ${tenant.keyId}`,
    );
    return found.rows[0]?.used;
  };
  await expect.poll(usedAt).toBe(true);
});

test("a model's own retention and a workspace's are both kept to", async () => {
  const tenant = await buildTenant(stores, { rawRetentionDays: 30 });
  await stores.postgres.db.execute(sql`
    INSERT INTO models (id, workspace_id, name, first_seen_at, raw_retention_days)
    VALUES (gen_random_uuid(), ${tenant.workspaceId}, 'long', now(), 400)`);
  const daysAgo = (days: number) => nowMs - days * 86_400_000;
  const rows = ["short", "long"].map((model) => ({
    model,
    prediction_id: "p",
    timestamp: daysAgo(100),
  }));
  const answer = await ingest.post("/v1/predictions", rows, { key: tenant.key });
  expect(answer.body).toMatchObject({ accepted: 1, rejected: [{ index: 0, code: "too_old" }] });
});

test("a workspace that was deleted stops no other's rows", async () => {
  const gone = await buildTenant(stores);
  const other = await buildTenant(stores);
  await post(gone.key);
  await stores.postgres.db.execute(sql`DELETE FROM workspaces WHERE id = ${gone.workspaceId}`);
  await ingest.post("/v1/predictions", { model: "after-deletion" }, { key: gone.key });
  const answer = await ingest.post("/v1/predictions?ack=stored", row, { key: other.key });
  expect(answer.body).toMatchObject({ stored: true });
});
