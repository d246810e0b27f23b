import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { listChanges } from "#lib/services/change/list-changes.ts";
import type { TestIngest, TestStores, TestWorkspace } from "./testing/test-ingest.ts";
import { buildTenant, openStores, startTestIngest, testNowMs } from "./testing/test-ingest.ts";

let stores: TestStores;
let ingest: TestIngest;
let tenant: TestWorkspace;

beforeAll(async () => {
  stores = openStores({
    clickhouseUrl: inject("clickhouseUrl"),
    databaseUrl: inject("databaseUrl"),
  });
  ingest = await startTestIngest(stores);
  tenant = await buildTenant(stores);
});
afterAll(async () => {
  await ingest.stop();
  await ingest.removeFolder();
  await stores.close();
});

const change = {
  id: "ci-1",
  kind: "deployment",
  title: "fare 42 to production",
  model: "fare",
  occurred_at: new Date(testNowMs - 60_000).toISOString(),
};
const kept = (workspaceId = tenant.workspaceId) =>
  listChanges(
    { pg: stores.postgres.db, workspaceId },
    { from: new Date(testNowMs - 3_600_000), until: new Date(testNowMs + 3_600_000) },
  );

test("a change is kept once, however often it is sent, and the sender is named", async () => {
  for (let again = 0; again < 2; again += 1) {
    const answer = await ingest.post("/v1/changes", change, { key: tenant.key });
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({ accepted: 1, rejected: [] });
  }
  expect(await kept()).toMatchObject([
    { id: "ci-1", kind: "deployment", model: "fare", environment: "", recordedBy: "key test" },
  ]);
});

test("each row has its own verdict, with field, code and what was expected", async () => {
  const rows = [
    { ...change, id: "ci-2" },
    { ...change, title: "something else" },
    { ...change, id: "ci-3", kind: "party" },
    { ...change, id: "ci-4", title: undefined },
    { ...change, id: "ci-5", colour: "red" },
    { ...change, id: "ci-6", occurred_at: new Date(testNowMs + 86_400_000).toISOString() },
    "deployed",
  ];
  const answer = await ingest.post("/v1/changes", rows, { key: tenant.key });
  expect(answer.status).toBe(202);
  expect(answer.body).toMatchObject({
    accepted: 1,
    rejected: [
      { index: 1, code: "invalid_value", path: "id", message: expect.stringContaining("title") },
      { index: 2, code: "invalid_value", path: "kind" },
      { index: 3, code: "missing_field", path: "title" },
      { index: 4, code: "unknown_field" },
      { index: 5, code: "in_the_future", path: "occurred_at" },
      { index: 6, code: "not_an_object" },
    ],
  });
});

test("without a key, with a key of another workspace, and with one that may only read", async () => {
  const reader = await buildTenant(stores, { scopes: ["read"] });
  expect((await ingest.post("/v1/changes", change, { key: "" })).status).toBe(401);
  expect((await ingest.post("/v1/changes", change, { key: reader.key })).status).toBe(403);
  expect(await kept(reader.workspaceId)).toEqual([]);
});

test("nothing that can be kept is 422, and a body that is no JSON is 400", async () => {
  const none = await ingest.post("/v1/changes", [{}], { key: tenant.key });
  expect(none.status).toBe(422);
  const broken = await ingest.post("/v1/changes", "{", { key: tenant.key });
  expect(broken.status).toBe(400);
});
