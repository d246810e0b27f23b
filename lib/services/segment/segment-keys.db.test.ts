import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dirtyBuckets } from "#db/postgres/schema/jobs.ts";
import { auditLog } from "#db/postgres/schema/keys.ts";
import { models } from "#db/postgres/schema/models.ts";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import { insertLabels } from "#db/testing/insert-labels.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { CallContext } from "../context.ts";
import { getPerformance } from "../performance/get-performance.ts";
import { rebuildPerformanceDays } from "../performance/rebuild-performance-days.ts";
import { recomputePerformance } from "../performance/recompute-performance.ts";
import { recomputeBuckets } from "../profile/recompute-buckets.ts";
import { createSegmentKey } from "./create-segment-key.ts";
import { deleteSegmentKey } from "./delete-segment-key.ts";
import { listSegmentKeys } from "./list-segment-keys.ts";
import { suggestSegmentKeys } from "./suggest-segment-keys.ts";

let stores: TestStores;
let call: CallContext;

const now = new Date("2026-11-20T12:30:00Z");
const recent = Date.parse("2026-11-20T11:00:00Z");
const old = Date.parse("2026-10-01T03:00:00Z");
const minute = 60_000;

beforeAll(async () => {
  stores = openStores();
  const { id: workspaceId } = await buildWorkspace(stores.postgres);
  call = { ...stores, workspaceId, actor: { kind: "job", name: "test" }, now };
});
afterAll(() => stores.close());

async function buildTagged() {
  const model = await buildModel(stores.postgres, call.workspaceId);
  await stores.postgres.db.update(models).set({ task: "binary" }).where(eq(models.id, model.id));
  const key = { workspaceId: call.workspaceId, modelId: model.id };
  const rows = Array.from({ length: 60 }, (_, i) => ({
    id: `r${i}`,
    time: new Date((i < 20 ? old : recent) + i * minute),
    features: { distance: i },
    label: i % 2 === 0 ? "late" : "on_time",
    score: i % 2 === 0 ? 0.75 : 0.25,
    ...(i % 6 === 5 ? {} : { tags: { region: i % 3 === 0 ? "eu" : "us", tier: "gold" } }),
  }));
  await insertPredictions(stores, key, rows);
  // In the eu every label is right, elsewhere none.
  const labels = rows.map((row) => {
    const isRight = row.tags?.region === "eu";
    const wrong = row.label === "late" ? "on_time" : "late";
    return { id: row.id, label: isRight ? row.label : wrong, time: row.time };
  });
  await insertLabels(stores, key, labels);
  return model;
}

const markedOf = (modelId: string) =>
  stores.postgres.db
    .select({
      aspect: dirtyBuckets.aspect,
      grain: dirtyBuckets.grain,
      bucket: dirtyBuckets.bucket,
    })
    .from(dirtyBuckets)
    .where(eq(dirtyBuckets.modelId, modelId))
    .orderBy(dirtyBuckets.aspect, dirtyBuckets.grain, dirtyBuckets.bucket);

async function recompute(modelId: string): Promise<void> {
  for (const startMs of [old, recent]) {
    const range = {
      workspaceId: call.workspaceId,
      modelId,
      fromTime: new Date(startMs),
      untilTime: new Date(startMs + 3_600_000),
    };
    await recomputeBuckets(stores, { ...range, grain: "1h" });
    await recomputePerformance(stores, range);
  }
  const day = { fromTime: new Date("2026-10-01"), untilTime: new Date("2026-10-02") };
  await rebuildPerformanceDays(stores, { workspaceId: call.workspaceId, modelId, ...day });
}

describe("a segment key", () => {
  test("is suggested from the tags of the newest rows, with its values and rows", async () => {
    const model = await buildTagged();
    expect(await listSegmentKeys.call(call, { model: model.name })).toMatchObject({ keys: [] });
    const { suggestions, rowCount } = await suggestSegmentKeys.call(call, { model: model.name });
    expect(rowCount).toBe(40);
    expect(suggestions).toEqual([
      { key: "region", valueCount: 2, rowCount: 33 },
      { key: "tier", valueCount: 1, rowCount: 33 },
    ]);
  });

  test("that is declared has every stored row profiled and judged by it, and is in the audit log", async () => {
    const model = await buildTagged();
    await recompute(model.id);
    const created = await createSegmentKey.call(call, { model: model.name, segmentKey: "region" });
    expect(created).toEqual({ key: "region", backfillHourCount: 2 });
    const marked = await markedOf(model.id);
    // Hours past the retention of five minutes are marked themselves; newer ones by their five minutes.
    const of = (aspect: string, grain: string) =>
      marked.filter((row) => row.aspect === aspect && row.grain === grain);
    expect(of("profile", "1h").map((row) => row.bucket.getTime())).toEqual([old]);
    expect(of("profile", "5m")).toHaveLength(12);
    expect(of("performance", "1h").map((row) => row.bucket.getTime())).toEqual([old, recent]);
    await recompute(model.id);
    const { keys } = await listSegmentKeys.call(call, { model: model.name });
    expect(keys[0]?.key).toBe("region");
    expect(keys[0]?.values.map(({ value }) => value).sort()).toEqual(["", "eu", "us"]);
    const scope = {
      model: model.name,
      from: "2026-10-01T00:00:00Z",
      until: "2026-11-20T12:00:00Z",
      segmentKey: "region",
    };
    const eu = await getPerformance.call(call, { ...scope, segmentValue: "eu" });
    const untagged = await getPerformance.call(call, { ...scope, segmentValue: "" });
    expect(eu.window.metrics.accuracy).toMatchObject({ value: 1, sampleCount: 20 });
    expect(untagged.window.metrics.accuracy).toMatchObject({ value: 0, sampleCount: 10 });
    const [entry] = await stores.postgres.db
      .select()
      .from(auditLog)
      .where(and(eq(auditLog.targetId, model.id), eq(auditLog.action, "segment.create")));
    expect(entry).toMatchObject({ after: { key: "region", backfillHourCount: 2 } });
  });

  test("that is declared twice changes nothing the second time", async () => {
    const model = await buildTagged();
    await createSegmentKey.call(call, { model: model.name, segmentKey: "region" });
    const again = await createSegmentKey.call(call, { model: model.name, segmentKey: "region" });
    expect(again.backfillHourCount).toBe(0);
  });

  test("is one of at most ten, however many are declared at once", async () => {
    const model = await buildModel(stores.postgres, call.workspaceId);
    const tried = await Promise.allSettled(
      Array.from({ length: 12 }, (_, i) =>
        createSegmentKey.call(call, { model: model.name, segmentKey: `key-${i}` }),
      ),
    );
    expect(tried.filter(({ status }) => status === "fulfilled")).toHaveLength(10);
    const refused = tried.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    expect(refused[0]).toMatchObject({ code: "limit_exceeded" });
    expect(refused[0].message).toContain("10 segment keys");
  });

  test("that is removed takes its profiles along, and the rows keep their tags", async () => {
    const model = await buildTagged();
    await createSegmentKey.call(call, { model: model.name, segmentKey: "region" });
    await createSegmentKey.call(call, { model: model.name, segmentKey: "tier" });
    await recompute(model.id);
    await deleteSegmentKey.call(call, { model: model.name, segmentKey: "region" });
    const { keys } = await listSegmentKeys.call(call, { model: model.name });
    const { suggestions } = await suggestSegmentKeys.call(call, { model: model.name });
    expect(keys.map(({ key }) => key)).toEqual(["tier"]);
    expect(suggestions.map(({ key }) => key)).toEqual(["region"]);
    const count = await stores.clickhouse.query({
      query: `SELECT segment_key AS key, count() AS n FROM bucket_profiles WHERE model_id = {modelId: UUID} GROUP BY key ORDER BY key`,
      query_params: { modelId: model.id },
      format: "JSONEachRow",
    });
    const left = (await count.json()) as { key: string }[];
    expect(left.map(({ key }) => key)).toEqual(["", "tier"]);
  });

  test("that was never declared is not found, and the refusal names those that are", async () => {
    const model = await buildTagged();
    await createSegmentKey.call(call, { model: model.name, segmentKey: "tier" });
    const removing = deleteSegmentKey.call(call, { model: model.name, segmentKey: "region" });
    await expect(removing).rejects.toMatchObject({
      code: "not_found",
      message: `"${model.name}" has no segment key "region"; declared are tier.`,
    });
  });
});
