import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { baselines, modelVersions } from "#db/postgres/schema/models.ts";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestPrediction } from "#db/testing/insert-predictions.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import { defaultQuestion } from "#lib/domain/monitor-definition.ts";
import { seededRandom } from "#lib/stats/testing/random.ts";
import { profileBaselineRows } from "../baseline/profile-baseline-rows.ts";
import { rebuildDays } from "../profile/rebuild-days.ts";
import { recomputeBuckets } from "../profile/recompute-buckets.ts";
import { readMonitorWindows } from "./read-monitor-windows.ts";

const dayMs = 86_400_000;
const dayCount = 32;
const rowsPerDay = 480;
/** A Monday. */
const monday = Date.parse("2026-10-05T00:00:00Z");
const now = new Date(monday + dayCount * dayMs);
const shiftedFrom = 16;

let stores: TestStores;
let workspaceId: string;
let modelId: string;

const random = seededRandom(41);
const isWeekend = (day: number) => day % 7 >= 5;

/** `load` is higher at weekends; `amount` moves by a quarter of its range on one day, and stays there. */
function featuresOf(day: number, isLive: boolean) {
  const isShifted = isLive && day >= shiftedFrom;
  return {
    isWeekend: isWeekend(day),
    load: Math.floor(random() * 50) + (isWeekend(day) ? 20 : 0),
    amount: Math.floor(random() * 50) + (isShifted ? 12 : 0),
    quiet: Math.floor(random() * 50),
  };
}

beforeAll(async () => {
  stores = openStores();
  ({ id: workspaceId } = await buildWorkspace(stores.postgres));
  ({ id: modelId } = await buildModel(stores.postgres, workspaceId, {
    features: { isWeekend: "boolean", load: "numeric", amount: "numeric", quiet: "numeric" },
  }));
  await stores.postgres.db
    .update(modelVersions)
    .set({ firstSeenAt: new Date(monday), lastSeenAt: now })
    .where(eq(modelVersions.modelId, modelId));
  const rows = Array.from({ length: dayCount * rowsPerDay }, (_, i): TestPrediction => {
    const time = new Date(monday + (i * dayMs) / rowsPerDay);
    return { id: `r${i}`, time, features: featuresOf(Math.floor(i / rowsPerDay), true) };
  });
  await insertPredictions(stores, { workspaceId, modelId }, rows);
  const range = { workspaceId, modelId, fromTime: new Date(monday), untilTime: now };
  for (const grain of ["5m", "1h"] as const) await recomputeBuckets(stores, { ...range, grain });
  await rebuildDays(stores, range);
  await buildBaseline();
});
afterAll(() => stores.close());

async function buildBaseline() {
  const baselineId = randomUUID();
  const values = Array.from({ length: 7_000 }, (_, i) => {
    const { isWeekend: flag, ...numbers } = featuresOf(i % 28, false);
    return {
      workspace_id: workspaceId,
      model_id: modelId,
      baseline_id: baselineId,
      row_number: i,
      numeric_features: numbers,
      boolean_features: { isWeekend: flag },
    };
  });
  await stores.clickhouse.insert({
    table: "baseline_rows",
    values,
    columns: Object.keys(values[0] ?? {}) as [string, ...string[]],
    format: "JSONEachRow",
  });
  await profileBaselineRows(stores, { workspaceId, modelId, baselineId });
  await stores.postgres.db.insert(baselines).values({
    id: baselineId,
    workspaceId,
    modelId,
    version: "1",
    name: "training",
    state: "ready",
    sourceFormat: "ndjson",
    mapping: {},
    isActive: true,
    createdBy: "test",
    createdAt: now,
    readyAt: now,
  });
}

/** On which days, of the windows that end with them, each feature fires. */
async function firingDays(): Promise<Record<string, number[]>> {
  const ctx = {
    pg: stores.postgres.db,
    ch: scopeClickHouse(stores.clickhouse, workspaceId),
    workspaceId,
  };
  const windows = Array.from({ length: dayCount }, (_, day) => ({
    fromTime: new Date(monday + day * dayMs),
    untilTime: new Date(monday + (day + 1) * dayMs),
  }));
  const ask = { modelId, question: defaultQuestion("drift"), now };
  const days: Record<string, number[]> = {};
  const outcomes = await readMonitorWindows(ctx, ask, windows);
  for (const { series, windowFrom, result } of outcomes.flat()) {
    if (result.kind !== "value" || result.judged !== "fire") continue;
    const day = (windowFrom.getTime() - monday) / dayMs;
    days[series.column] = [...(days[series.column] ?? []), day];
  }
  return days;
}

const daysFrom = (first: number, until: number) =>
  Array.from({ length: until - first }, (_, i) => first + i);

describe("a drift monitor with windows of a day", () => {
  test("pages nobody for weekdays once it has seen a week of them, and finds what moves on its day and for as long as it lasts", async () => {
    const days = await firingDays();
    expect(days).toEqual({
      // Without a week before, nothing tells a weekday from a change.
      isWeekend: daysFrom(0, 7),
      load: expect.arrayContaining([5, 6]),
      amount: daysFrom(shiftedFrom, dayCount),
    });
    expect(days.load?.filter((day) => day >= 7)).toEqual([]);
  });
});
