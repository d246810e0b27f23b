import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runStatement } from "#db/clickhouse/define-statement.ts";
import { deleteExpiredRows } from "#db/clickhouse/statements/retention.ts";
import { buildBaseline, buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestPrediction } from "#db/testing/insert-predictions.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { CallContext } from "#lib/services/context.ts";
import { evidentlyNumericCells, evidentlyPsi } from "#lib/stats/compatibility/evidently.ts";
import { scipyOfRows } from "#lib/stats/compatibility/scipy.ts";
import { profileBaselineRows } from "../baseline/profile-baseline-rows.ts";
import { recomputeBuckets } from "../profile/recompute-buckets.ts";
import { explainDrift } from "./explain-drift.ts";
import { getDrift } from "./get-drift.ts";

let stores: TestStores;
let call: CallContext;
let model: { id: string; name: string };

const hourMs = 3_600_000;
const untilTime = new Date("2026-11-20T11:00:00Z");
const fromTime = new Date(untilTime.getTime() - hourMs);
const before = new Date(fromTime.getTime() - hourMs);
const weekBefore = new Date(fromTime.getTime() - 7 * 24 * hourMs);

const skewed = (i: number) => Math.exp((((i * 7919) % 10_007) - 5_000) / 2_500);
const shifted = (i: number) => skewed(i) * 1.3;
const city = (i: number) => ["ATL", "JFK", "it's \\ odd"][i % 3] ?? "";

function rows(start: Date, count: number, value: (i: number) => number, version = "1") {
  return Array.from(
    { length: count },
    (_, i): TestPrediction => ({
      id: `${start.getTime()}-${version}-${i}`,
      version,
      time: new Date(start.getTime() + Math.floor((i * hourMs) / count)),
      value: value(i),
      features: { amount: value(i), city: city(i), code: i % 3 },
    }),
  );
}

beforeAll(async () => {
  stores = openStores();
  const { id: workspaceId } = await buildWorkspace(stores.postgres);
  model = await buildModel(stores.postgres, workspaceId, {
    features: { amount: "numeric", city: "categorical", code: "categorical" },
  });
  call = {
    ...stores,
    workspaceId,
    actor: { kind: "job", name: "test" },
    now: new Date("2026-11-20T12:00:00Z"),
  };
  const scope = { workspaceId, modelId: model.id };
  await insertPredictions(stores, scope, [
    ...rows(fromTime, 2_000, shifted),
    ...rows(before, 1_500, skewed),
    ...rows(weekBefore, 1_200, skewed),
    ...rows(fromTime, 1_000, skewed, "0"),
  ]);
  for (const start of [fromTime, before, weekBefore]) {
    for (const grain of ["5m", "1h"] as const) {
      const until = new Date(start.getTime() + hourMs);
      await recomputeBuckets(stores, { ...scope, grain, fromTime: start, untilTime: until });
    }
  }
  const baselineId = randomUUID();
  const values = Array.from({ length: 3_000 }, (_, i) => ({
    workspace_id: workspaceId,
    model_id: model.id,
    baseline_id: baselineId,
    row_number: i,
    prediction_kind: "number",
    prediction_value: skewed(i),
    numeric_features: { amount: skewed(i), code: i % 3 },
    string_features: { city: city(i) },
  }));
  await stores.clickhouse.insert({
    table: "baseline_rows",
    values,
    columns: Object.keys(values[0] ?? {}) as [string, ...string[]],
    format: "JSONEachRow",
  });
  await profileBaselineRows(stores, { ...scope, baselineId });
  await buildBaseline(stores.postgres, { id: baselineId, workspaceId, modelId: model.id });
});
afterAll(() => stores.close());

const window = { from: fromTime.toISOString(), until: untilTime.toISOString(), version: "1" };
const ask = (overrides: Record<string, unknown> = {}) =>
  explainDrift.call(call, { model: model.name, ...window, feature: "amount", ...overrides });

const reference = Array.from({ length: 3_000 }, (_, i) => skewed(i));
const current = Array.from({ length: 2_000 }, (_, i) => shifted(i));

describe("a number explained", () => {
  test("is the number of the page, with its cells, and PSI from raw rows is the same", async () => {
    const answer = await ask();
    const drift = await getDrift.call(call, { model: model.name, ...window });
    const shown = drift.features.find((one) => one.feature === "amount");
    expect(answer.statistic).toEqual(shown?.statistics.find((one) => one.statistic === "psi"));
    expect(answer.cells).toHaveLength(20);
    expect(answer.cells.reduce((sum, one) => sum + one.referenceCount, 0)).toBe(3_000);
    expect(answer.cells.reduce((sum, one) => sum + one.windowCount, 0)).toBe(2_000);
    expect(answer.exact).toMatchObject({
      state: "read",
      referenceCount: 3_000,
      windowCount: 2_000,
    });
    expect(answer.exact.value).toBeCloseTo(answer.statistic?.value ?? Number.NaN, 12);
    expect(answer.exact.compatibility).toMatchObject([
      { profile: "evidently", statistic: "psi", value: expect.any(Number) },
    ]);
    const expected = evidentlyPsi(evidentlyNumericCells(reference, current)) ?? Number.NaN;
    expect(answer.exact.compatibility[0]?.value).toBeCloseTo(expected, 9);
  });

  test("lies within its bounds where profiles only bound it", async () => {
    for (const measure of ["kolmogorov_smirnov", "wasserstein", "energy"] as const) {
      const { statistic, exact } = await ask({ measure });
      expect(exact.value).toBeGreaterThanOrEqual((statistic?.lowerBound ?? 1) - 1e-9);
      expect(exact.value).toBeLessThanOrEqual((statistic?.upperBound ?? 0) + 1e-9);
    }
    const { exact } = await ask({ measure: "wasserstein" });
    const expected = scipyOfRows.wasserstein?.(reference, current) ?? Number.NaN;
    expect(exact.value).toBeCloseTo(expected, 9);
  });

  test.each(["amount", "city", "code"])(
    "its SQL runs as it is, and counts the rows: %s",
    async (feature) => {
      const { sql, python } = await ask({ feature });
      const result = await stores.clickhouse.query({ query: sql, format: "JSONEachRow" });
      const counted = await result.json<{ side: string; occurrences: number | string }>();
      const total = (side: string) =>
        counted
          .filter((row) => row.side === side)
          .reduce((sum, row) => sum + Number(row.occurrences), 0);
      expect([total("reference"), total("window")]).toEqual([3_000, 2_000]);
      expect(python.split("\n").length).toBeLessThanOrEqual(7);
    },
  );

  test("categories come by name, and say why a number's statistic is not theirs", async () => {
    const answer = await ask({ feature: "city", measure: "l_infinity" });
    expect(answer.cells.map((one) => one.name)).toContain("it's \\ odd");
    expect(answer.exact.value).toBeCloseTo(answer.statistic?.value ?? Number.NaN, 12);
    expect(answer.exact.compatibility.map((one) => one.profile)).toEqual(["nannyml", "tfdv"]);
    const none = await ask({ feature: "city", measure: "wasserstein" });
    expect(none).toMatchObject({ statistic: null, reason: "this statistic is one of numbers" });
  });

  test("rows that are gone are said to be gone", async () => {
    const early = new Date(weekBefore.getTime());
    await runStatement(stores.clickhouse, call.workspaceId, deleteExpiredRows("predictions"), {
      modelId: model.id,
      partition: 202611,
      beforeTime: new Date("2026-11-13T11:00:00Z"),
    });
    const answer = await ask({
      from: early.toISOString(),
      until: new Date(early.getTime() + hourMs).toISOString(),
    });
    expect(answer.exact).toMatchObject({ state: "rows_expired", windowCount: 0, value: null });
    expect(answer.statistic).not.toBeNull();
  });

  test("a subject that has no rows of its own is refused by name", async () => {
    await expect(ask({ subject: "latency" })).rejects.toMatchObject({
      code: "invalid_request",
      details: [{ path: "subject" }],
    });
  });
});

describe("references", () => {
  const label = async (overrides: Record<string, unknown>) => {
    const drift = await getDrift.call(call, { model: model.name, ...window, ...overrides });
    return [drift.reference?.kind, drift.reference?.rowCount, drift.family.driftCount > 0];
  };

  test.each([
    ["the window just before", { reference: "previous" }, ["previous", 1_500, true]],
    ["the same hours last week", { reference: "last_week" }, ["last_week", 1_200, true]],
    ["another version", { reference: "version", referenceVersion: "0" }, ["version", 1_000, true]],
    [
      "a window that is named",
      {
        reference: "window",
        referenceFrom: before.toISOString(),
        referenceUntil: fromTime.toISOString(),
      },
      ["window", 1_500, true],
    ],
  ] as const)("%s", async (_name, overrides, expected) => {
    expect(await label(overrides)).toEqual(expected);
  });

  test("a reference that lacks its own is refused", async () => {
    await expect(label({ reference: "version" })).rejects.toMatchObject({
      code: "invalid_request",
      details: [{ path: "referenceVersion" }],
    });
  });
});
