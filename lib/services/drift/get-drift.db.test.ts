import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { markBuckets } from "#db/postgres/queries/dirty-buckets.ts";
import { buildBaseline, buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestPrediction } from "#db/testing/insert-predictions.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { CallContext } from "#lib/services/context.ts";
import { driftOfNumeric } from "#lib/stats/drift.ts";
import { featureProfileOf } from "#lib/stats/feature-profile.ts";
import { profileBaselineRows } from "../baseline/profile-baseline-rows.ts";
import { recomputeBuckets } from "../profile/recompute-buckets.ts";
import { getDrift } from "./get-drift.ts";
import { getFeatureDrift } from "./get-feature-drift.ts";

let stores: TestStores;
let workspaceId: string;
let model: { id: string; name: string };
let call: CallContext;

const fromTime = new Date("2026-11-20T10:00:00Z");
const untilTime = new Date("2026-11-20T11:00:00Z");
const now = new Date("2026-11-20T12:00:00Z");

const spread = (i: number) => ((i * 7919) % 2_000) / 100;
const shifted = (i: number) => spread(i) + 4;

beforeAll(async () => {
  stores = openStores();
  ({ id: workspaceId } = await buildWorkspace(stores.postgres));
  model = await buildModel(stores.postgres, workspaceId, {
    features: { same: "numeric", moved: "numeric", city: "categorical", code: "categorical" },
  });
  call = { ...stores, workspaceId, actor: { kind: "job", name: "test" }, now };
  const rows = Array.from(
    { length: 1_500 },
    (_, i): TestPrediction => ({
      id: `r${i}`,
      time: new Date(fromTime.getTime() + i * 2_000),
      value: spread(i),
      features: {
        same: spread(i),
        moved: shifted(i),
        city: i % 2 === 0 ? "ATL" : "JFK",
        code: i % 3,
      },
    }),
  );
  await insertPredictions(stores, { workspaceId, modelId: model.id }, rows);
  await recomputeBuckets(stores, {
    workspaceId,
    modelId: model.id,
    grain: "5m",
    fromTime,
    untilTime,
  });
  await recomputeBuckets(stores, {
    workspaceId,
    modelId: model.id,
    grain: "1h",
    fromTime,
    untilTime,
  });
  await insertBaseline();
});
afterAll(() => stores.close());

async function insertBaseline() {
  const baselineId = randomUUID();
  const values = Array.from({ length: 2_000 }, (_, i) => ({
    workspace_id: workspaceId,
    model_id: model.id,
    baseline_id: baselineId,
    row_number: i,
    prediction_kind: "number",
    prediction_value: spread(i),
    numeric_features: { same: spread(i), moved: spread(i), code: i % 3 },
    string_features: { city: i % 2 === 0 ? "ATL" : "JFK" },
  }));
  await stores.clickhouse.insert({
    table: "baseline_rows",
    values,
    columns: Object.keys(values[0] ?? {}) as [string, ...string[]],
    format: "JSONEachRow",
  });
  await profileBaselineRows(stores, { workspaceId, modelId: model.id, baselineId });
  await buildBaseline(stores.postgres, { id: baselineId, workspaceId, modelId: model.id });
}

const ask = (overrides: Record<string, unknown> = {}) =>
  getDrift.call(call, {
    model: model.name,
    from: fromTime.toISOString(),
    until: untilTime.toISOString(),
    ...overrides,
  });

describe("drift of a window against a baseline", () => {
  test("says which share of the window's rows still waits to be profiled, and of a mark alone nothing", async () => {
    await markBuckets(
      stores.postgres.db,
      { aspect: "profile", workspaceId, modelId: model.id },
      "5m",
      [fromTime.getTime()],
      now,
    );
    expect((await ask()).waitingShare).toBe(0);
    const late = Array.from({ length: 75 }, (_, i) => ({ id: `late${i}`, time: fromTime }));
    await insertPredictions(stores, { workspaceId, modelId: model.id }, late);
    expect((await ask()).waitingShare).toBeCloseTo(75 / 1_575, 9);
    await call.postgres.db.execute(sql`DELETE FROM dirty_buckets WHERE model_id = ${model.id}`);
  });

  test("finds what moved, and nothing else", async () => {
    const drift = await ask();
    const verdicts = Object.fromEntries(
      drift.features.map((one) => [`${one.subject}.${one.feature}`, one.verdict]),
    );
    expect(verdicts).toEqual({
      "feature.city": "no_drift",
      "feature.code": "no_drift",
      "feature.moved": "drift",
      "feature.same": "no_drift",
      "prediction.value": "no_drift",
    });
    expect(drift).toMatchObject({
      version: "1",
      windowRowCount: 1_500,
      waitingShare: 0,
      reference: { kind: "baseline", label: "baseline training (1)", rowCount: 2_000 },
      family: { size: 5, driftCount: 1, noDriftCount: 4, cannotSayCount: 0 },
    });
    expect(drift.features.find((one) => one.feature === "moved")?.reason).toMatch(
      /^Wasserstein distance \S+ standard deviations where noise gives/,
    );
  });

  test("is what the statistics say of the raw rows", async () => {
    const drift = await ask();
    const baseline = featureProfileOf(Array.from({ length: 2_000 }, (_, i) => spread(i)));
    const window = featureProfileOf(Array.from({ length: 1_500 }, (_, i) => shifted(i)));
    const expected = driftOfNumeric(baseline, window).statistics;
    const answered = drift.features.find((one) => one.feature === "moved")?.statistics ?? [];
    expect(answered).toHaveLength(5);
    // The store adds means up in another order than a loop does.
    const digits = (value: number) => Number(value.toPrecision(12));
    const shown = new Set<string>(answered.map((one) => one.statistic));
    expect(answered.map((one) => [one.statistic, digits(one.value)])).toEqual(
      expected
        .filter((one) => shown.has(one.statistic))
        .map((one) => [one.statistic, one.kind === "value" ? digits(one.value) : null]),
    );
  });

  test("has a heat map whose columns cover the window", async () => {
    const drift = await ask();
    expect(drift.bucketMs).toBe(5 * 60_000);
    expect(drift.buckets).toHaveLength(12);
    const moved = drift.heat.find((row) => row.feature === "moved")?.cells ?? [];
    const [first] = moved;
    expect(first).toMatchObject({ verdict: "drift", rowCount: 150 });
    expect(moved.at(-1)).toEqual({
      value: null,
      nullExpectation: null,
      verdict: "cannot_say",
      rowCount: 0,
    });
  });

  test("cannot say anything of a window without rows", async () => {
    const drift = await ask({ from: "2026-11-19T10:00:00Z", until: "2026-11-19T11:00:00Z" });
    expect(drift.windowRowCount).toBe(0);
    expect(new Set(drift.features.map((one) => one.verdict))).toEqual(new Set(["cannot_say"]));
  });

  test("has nothing to say where there is no reference", async () => {
    const drift = await ask({ reference: "trailing" });
    expect(drift.reference).toBeNull();
    expect(drift.features).toEqual([]);
  });

  test("of another workspace's model is not found", async () => {
    const { id } = await buildWorkspace(stores.postgres);
    await expect(
      getDrift.call({ ...call, workspaceId: id }, { model: model.name }),
    ).rejects.toThrow("no model");
  });
});

describe("drift of one feature", () => {
  const askOne = (overrides: Record<string, unknown>) =>
    getFeatureDrift.call(call, {
      model: model.name,
      from: fromTime.toISOString(),
      until: untilTime.toISOString(),
      ...overrides,
    });

  test("shows a number's two distributions in shared bins, and the verdict of the family", async () => {
    const detail = await askOne({ feature: "moved" });
    const listed = (await ask()).features.find((one) => one.feature === "moved");
    expect(detail.drift).toMatchObject({
      verdict: "drift",
      reason: listed?.reason,
      tests: listed?.tests,
      statistics: expect.arrayContaining(listed?.statistics ?? []),
    });
    expect(detail.drift?.statistics).toHaveLength(11);
    expect(detail.bins.reduce((sum, bin) => sum + bin.referenceCount, 0)).toBe(2_000);
    expect(detail.bins.reduce((sum, bin) => sum + bin.windowCount, 0)).toBe(1_500);
    expect(detail.referenceSide).toMatchObject({
      rowCount: 2_000,
      valueCount: 2_000,
      minimum: 0,
      maximum: 19.99,
    });
    expect(detail.windowSide.quantiles).toHaveLength(5);
    expect(detail.series).toHaveLength(12);
  });

  test("shows categories by name", async () => {
    const detail = await askOne({ feature: "city" });
    expect(detail.bins).toEqual([
      {
        label: "ATL",
        kind: "value",
        from: null,
        until: null,
        referenceCount: 1_000,
        windowCount: 750,
        referenceShare: 0.5,
        windowShare: 0.5,
      },
      {
        label: "JFK",
        kind: "value",
        from: null,
        until: null,
        referenceCount: 1_000,
        windowCount: 750,
        referenceShare: 0.5,
        windowShare: 0.5,
      },
    ]);
  });

  test("shows the window alone where there is nothing to compare with", async () => {
    const detail = await askOne({ feature: "same", reference: "trailing" });
    expect(detail).toMatchObject({
      drift: null,
      reference: null,
      referenceSide: null,
      windowSide: { valueCount: 1_500 },
    });
    expect(detail.bins.reduce((sum, bin) => sum + bin.windowCount, 0)).toBe(1_500);
  });
});
