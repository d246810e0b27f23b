import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { baselines, models } from "#db/postgres/schema/models.ts";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import { insertLabels } from "#db/testing/insert-labels.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { Task } from "#lib/domain/model.ts";
import type { CallContext } from "#lib/services/context.ts";
import { driftOfNumeric } from "#lib/stats/drift.ts";
import { featureProfileOf } from "#lib/stats/feature-profile.ts";
import { profileBaselineRows } from "../baseline/profile-baseline-rows.ts";
import { rebuildPerformanceDays } from "../performance/rebuild-performance-days.ts";
import { recomputePerformance } from "../performance/recompute-performance.ts";
import { rebuildDays } from "../profile/rebuild-days.ts";
import { recomputeBuckets } from "../profile/recompute-buckets.ts";
import { getDrift } from "./get-drift.ts";
import { getFeatureDrift } from "./get-feature-drift.ts";

let stores: TestStores;
let workspaceId: string;

const fromTime = new Date("2026-11-18T00:00:00Z");
const untilTime = new Date("2026-11-18T10:00:00Z");
const now = new Date("2026-11-20T12:00:00Z");
const rowCount = 1_000;

beforeAll(async () => {
  stores = openStores();
  ({ id: workspaceId } = await buildWorkspace(stores.postgres));
});
afterAll(() => stores.close());

async function build(task: Task, baselineLabels: number[]) {
  const model = await buildModel(stores.postgres, workspaceId, { features: { x: "numeric" } });
  await stores.postgres.db.update(models).set({ task }).where(eq(models.id, model.id));
  const key = { workspaceId, modelId: model.id };
  const baselineId = randomUUID();
  await stores.clickhouse.insert({
    table: "baseline_rows",
    values: baselineLabels.map((label, i) => ({
      workspace_id: workspaceId,
      model_id: model.id,
      baseline_id: baselineId,
      row_number: i,
      numeric_features: { x: i % 50 },
      label_kind: "number",
      label_value: label,
    })),
    format: "JSONEachRow",
  });
  await profileBaselineRows(stores, { ...key, baselineId });
  await stores.postgres.db.insert(baselines).values({
    id: baselineId,
    workspaceId,
    modelId: model.id,
    version: "1",
    name: "training",
    state: "ready",
    sourceFormat: "csv",
    mapping: { features: ["x"] },
    isActive: true,
    createdBy: "test",
    createdAt: now,
  });
  await insertPredictions(
    stores,
    key,
    Array.from({ length: rowCount }, (_, i) => ({
      id: `r${i}`,
      time: new Date(fromTime.getTime() + i * 36_000),
      features: { x: i % 50 },
    })),
  );
  await profileRows(model.id);
  return model;
}

const profileRows = (modelId: string) =>
  recomputeBuckets(stores, { workspaceId, modelId, grain: "1h", fromTime, untilTime });

async function label(modelId: string, from: number, until: number, of: (i: number) => number) {
  const rows = Array.from({ length: until - from }, (_, i) => ({
    id: `r${from + i}`,
    label: of(from + i),
    time: new Date(now.getTime() + (from + until) * 1_000),
  }));
  await insertLabels(stores, { workspaceId, modelId }, rows);
  await recomputePerformance(stores, { workspaceId, modelId, fromTime, untilTime });
}

const call = (): CallContext => ({
  ...stores,
  workspaceId,
  actor: { kind: "job", name: "test" },
  now,
});
const window = { from: fromTime.toISOString(), until: untilTime.toISOString() };
async function ask(model: { name: string }) {
  const drift = await getDrift.call(call(), { model: model.name, ...window });
  return {
    drift,
    label: drift.features.find(({ subject }) => subject === "label"),
    heat: drift.heat.find(({ subject }) => subject === "label"),
  };
}

describe("labels as a subject of drift", () => {
  test("are compared with the baseline's once they come, on as many as have come", async () => {
    const halves = Array.from({ length: 2_000 }, (_, i) => i % 2);
    const model = await build("binary", halves);
    const none = await ask(model);
    expect(none.drift.labels).toBeNull();
    expect(none.label).toMatchObject({
      verdict: "cannot_say",
      windowCount: 0,
      referenceCount: 2_000,
    });

    await label(model.id, 0, 410, (i) => (i % 10 < 8 ? 1 : 0));
    const some = await ask(model);
    expect(some.drift.labels).toEqual({ rowCount: 1_000, labelledCount: 410 });
    expect(some.label).toMatchObject({
      type: "categorical",
      verdict: "drift",
      windowCount: 410,
      referenceCount: 2_000,
      windowMissingShare: 0,
      reason: expect.stringMatching(/; on 41 % labelled$/),
    });
    // Hour by hour a hundred, of the fifth hour ten: each quarter shows its hour.
    const quarters = [100, 100, 100, 100, 10, 0, 0, 0, 0, 0].flatMap((count) =>
      Array.from({ length: 4 }, () => count),
    );
    expect(some.heat?.cells.map((cell) => cell.rowCount)).toEqual(quarters);
    const detail = await getFeatureDrift.call(call(), {
      model: model.name,
      ...window,
      subject: "label",
      feature: "label",
    });
    expect(
      detail.bins.map(({ label: name, referenceCount, windowCount }) => [
        name,
        referenceCount,
        windowCount,
      ]),
    ).toEqual(
      expect.arrayContaining([
        ["0", 1_000, 82],
        ["1", 1_000, 328],
      ]),
    );
  });

  test("follow what comes late and what is corrected, and outlive a recompute of their rows", async () => {
    const halves = Array.from({ length: 2_000 }, (_, i) => i % 2);
    const model = await build("binary", halves);
    await label(model.id, 0, 410, (i) => (i % 10 < 8 ? 1 : 0));
    // The rest comes, and what came is corrected: half and half after all.
    await label(model.id, 410, 1_000, (i) => i % 2);
    await label(model.id, 0, 1_000, (i) => i % 2);
    await profileRows(model.id);
    const { drift, label: found } = await ask(model);
    expect(drift.labels).toEqual({ rowCount: 1_000, labelledCount: 1_000 });
    expect(found).toMatchObject({ verdict: "no_drift", windowCount: 1_000 });
    expect(found?.reason).toMatch(/; on 100 % labelled$/);
  });

  test("of whole days are those of their hours", async () => {
    const model = await build(
      "regression",
      Array.from({ length: 500 }, (_, i) => i),
    );
    await label(model.id, 0, 700, (i) => i % 97);
    const day = {
      workspaceId,
      modelId: model.id,
      fromTime,
      untilTime: new Date(fromTime.getTime() + 86_400_000),
    };
    await rebuildDays(stores, day);
    await rebuildPerformanceDays(stores, day);
    const of = async (until: Date) => {
      const asked = { model: model.name, from: window.from, until: until.toISOString() };
      const drift = await getDrift.call(call(), asked);
      const found = drift.features.find(({ subject }) => subject === "label");
      return {
        labels: drift.labels,
        values: found?.statistics.map(({ statistic, value }) => [statistic, value.toFixed(9)]),
      };
    };
    const ofDay = await of(day.untilTime);
    expect(ofDay.labels).toEqual({ rowCount: 1_000, labelledCount: 700 });
    expect(ofDay).toEqual(await of(untilTime));
  });

  test("that are numbers are what the statistics say of them", async () => {
    const there = Array.from({ length: 2_000 }, (_, i) => ((i * 7919) % 2_000) / 100);
    const here = (i: number) => ((i * 104_729) % 1_000) / 50 + 3;
    const model = await build("regression", there);
    await label(model.id, 0, 1_000, here);
    const { label: found } = await ask(model);
    const expected = driftOfNumeric(
      featureProfileOf(there),
      featureProfileOf(Array.from({ length: 1_000 }, (_, i) => here(i))),
    );
    expect(found).toMatchObject({ type: "numeric", verdict: "drift" });
    for (const one of found?.statistics ?? []) {
      const same = expected.statistics.find(({ statistic }) => statistic === one.statistic);
      if (same?.kind !== "value") throw new Error(`no ${one.statistic}`);
      expect(Math.abs(one.value - same.value)).toBeLessThan(1e-9);
    }
  });
});
