import { inArray } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { markDirtyBuckets } from "#db/postgres/queries/mark-dirty-buckets.ts";
import { modelVersions } from "#db/postgres/schema/models.ts";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestPrediction } from "#db/testing/insert-predictions.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { CallContext } from "../context.ts";
import { evaluateDrift } from "../drift/evaluate-drift.ts";
import { getFreshness } from "../freshness/get-freshness.ts";
import { getJobStatus } from "../job/get-job-status.ts";
import { recomputeBuckets } from "../profile/recompute-buckets.ts";
import { getVolume } from "../volume/get-volume.ts";
import { getFleet } from "./get-fleet.ts";

let stores: TestStores;
let workspaceId: string;
let busy: { id: string; name: string };
let silent: { id: string; name: string };
let call: CallContext;

const now = new Date("2026-11-20T12:00:00Z");
const hour = (n: number) => new Date(now.getTime() + n * 3_600_000);

function rowsOf(count: number, from: Date, valueAt: (i: number) => number): TestPrediction[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `${from.toISOString()}-${i}`,
    time: new Date(from.getTime() + i * 1_000),
    value: valueAt(i),
    features: { x: valueAt(i), ...(i % 2 === 0 ? { y: 1 } : {}) },
    featureTimes: { x: new Date(from.getTime() + i * 1_000 - 60_000).toISOString() },
  }));
}

beforeAll(async () => {
  stores = openStores();
  ({ id: workspaceId } = await buildWorkspace(stores.postgres));
  busy = await buildModel(stores.postgres, workspaceId, {
    name: "busy",
    features: { x: "numeric", y: "numeric" },
  });
  silent = await buildModel(stores.postgres, workspaceId, { name: "silent" });
  await buildModel(stores.postgres, workspaceId, { name: "new" });
  await stores.postgres.db
    .update(modelVersions)
    .set({ lastSeenAt: now })
    .where(inArray(modelVersions.modelId, [busy.id, silent.id]));
  call = { ...stores, workspaceId, actor: { kind: "job", name: "test" }, now };
  await insertPredictions(
    stores,
    { workspaceId, modelId: busy.id },
    rowsOf(600, hour(-30), (i) => i % 10),
  );
  await insertPredictions(
    stores,
    { workspaceId, modelId: busy.id },
    rowsOf(400, hour(-3), (i) => (i % 10) + 20),
  );
  await insertPredictions(
    stores,
    { workspaceId, modelId: silent.id },
    rowsOf(50, hour(-30), (i) => i),
  );
  for (const modelId of [busy.id, silent.id]) {
    const range = { workspaceId, modelId, fromTime: hour(-36), untilTime: hour(1) };
    await recomputeBuckets(stores, { ...range, grain: "5m" });
    await recomputeBuckets(stores, { ...range, grain: "1h" });
    await evaluateDrift(stores, { workspaceId, modelId, now });
  }
});
afterAll(() => stores.close());

const day = { from: hour(-24).toISOString(), until: now.toISOString() };

describe("the fleet", () => {
  test("stands worst first, each model with its reasons", async () => {
    const fleet = await getFleet.call(call, day);
    expect(
      fleet.models.map((model) => [
        model.name,
        model.health,
        model.rowCount,
        model.previousRowCount,
      ]),
    ).toEqual([
      ["busy", "breach", 400, 600],
      ["silent", "breach", 0, 50],
      ["new", "unknown", 0, 0],
    ]);
    expect(fleet.models[0]).toMatchObject({
      hasBaseline: false,
      featureCount: 2,
      driftCount: 1,
      version: "1",
      environment: "production",
    });
    expect(fleet.models[0]?.reasons[0]).toMatch(/^prediction drifts: Wasserstein distance/);
    expect(fleet.models[0]?.lastEventAt).toBe(new Date(hour(-3).getTime() + 399_000).toISOString());
    expect(fleet.models[1]?.reasons[0]).toBe("no rows, where the window before had 50");
    expect(fleet.models[0]?.volume.reduce((sum: number, count) => sum + (count ?? 0), 0)).toBe(400);
    expect(fleet.environments).toEqual(["production"]);
  });

  test("evaluated twice is the same", async () => {
    const once = await getFleet.call(call, day);
    await evaluateDrift(stores, { workspaceId, modelId: busy.id, now });
    expect(await getFleet.call(call, day)).toEqual(once);
  });

  test("of another workspace is not seen", async () => {
    const { id } = await buildWorkspace(stores.postgres);
    expect((await getFleet.call({ ...call, workspaceId: id }, day)).models).toEqual([]);
  });
});

describe("volume", () => {
  test("counts the rows of the window, and those of the one before", async () => {
    const volume = await getVolume.call(call, { model: "busy", ...day });
    expect(volume).toMatchObject({
      rowCount: 400,
      previousRowCount: 600,
      labelCount: 0,
      rejectedCount: 0,
      bucketMs: 900_000,
    });
    expect(
      volume.versions.map((one) => [
        one.version,
        one.rowCounts.reduce((sum: number, count) => sum + (count ?? 0), 0),
      ]),
    ).toEqual([["1", 400]]);
  });

  test("does not know the rows of a bucket that waits to be profiled", async () => {
    const bucket = hour(-10).getTime() / 1000;
    await markDirtyBuckets(stores.postgres.db, [{ workspaceId, modelId: silent.id, bucket }], now);
    const volume = await getVolume.call(call, { model: "busy", ...day });
    expect(volume.versions[0]?.rowCounts).not.toContain(null);
    const status = await getJobStatus.call(call, {});
    expect(status.dirtyBuckets).toEqual({ count: 1, oldestMarkedAt: now.toISOString() });
  });
});

describe("freshness", () => {
  test("says when the newest event came, how late, and how old each feature was", async () => {
    const freshness = await getFreshness.call(call, { model: "busy", ...day });
    expect(freshness.lastEventAt).toBe(new Date(hour(-3).getTime() + 399_000).toISOString());
    expect(freshness.lastReceivedAt).toBe(new Date(hour(-3).getTime() + 400_000).toISOString());
    expect(freshness.eventLagMs).toEqual({ p50: 1_000, p90: 1_000, p99: 1_000, maximum: 1_000 });
    const [x, y] = freshness.features;
    expect(x).toMatchObject({
      feature: "x",
      rowCount: 400,
      missingShare: 0,
      ageMs: { p50: 60_000, p90: 60_000, p99: 60_000, maximum: 60_000 },
    });
    expect(x?.newestFeatureAt).toBe(new Date(hour(-3).getTime() + 339_000).toISOString());
    expect(y).toMatchObject({
      feature: "y",
      rowCount: 200,
      missingShare: 0.5,
      ageMs: null,
      newestFeatureAt: null,
    });
    expect(y?.lastSeenAt).toBe(new Date(hour(-3).getTime() + 398_000).toISOString());
  });

  test("knows the newest event of a model that has gone silent", async () => {
    const freshness = await getFreshness.call(call, { model: "silent", ...day });
    expect(freshness.lastEventAt).toBe(new Date(hour(-30).getTime() + 49_000).toISOString());
    expect(freshness.eventLagMs).toBeNull();
  });
});
