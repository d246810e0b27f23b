import { randomUUID } from "node:crypto";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { recordArrivals } from "#db/postgres/queries/arrival.ts";
import { listDueWindows } from "#db/postgres/queries/evaluated-window.ts";
import { evaluatedWindows } from "#db/postgres/schema/evaluations.ts";
import { driftResults } from "#db/postgres/schema/jobs.ts";
import { models, modelVersions } from "#db/postgres/schema/models.ts";
import { buildBaseline, buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
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
import { markArrivedHours } from "../profile/mark-arrived-hours.ts";
import { rebuildDays } from "../profile/rebuild-days.ts";
import { recomputeBuckets } from "../profile/recompute-buckets.ts";
import { recomputeClaim } from "../profile/recompute-claim.ts";
import { evaluateDrift } from "./evaluate-drift.ts";
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
  await buildBaseline(
    stores.postgres,
    { id: baselineId, workspaceId, modelId: model.id },
    { mapping: { features: ["x"] } },
  );
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

describe("stored evaluations", () => {
  const at = (hour: number, minute = 15) =>
    new Date(fromTime.getTime() + hour * 3_600_000 + minute * 60_000);
  let model: { id: string; name: string };
  let clock: Date;
  const now = () => clock;

  /** As ingest notes them, and the worker's lanes find and settle them. */
  async function come(from: number, until: number, of: (i: number) => number) {
    const rows = Array.from({ length: until - from }, (_, i) => ({
      id: `r${from + i}`,
      label: of(from + i),
      time: clock,
    }));
    const places = await insertLabels(stores, { workspaceId, modelId: model.id }, rows);
    const arrival = {
      ...{ aspect: "performance" as const, workspaceId, modelId: model.id },
      ...{ ...places, rowFromMs: clock.getTime(), rowUntilMs: clock.getTime() },
      rowCount: rows.length,
    };
    await recordArrivals(stores.postgres.db, [arrival], new Date(clock.getTime() - 600_000));
    const onFailure = (failure: unknown) => {
      throw new Error("the worker failed", { cause: failure });
    };
    const lane = { stores, aspect: "performance" as const, modelId: model.id, onFailure };
    await markArrivedHours({ ...lane, now: () => new Date(clock.getTime() - 300_000) });
    const claim = { ...lane, grain: "1h" as const, newId: randomUUID, now };
    while ((await recomputeClaim(claim)) !== null);
  }

  const evaluate = () => evaluateDrift(stores, { workspaceId, modelId: model.id, now: clock });
  const hourOf = (end: Date) => (end.getTime() - fromTime.getTime()) / 3_600_000;
  async function due() {
    const key = { kind: "drift" as const, workspaceId, modelId: model.id };
    const windows = await listDueWindows(stores.postgres.db, key, {
      recentFrom: new Date(0),
      countMax: 100,
      now: clock,
    });
    return windows.map(({ untilTime: end }) => hourOf(end));
  }
  async function stored() {
    const rows = await stores.postgres.db
      .select()
      .from(driftResults)
      .where(
        and(
          eq(driftResults.modelId, model.id),
          eq(driftResults.subject, "label"),
          eq(driftResults.reference, "baseline"),
        ),
      );
    return rows.sort((a, b) => a.windowUntil.getTime() - b.windowUntil.getTime());
  }

  beforeAll(async () => {
    const halves = Array.from({ length: 2_000 }, (_, i) => i % 2);
    model = await build("binary", halves);
    await stores.postgres.db
      .update(modelVersions)
      .set({ lastSeenAt: untilTime })
      .where(eq(modelVersions.modelId, model.id));
  });

  test("have the label beside the features, and say that none has come", async () => {
    for (const hour of [10, 12]) {
      clock = at(hour);
      await evaluate();
    }
    expect(
      (await stored()).map((row) => [
        hourOf(row.windowUntil),
        row.verdict,
        row.baselineRows,
        row.windowRows,
      ]),
    ).toEqual([11, 12, 13].map((hour) => [hour, "cannot_say", 2_000, 0]));
    expect(await due()).toEqual([]);
  });

  test("wait an hour for a stream of labels, and then take them all", async () => {
    const earlier = {
      ...{ kind: "drift" as const, workspaceId, modelId: model.id },
      ...{ windowFrom: at(-48, 0), windowUntil: at(-24, 0) },
      ...{ generation: 1, evaluatedGeneration: 1, evaluatedAt: at(-24) },
    };
    await stores.postgres.db.insert(evaluatedWindows).values(earlier);
    const often = (i: number) => (i % 10 < 8 ? 1 : 0);
    // The first window was judged two hours ago, the others a quarter of an hour ago.
    clock = at(12, 30);
    await come(0, 200, often);
    expect(await due()).toEqual([11]);
    clock = at(12, 50);
    await come(200, 410, often);
    expect(await due()).toEqual([11]);
    clock = at(13, 16);
    expect(await due()).toEqual([11, 12, 13]);
    await evaluate();
    const rows = await stored();
    expect(rows.map((row) => [hourOf(row.windowUntil), row.verdict, row.windowRows])).toEqual(
      [11, 12, 13, 14].map((hour) => [hour, "drift", 410]),
    );
    const page = await ask(model);
    for (const row of rows) {
      expect(row.reason).toBe(page.label?.reason);
      expect(row.reason).toMatch(/; on 41 % labelled$/);
      const { statistics } = row.statistics as {
        statistics: { statistic: string; value: number }[];
      };
      const values = new Map(statistics.map(({ statistic, value }) => [statistic, value]));
      // Of the labels 328 of 410 are 1, of the baseline's half.
      expect(values.get("total_variation")).toBeCloseTo(0.3, 12);
      for (const { statistic, value } of page.label?.statistics ?? [])
        expect(values.get(statistic)).toBe(value);
    }
    expect(await due()).toEqual([]);
  });

  test("that are made again without news stay as they are", async () => {
    const before = await stored();
    clock = at(13, 40);
    await evaluate();
    expect(await stored()).toEqual(before);
  });

  test("are made again when labels come days late and correct others, and no other is", async () => {
    clock = at(120);
    await come(0, 1_000, (i) => i % 2);
    expect(await due()).toEqual([11, 12, 13, 14]);
    await evaluate();
    expect((await stored()).map((row) => [row.verdict, row.windowRows, row.computedAt])).toEqual(
      [11, 12, 13, 14].map(() => ["no_drift", 1_000, clock]),
    );
    expect(await due()).toEqual([]);
  });
});
