import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { profileRows } from "#db/clickhouse/queries/profile-rows.ts";
import { markDirtyBuckets } from "#db/postgres/queries/mark-dirty-buckets.ts";
import { createQueue } from "#db/postgres/queue.ts";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import { createLogger } from "#lib/log.ts";
import type { Worker } from "./start-worker.ts";
import { startWorker } from "./start-worker.ts";

let stores: TestStores;
let worker: Worker;

beforeAll(async () => {
  stores = openStores();
  const log = createLogger("worker-test", "fatal");
  const queue = createQueue({
    url: inject("databaseUrl"),
    application: "worker-test",
    onError: () => {},
  });
  worker = await startWorker({
    stores,
    queue,
    log,
    now: () => new Date(),
    newId: randomUUID,
    host: "127.0.0.1",
    port: 0,
  });
});
afterAll(async () => {
  await worker.stop();
  await stores.close();
});

const ask = (path: string) => fetch(`http://127.0.0.1:${worker.port}${path}`);

describe("the worker", () => {
  test("says that it lives, that it is ready, and what it does", async () => {
    expect((await ask("/healthz")).status).toBe(200);
    expect((await ask("/readyz")).status).toBe(200);
    expect(await (await ask("/metrics")).text()).toContain("plumbline_dirty_buckets");
    expect((await ask("/other")).status).toBe(404);
  });

  test("profiles what was marked, without being told", async () => {
    const { id: workspaceId } = await buildWorkspace(stores.postgres);
    const { id: modelId } = await buildModel(stores.postgres, workspaceId);
    const time = new Date(Date.now() - 60_000);
    await insertPredictions(stores, { workspaceId, modelId }, [
      { id: "a", time, features: { x: 1 } },
    ]);
    const bucket = Math.floor(time.getTime() / 300_000) * 300;
    await markDirtyBuckets(
      stores.postgres.db,
      [{ workspaceId, modelId, bucket }],
      new Date(Date.now() - 10_000),
    );
    const profiled = () =>
      scopeClickHouse(stores.clickhouse, workspaceId).query(profileRows, {
        modelId,
        environment: "production",
        version: "1",
        segmentKey: "",
        segmentValue: "",
        grain: "5m",
        fromTime: new Date(bucket * 1000),
        untilTime: new Date(bucket * 1000 + 300_000),
        subjects: ["row"],
        features: null,
      });
    await expect.poll(profiled, { timeout: 110_000 }).toHaveLength(1);
  });
});
