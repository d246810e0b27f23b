import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ClickHouseClient } from "#db/clickhouse/client.ts";
import { findBaselineRow } from "#db/postgres/queries/baseline.ts";
import { buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { CallContext } from "../context.ts";
import { deleteBaseline } from "./delete-baseline.ts";
import { finishBaseline } from "./finish-baseline.ts";
import { importBaseline } from "./import-baseline.ts";

let stores: TestStores;
let call: CallContext;
const now = new Date("2026-11-20T12:00:00Z");
const model = "eta";

beforeAll(async () => {
  stores = openStores();
  const { id: workspaceId } = await buildWorkspace(stores.postgres);
  call = { ...stores, workspaceId, actor: { kind: "job", name: "test" }, now };
});
afterAll(() => stores.close());

/** Answers a ping and does nothing else. */
const broken = (): ClickHouseClient =>
  new Proxy(stores.clickhouse, {
    get(target, property) {
      if (property === "ping") return () => target.ping();
      return () => Promise.reject(new Error("Memory limit exceeded"));
    },
  });

const upload = () =>
  importBaseline(call, { model, format: "csv" }, Readable.from([Buffer.from("a\n1\n2\n")]));
const read = (id: string) =>
  findBaselineRow({ pg: stores.postgres.db, workspaceId: call.workspaceId }, id);
const finish = (baselineId: string, clickhouse: ClickHouseClient, isLastTry: boolean) =>
  finishBaseline(
    { ...stores, clickhouse },
    { workspaceId: call.workspaceId, baselineId, now: () => now, newId: randomUUID, isLastTry },
  );

test("a baseline whose last try fails says why, and can be deleted", async () => {
  const { baselineId } = await upload();
  await expect(finish(baselineId, broken(), false)).rejects.toThrow("Memory");
  expect(await read(baselineId)).toMatchObject({ state: "profiling" });
  await expect(finish(baselineId, broken(), true)).rejects.toThrow("Memory");
  const error = expect.stringContaining("Memory limit exceeded");
  expect(await read(baselineId)).toMatchObject({ state: "failed", error });
  await deleteBaseline.call(call, { model, baselineId });
  expect(await read(baselineId)).toBeNull();
});

test("a deletion that stops half-way leaves no ready baseline, and can be done again", async () => {
  const { baselineId } = await upload();
  await finish(baselineId, stores.clickhouse, false);
  const half = { ...call, clickhouse: broken() };
  await expect(deleteBaseline.call(half, { model, baselineId })).rejects.toThrow("Memory");
  expect(await read(baselineId)).toMatchObject({ state: "failed", isActive: false });
  await deleteBaseline.call(call, { model, baselineId });
  expect(await read(baselineId)).toBeNull();
});
