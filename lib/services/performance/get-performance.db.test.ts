import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { insertSegmentKey } from "#db/postgres/queries/segment.ts";
import { dirtyBuckets } from "#db/postgres/schema/jobs.ts";
import { models } from "#db/postgres/schema/models.ts";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import { insertLabels } from "#db/testing/insert-labels.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { CallContext } from "../context.ts";
import { updateModel } from "../model/update-model.ts";
import { getPerformance } from "./get-performance.ts";
import { rebuildPerformanceDays } from "./rebuild-performance-days.ts";
import { recomputePerformance } from "./recompute-performance.ts";
import { updateBusinessValue } from "./update-business-value.ts";

let stores: TestStores;
let call: CallContext;
let model: { id: string; name: string };

const dayMs = 86_400_000;
const firstDay = Date.parse("2026-11-18T00:00:00Z");
const now = new Date("2026-11-20T12:00:00Z");
const window = { from: "2026-11-17T00:00:00Z", until: "2026-11-20T12:00:00Z" };

beforeAll(async () => {
  stores = openStores();
  const { id: workspaceId } = await buildWorkspace(stores.postgres);
  call = { ...stores, workspaceId, actor: { kind: "job", name: "test" }, now };
  model = await buildModel(stores.postgres, workspaceId);
  await stores.postgres.db
    .update(models)
    .set({ task: "binary", taskProvenance: "inferred" })
    .where(eq(models.id, model.id));
  const rows = Array.from({ length: 240 }, (_, i) => ({
    id: `r${i}`,
    time: new Date(firstDay + Math.floor(i / 100) * dayMs + (i % 100) * 60_000),
    label: i % 2 === 0 ? "late" : "on_time",
    score: i % 2 === 0 ? 0.75 : 0.25,
  }));
  const key = { workspaceId, modelId: model.id };
  await insertPredictions(stores, key, rows);
  // The first two days have all their labels, three hours after; of the third day's 40 none came. Every fourth is wrong.
  await insertLabels(
    stores,
    key,
    rows.slice(0, 200).map((row, i) => ({
      id: row.id,
      label: (i % 2 === 0) !== (i % 4 === 0) ? "late" : "on_time",
      time: new Date(row.time.getTime() + 3 * 3_600_000),
    })),
  );
  await judge();
});
afterAll(() => stores.close());

async function judge(): Promise<void> {
  const range = {
    workspaceId: call.workspaceId,
    modelId: model.id,
    fromTime: new Date(firstDay),
    untilTime: new Date(firstDay + 3 * dayMs),
  };
  await recomputePerformance(stores, range);
  await rebuildPerformanceDays(stores, range);
}

const ask = (query: object = {}) =>
  getPerformance.call(call, { model: model.name, ...window, ...query });

describe("performance", () => {
  test("is answered day by day, with its coverage and whether labels are still to come", async () => {
    const found = await ask({ bucket: "day" });
    expect(
      found.buckets.map((one) => [one.from, one.rowCount, one.labelledCount, one.maturity]),
    ).toEqual([
      ["2026-11-17T00:00:00.000Z", 0, 0, "no_predictions"],
      ["2026-11-18T00:00:00.000Z", 100, 100, "settled"],
      ["2026-11-19T00:00:00.000Z", 100, 100, "settled"],
      ["2026-11-20T00:00:00.000Z", 40, 0, "no_labels"],
    ]);
    expect(found).toMatchObject({
      task: "binary",
      classes: { positive: "late", negative: "on_time" },
      decisionSource: "model",
      window: { rowCount: 240, labelledCount: 200, coverage: 200 / 240 },
      estimate: { state: "no_baseline", baseline: null },
      notes: { isExact: true },
    });
    // Of four rows: late decided twice, once right; on_time decided twice, both right.
    expect(found.window.metrics.accuracy).toMatchObject({ value: 0.75, sampleCount: 200 });
    expect(found.window.metrics.precision).toMatchObject({ value: 0.5 });
    expect(found.buckets[3]?.metrics.accuracy).toMatchObject({
      value: null,
      undefinedReason: "no_labels",
    });
    expect(found.labelDelay?.p95Ms).toBeGreaterThan(3 * 3_600_000);
  });

  test("is the same from hours and from days, and at any threshold", async () => {
    const [hours, months] = await Promise.all([ask({ bucket: "hour" }), ask({ bucket: "month" })]);
    expect(hours.window.metrics).toEqual(months.window.metrics);
    expect(months.buckets).toHaveLength(1);
    const { atThreshold } = await ask({ threshold: 0.9 });
    expect(atThreshold).toMatchObject({ truePositive: 0, falsePositive: 0 });
    expect(atThreshold?.metrics.precision).toMatchObject({
      value: null,
      undefinedReason: "no_predicted_positive",
    });
  });

  test("of a segment that nothing belongs to, or of a window without rows, is unknown and not zero", async () => {
    const asked = { segmentKey: "region", segmentValue: "eu" };
    await expect(ask(asked)).rejects.toMatchObject({ code: "not_found" });
    const scope = { pg: stores.postgres.db, workspaceId: call.workspaceId };
    await insertSegmentKey(scope, { modelId: model.id, key: "region", createdAt: now });
    const found = await ask(asked);
    expect(found.window).toMatchObject({ rowCount: 0, coverage: null, maturity: "no_predictions" });
    expect(found.window.metrics.accuracy?.value).toBeNull();
  });

  test("in more pieces than a page can draw is refused", async () => {
    const long = { from: "2020-01-01T00:00:00Z", until: "2026-01-01T00:00:00Z", bucket: "hour" };
    await expect(ask(long)).rejects.toMatchObject({ code: "limit_exceeded" });
  });

  test("says by score what turned out, and what outcomes are worth once somebody says so", async () => {
    const before = await ask();
    expect(before.scores).toEqual({
      scores: [0.25, 0.75],
      positives: [0, 50],
      negatives: [100, 50],
      isExact: true,
    });
    expect(before.businessValue).toBeNull();
    const businessValue = {
      truePositive: 12.5,
      falsePositive: -3,
      falseNegative: -40,
      trueNegative: 0,
      unit: "EUR",
    };
    const put = (value: typeof businessValue | null) =>
      updateBusinessValue.call(call, { model: model.name, businessValue: value });
    await put(businessValue);
    expect((await ask()).businessValue).toEqual(businessValue);
    await put({ ...businessValue, truePositive: 13 });
    expect((await ask()).businessValue).toMatchObject({ truePositive: 13 });
    await put(null);
    expect((await ask()).businessValue).toBeNull();
    const viewer = {
      ...call,
      actor: { kind: "user" as const, userId: "u", role: "viewer" as const },
    };
    await expect(
      updateBusinessValue.call(viewer, { model: model.name, businessValue }),
    ).rejects.toMatchObject({ code: "forbidden" });
    await expect(
      updateBusinessValue.call(call, {
        model: model.name,
        businessValue: { ...businessValue, unit: "x".repeat(17) },
      }),
    ).rejects.toThrow();
  });

  test("is judged anew when somebody says what the model predicts", async () => {
    const editor = { ...call, actor: { kind: "job" as const, name: "test" } };
    await updateModel.call(editor, { model: model.name, task: "multiclass" });
    const marked = await stores.postgres.db
      .select({ grain: dirtyBuckets.grain })
      .from(dirtyBuckets)
      .where(and(eq(dirtyBuckets.modelId, model.id), eq(dirtyBuckets.aspect, "performance")));
    expect(marked.length).toBeGreaterThanOrEqual(3);
    const before = await ask({ bucket: "day" });
    expect(before.window.metrics.accuracy).toMatchObject({ value: 0.75 });
    await judge();
    const after = await ask({ bucket: "day" });
    expect(after.window.metrics.macro_recall?.value).toBeCloseTo((1 + 100 / 150) / 2, 12);
    expect(after.byClass.map(({ name }) => name)).toEqual(["late", "on_time"]);
  });
});

test("an error whose square no number holds is undefined and not zero, from hours as from days", async () => {
  const { id } = await buildModel(stores.postgres, call.workspaceId);
  const key = { workspaceId: call.workspaceId, modelId: id };
  await stores.postgres.db.update(models).set({ task: "regression" }).where(eq(models.id, id));
  const [row] = await stores.postgres.db
    .select({ name: models.name })
    .from(models)
    .where(eq(models.id, id));
  const rows = [1e200, 2, 3].map((value, i) => ({
    id: `x${i}`,
    time: new Date(firstDay + i * 60_000),
    value,
  }));
  await insertPredictions(stores, key, rows);
  await insertLabels(
    stores,
    key,
    rows.map(({ id: predictionId, time }) => ({ id: predictionId, label: 1, time })),
  );
  const range = { ...key, fromTime: new Date(firstDay), untilTime: new Date(firstDay + dayMs) };
  await recomputePerformance(stores, range);
  const asked = { model: row?.name ?? "", ...window, bucket: "day" as const };
  const hours = await getPerformance.call(call, { ...asked, until: "2026-11-18T05:00:00Z" });
  await rebuildPerformanceDays(stores, range);
  const days = await getPerformance.call(call, asked);
  for (const found of [hours, days]) {
    expect((found.window.metrics.mae?.value ?? 0) / (1e200 / 3)).toBeCloseTo(1, 9);
    for (const metric of ["mse", "rmse"])
      expect(found.window.metrics[metric]).toMatchObject({
        value: null,
        undefinedReason: "not_finite",
      });
  }
});
