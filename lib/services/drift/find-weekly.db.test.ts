import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { listNewestVerdicts } from "#db/postgres/queries/drift-result.ts";
import { modelVersions } from "#db/postgres/schema/models.ts";
import { buildBaseline, buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestPrediction } from "#db/testing/insert-predictions.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import { defaultQuestion } from "#lib/domain/monitor-definition.ts";
import type { CallContext } from "#lib/services/context.ts";
import { seededRandom } from "#lib/stats/testing/random.ts";
import { profileBaselineRows } from "../baseline/profile-baseline-rows.ts";
import { readMonitorWindows } from "../monitor/read-monitor-windows.ts";
import { rebuildDays } from "../profile/rebuild-days.ts";
import { recomputeBuckets } from "../profile/recompute-buckets.ts";
import { evaluateDrift } from "./evaluate-drift.ts";
import { getDrift } from "./get-drift.ts";
import { getFeatureDrift } from "./get-feature-drift.ts";

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
let model: { id: string; name: string };

const random = seededRandom(41);
const isWeekend = (day: number) => day % 7 >= 5;

/** `load` is higher at weekends; `amount` moves by a quarter of its range on one day, and stays there. */
function featuresOf(day: number, movesOn = Number.POSITIVE_INFINITY) {
  const isShifted = day >= movesOn;
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
  await registerModel();
  await insertDays(dayCount, shiftedFrom);
  await insertBaseline();
});
afterAll(() => stores.close());

async function registerModel() {
  model = await buildModel(stores.postgres, workspaceId, {
    features: { isWeekend: "boolean", load: "numeric", amount: "numeric", quiet: "numeric" },
  });
  modelId = model.id;
  await stores.postgres.db
    .update(modelVersions)
    .set({ firstSeenAt: new Date(monday), lastSeenAt: now })
    .where(eq(modelVersions.modelId, modelId));
}

async function insertDays(count: number, movesOn: number) {
  const rows = Array.from({ length: count * rowsPerDay }, (_, i): TestPrediction => {
    const time = new Date(monday + (i * dayMs) / rowsPerDay);
    return { id: `r${i}`, time, features: featuresOf(Math.floor(i / rowsPerDay), movesOn) };
  });
  await insertPredictions(stores, { workspaceId, modelId }, rows);
  const range = { workspaceId, modelId, fromTime: new Date(monday), untilTime: now };
  for (const grain of ["5m", "1h"] as const) await recomputeBuckets(stores, { ...range, grain });
  await rebuildDays(stores, range);
}

/** Of four weeks, each row with its time if `hasTimes`. */
async function insertBaseline(hasTimes = false) {
  const baselineId = randomUUID();
  const values = Array.from({ length: 7_000 }, (_, i) => {
    const { isWeekend: flag, ...numbers } = featuresOf(i % 28);
    const madeAt = new Date(monday - (56 - (i % 28)) * dayMs + ((i * 97) % 1_440) * 60_000);
    return {
      workspace_id: workspaceId,
      model_id: modelId,
      baseline_id: baselineId,
      row_number: i,
      timestamp: hasTimes ? madeAt.toISOString() : null,
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
  await buildBaseline(stores.postgres, { id: baselineId, workspaceId, modelId });
}

const call = (): CallContext => ({
  ...stores,
  workspaceId,
  actor: { kind: "job", name: "test" },
  now,
});

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

describe("the drift of one day", () => {
  const drift = (day: number) =>
    getDrift.call(call(), {
      model: model.name,
      from: new Date(monday + day * dayMs).toISOString(),
      until: new Date(monday + (day + 1) * dayMs).toISOString(),
    });
  const flagOf = ({ features }: Awaited<ReturnType<typeof drift>>) =>
    features.find(({ feature }) => feature === "isWeekend");
  const found = ({ features }: Awaited<ReturnType<typeof drift>>) =>
    features.filter(({ verdict }) => verdict === "drift").map(({ feature }) => feature);

  test("is said to follow the calendar, on the page, of one feature and where it is kept, and what moved still drifts", async () => {
    const first = await drift(5);
    expect(found(first)).toContain("isWeekend");
    const saturday = await drift(12);
    expect(found(saturday)).toEqual([]);
    const words = /^as a week before: follows the calendar; Hellinger distance /;
    expect(flagOf(saturday)).toMatchObject({
      verdict: "no_drift",
      reason: expect.stringMatching(words),
    });
    expect(found(await drift(shiftedFrom))).toEqual(["amount"]);
    const one = await getFeatureDrift.call(call(), {
      model: model.name,
      feature: "isWeekend",
      from: saturday.from,
      until: saturday.until,
    });
    expect(one.drift).toMatchObject({
      verdict: "no_drift",
      reason: expect.stringMatching(words),
    });
    await evaluateDrift(stores, { workspaceId, modelId: model.id, now });
    const kept = await listNewestVerdicts(
      { pg: stores.postgres.db, workspaceId },
      new Date(now.getTime() - dayMs),
    );
    const byBaseline = kept.filter(({ reference }) => reference === "baseline");
    expect(
      byBaseline.filter(({ verdict }) => verdict === "drift").map((row) => row.feature),
    ).toEqual(["amount"]);
    expect(byBaseline.find(({ feature }) => feature === "isWeekend")?.reason).toMatch(words);
  });
});

describe("of a model in its first week, whose baseline has times", () => {
  const movesOn = 3;
  beforeAll(async () => {
    await registerModel();
    await insertDays(9, movesOn);
    await insertBaseline(true);
  });

  test("weekdays page nobody from the first day on, since each is as it was in the baseline, and what moves is found on its day", async () => {
    const days = await firingDays();
    expect(Object.keys(days)).toEqual(["amount"]);
    expect(days.amount).toEqual(daysFrom(movesOn, 9));
  });

  test("the page says by what", async () => {
    const found = await getDrift.call(call(), {
      model: model.name,
      from: new Date(monday + 5 * dayMs).toISOString(),
      until: new Date(monday + 6 * dayMs).toISOString(),
    });
    expect(found.features.find(({ feature }) => feature === "isWeekend")).toMatchObject({
      verdict: "no_drift",
      reason: expect.stringMatching(
        /^as the baseline at these hours of the week: follows the calendar; Hellinger distance /,
      ),
    });
    expect(found.features.find(({ feature }) => feature === "amount")?.verdict).toBe("drift");
  });
});
