import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { createClickHouse } from "#db/clickhouse/client.ts";
import { createPostgres } from "#db/postgres/client.ts";
import { buildKey, buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { CallContext, Stores } from "../context.ts";
import { getOnboarding } from "../onboarding/get-onboarding.ts";
import { listRejections } from "./list-rejections.ts";

// The table keeps thirty days by the store's own clock, so what is written here has to be recent by it.
const now = new Date(Math.floor(performance.timeOrigin / 1000) * 1000);
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);
const keyId = randomUUID();
let stores: Stores;

beforeAll(() => {
  stores = {
    postgres: createPostgres({ url: inject("databaseUrl"), application: "test" }),
    clickhouse: createClickHouse({ url: inject("clickhouseUrl"), application: "test" }),
    publicUrl: "https://plumbline.example",
  };
});
afterAll(() => Promise.all([stores.postgres.close(), stores.clickhouse.close()]));

async function build() {
  const workspace = await buildWorkspace(stores.postgres);
  const actor = { kind: "job" as const, name: "test" };
  const call: CallContext = { ...stores, workspaceId: workspace.id, actor, now };
  const insert = (table: string, values: Record<string, unknown>[]) =>
    stores.clickhouse.insert({ table, values, format: "JSONEachRow" });
  let sequence = 0;
  const reject = (seconds: number, row: Record<string, unknown> = {}) => ({
    workspace_id: workspace.id,
    received_at: ago(seconds).toISOString(),
    sequence: ++sequence,
    endpoint: "predictions",
    model: "eta",
    code: "wrong_type",
    path: "features.distance",
    message: "expected a number",
    row: '{"a":1}',
    api_key_id: keyId,
    ...row,
  });
  return { call, workspace, insert, reject };
}

test("refused rows are counted by reason and shown newest first; one stored twice counts once", async () => {
  const { call, insert, reject } = await build();
  const first = reject(60);
  await insert("rejections", [first, reject(30, { code: "too_old" }), reject(20)]);
  await insert("rejections", [first]);
  const { counts, rejections } = await listRejections.call(call, {});
  expect(counts).toEqual([
    { code: "wrong_type", rowCount: 2 },
    { code: "too_old", rowCount: 1 },
  ]);
  expect(rejections.map((row) => row.receivedAt)).toEqual(
    [20, 30, 60].map((seconds) => ago(seconds).toISOString()),
  );
  expect(rejections[0]).toMatchObject({ model: "eta", row: '{"a":1}' });
});

test("they are found by reason, by model, and in a window", async () => {
  const { call, insert, reject } = await build();
  await insert("rejections", [
    reject(60),
    reject(30, { code: "too_old", model: "price" }),
    reject(7200),
  ]);
  const countOf = async (input: Record<string, unknown>) =>
    (await listRejections.call(call, input)).rejections.length;
  expect(await countOf({})).toBe(3);
  expect(await countOf({ range: "1h" })).toBe(2);
  expect(await countOf({ code: "too_old" })).toBe(1);
  expect(await countOf({ model: "eta", range: "1h" })).toBe(1);
  expect(await countOf({ limit: 1 })).toBe(1);
});

test("another workspace's are not there", async () => {
  const theirs = await build();
  await theirs.insert("rejections", [theirs.reject(1)]);
  const mine = await build();
  expect(await listRejections.call(mine.call, {})).toEqual({ counts: [], rejections: [] });
});

test("get started turns green with the first row that is received since, and says why when it was refused", async () => {
  const { call, workspace, insert, reject } = await build();
  const since = ago(120).toISOString();
  expect(await getOnboarding.call(call, { since })).toEqual({
    ingestUrl: "https://plumbline.example",
    hasKey: false,
    modelCount: 0,
    firstRow: null,
    rejection: null,
  });
  await buildKey(stores.postgres, workspace.id, ["ingest"]);
  const model = await buildModel(stores.postgres, workspace.id, { name: "eta" });
  const receive = (predictionId: string, seconds: number) => ({
    workspace_id: workspace.id,
    model_id: model.id,
    environment: "production",
    version: "1",
    prediction_id: predictionId,
    timestamp: ago(300).toISOString(),
    sequence: String(BigInt(ago(seconds).getTime()) << 22n),
  });
  await insert("predictions", [receive("before", 121)]);
  await insert("rejections", [reject(200, { code: "too_old" }), reject(100)]);
  const waiting = await getOnboarding.call(call, { since });
  expect(waiting).toMatchObject({ hasKey: true, modelCount: 1, firstRow: null });
  expect(waiting.rejection).toEqual({
    code: "wrong_type",
    path: "features.distance",
    message: "expected a number",
  });
  await insert("predictions", [receive("after", 60)]);
  const green = await getOnboarding.call(call, { since });
  expect(green.firstRow).toEqual({
    model: "eta",
    environment: "production",
    version: "1",
    predictionId: "after",
    receivedAt: ago(60).toISOString(),
  });
});
