import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { profileRows } from "#db/clickhouse/queries/profile-rows.ts";
import { segmentKeys } from "#db/postgres/schema/models.ts";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestFeatureValue, TestPrediction } from "#db/testing/insert-predictions.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import { recomputeBuckets } from "./recompute-buckets.ts";
import { recomputeHours } from "./recompute-hours.ts";

let stores: TestStores;
let workspaceId: string;

const fromTime = new Date("2026-11-20T10:00:00Z");
const untilTime = new Date("2026-11-20T11:00:00Z");
const hour = { fromTime, untilTime };
const running = new Date("2026-11-20T10:40:00Z");
const over = new Date("2026-11-20T11:02:00Z");
const at = (seconds: number) => new Date(fromTime.getTime() + seconds * 1000);

beforeAll(async () => {
  stores = openStores();
  ({ id: workspaceId } = await buildWorkspace(stores.postgres));
});
afterAll(() => stores.close());

async function buildTagged(...keys: string[]): Promise<string> {
  const { id: modelId } = await buildModel(stores.postgres, workspaceId);
  for (const key of keys)
    await stores.postgres.db.insert(segmentKeys).values({ modelId, key, createdAt: fromTime });
  return modelId;
}

const insert = (modelId: string, rows: TestPrediction[]) =>
  insertPredictions(stores, { workspaceId, modelId }, rows);
const recomputeMinutes = (modelId: string, times = hour) =>
  recomputeBuckets(stores, { workspaceId, modelId, grain: "5m", ...times });
const recompute = (modelId: string, now = over, times = hour) =>
  recomputeHours(stores, { workspaceId, modelId, ...times, now, mergedRowsMin: 0 });

interface Scope {
  environment: string;
  version: string;
  segmentKey: string;
  segmentValue: string;
}
const everything: Scope = {
  environment: "production",
  version: "1",
  segmentKey: "",
  segmentValue: "",
};

const readHours = (modelId: string, scope: Partial<Scope> = {}) =>
  scopeClickHouse(stores.clickhouse, workspaceId).query(profileRows, {
    modelId,
    ...everything,
    ...scope,
    grain: "1h",
    fromTime,
    untilTime: new Date(untilTime.getTime() + 3_600_000),
    subjects: null,
    features: null,
  });
type Hours = Awaited<ReturnType<typeof readHours>>;

/** What the raw rows say, counted as they are. */
async function countHours(modelId: string, scope: Partial<Scope> = {}): Promise<Hours> {
  await recomputeBuckets(stores, { workspaceId, modelId, grain: "1h", ...hour });
  return readHours(modelId, scope);
}

/** Sums of floats differ in their last digits with the order of addition. */
function expectSame(merged: Hours, counted: Hours) {
  const withoutMoments = (hours: Hours) => hours.map(({ mean, m2, ...rest }) => rest);
  expect(withoutMoments(merged)).toEqual(withoutMoments(counted));
  for (const [i, { mean, m2, minimum, maximum, numericCount }] of merged.entries()) {
    const expected = counted[i];
    if (expected === undefined) throw new Error("no profile");
    const scale = Math.max(1e-300, Math.abs(minimum), Math.abs(maximum));
    expect(Math.abs(mean - expected.mean)).toBeLessThanOrEqual(1e-11 * scale);
    const tolerance = 1e-9 * expected.m2 + 1e-22 * scale * scale * numericCount;
    if (m2 !== expected.m2) expect(Math.abs(m2 - expected.m2)).toBeLessThanOrEqual(tolerance);
  }
}

const mixedRow = (i: number): TestPrediction => ({
  id: `r${i}`,
  time: at((i * 37) % 3_600),
  version: i % 5 === 0 ? "2" : "1",
  environment: i % 11 === 0 ? "staging" : "production",
  value: (i * 31) % 1_500,
  label: i % 3 === 0 ? "yes" : "no",
  score: ((i * 17) % 101) / 101,
  probabilities: { yes: ((i * 17) % 101) / 101, no: 1 - ((i * 17) % 101) / 101 },
  latencyMs: Math.exp(normal(i)),
  tags: { region: `r${i % 4}`, ...(i % 3 === 0 ? { tier: `t${i % 2}` } : {}) },
  features: {
    positive: Math.exp(2 * normal(i)),
    signed: normal(i),
    whole: (i * 7_919) % 3_000,
    city: `c${(i * i) % 301}`,
    flag: i % 2 === 0,
    mixed: [i % 7, `s${i % 7}`, null, i % 2 === 1][i % 4] ?? null,
    ...(i % 900 === 0 ? { rare: i } : {}),
  },
  featureTimes: { positive: at(((i * 37) % 3_600) - 60 - (i % 50)).toISOString() },
});

describe("an hour that is made of its five minutes is the hour that is counted from its rows", () => {
  test("of every kind of value, version, environment and segment, without a look at the rows", async () => {
    const modelId = await buildTagged("region", "tier");
    await insert(
      modelId,
      Array.from({ length: 6_000 }, (_, i) => mixedRow(i)),
    );
    await recomputeMinutes(modelId);
    expect(await recompute(modelId)).toEqual({ rowsRead: 0, unfinished: [] });
    const scopes: Partial<Scope>[] = [
      {},
      { version: "2" },
      { environment: "staging" },
      { segmentKey: "region", segmentValue: "r1" },
      { segmentKey: "region", segmentValue: "r2", version: "2" },
      { segmentKey: "tier", segmentValue: "" },
      { segmentKey: "tier", segmentValue: "t1" },
    ];
    const merged = await Promise.all(scopes.map((scope) => readHours(modelId, scope)));
    for (const [i, scope] of scopes.entries()) {
      expect(merged[i]?.length).toBeGreaterThan(10);
      expectSame(merged[i] ?? [], await countHours(modelId, scope));
    }
  });

  test("after a late row, a repeat, a repeat in another five minutes and a key that a correction took away", async () => {
    const modelId = await buildTagged();
    await insert(modelId, [
      { id: "a", time: at(0), features: { x: 1, gone: 5 } },
      { id: "b", time: at(700), features: { x: 2 } },
      { id: "only", time: at(1_500), version: "2", features: { x: 2 } },
    ]);
    await recomputeMinutes(modelId);
    await recompute(modelId);
    expect((await readHours(modelId)).map(({ feature }) => feature)).toContain("gone");
    await insert(modelId, [
      { id: "a", time: at(0), features: { x: 4 }, receivedAt: at(3_600) },
      { id: "b", time: at(1_000), features: { x: 3 }, receivedAt: at(3_600) },
      { id: "late", time: at(701), features: {}, receivedAt: at(3_600) },
    ]);
    await recomputeMinutes(modelId, { fromTime, untilTime: at(1_200) });
    expect(await recompute(modelId)).toEqual({ rowsRead: 0, unfinished: [] });
    const merged = await readHours(modelId);
    expect(merged.find(({ feature }) => feature === "x")).toMatchObject({
      rowCount: 4,
      absentCount: 1,
      bins: [2, 3, 4],
    });
    expect(merged.find(({ feature }) => feature === "gone")).toBeUndefined();
    expectSame(merged, await countHours(modelId));
    expect(await readHours(modelId, { version: "2" })).not.toEqual([]);
  });

  test("of whose five minutes some lack a feature that others have", async () => {
    const modelId = await buildTagged();
    await insert(modelId, [
      { id: "a", time: at(0), features: { x: 1 } },
      { id: "b", time: at(301), features: { y: null } },
      { id: "c", time: at(302), features: {} },
      { id: "d", time: at(3_599), features: { x: "one" } },
    ]);
    await recomputeMinutes(modelId);
    await recompute(modelId);
    const merged = await readHours(modelId);
    expect(merged.find(({ feature }) => feature === "x")).toMatchObject({
      rowCount: 4,
      absentCount: 2,
      numericCount: 1,
      stringCount: 1,
      newestEventAt: at(3_599),
    });
    expectSame(merged, await countHours(modelId));
  });

  test("whose rows are all gone is gone as well", async () => {
    const modelId = await buildTagged();
    await insert(modelId, [{ id: "a", time: at(0), features: { x: 1 } }]);
    await recomputeMinutes(modelId);
    await recompute(modelId);
    await stores.clickhouse.command({
      query: "DELETE FROM predictions WHERE model_id = {modelId: UUID}",
      query_params: { modelId },
    });
    await recomputeMinutes(modelId);
    await recompute(modelId);
    expect(await readHours(modelId)).toEqual([]);
  });

  test("for any values", async () => {
    const scale = fc.constantFrom(1e-200, 1e-3, 1, 1e9);
    const value: fc.Arbitrary<TestFeatureValue | undefined> = fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: -3, max: 3 }) },
      {
        weight: 3,
        arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e150, max: 1e150 }),
      },
      fc.constantFrom(Number.NaN, Infinity, -Infinity, -0, null, undefined, "", "ATL", true, false),
    );
    const minutes = fc.array(
      fc.record({
        values: fc.array(value, { maxLength: 12 }),
        scale,
        spread: fc.constantFrom(0, 900, 1_100),
      }),
      { minLength: 12, maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(minutes, async (drawn) => {
        const modelId = await buildTagged();
        const rows = drawn.flatMap(({ values, scale: unit, spread }, minute) => {
          const all = [
            ...values.map((one) => (typeof one === "number" && one % 1 === 0 ? one * unit : one)),
            ...Array.from({ length: spread }, (_, i) => normal(i + minute) * unit),
          ];
          return all.map(
            (one, i): TestPrediction => ({
              id: `${minute}-${i}`,
              time: at(minute * 300),
              features: one === undefined ? { other: 1 } : { x: one },
            }),
          );
        });
        await insert(modelId, rows);
        await recomputeMinutes(modelId);
        await recompute(modelId);
        const merged = await readHours(modelId);
        expectSame(merged, await countHours(modelId));
      }),
      { numRuns: 4, endOnFailure: true },
    );
  });
});

describe("an hour that its five minutes don't tell", () => {
  const named = (length: number): TestPrediction[] =>
    Array.from({ length }, (_, i) => ({
      id: `r${i}`,
      time: at(i % 2),
      features: { code: `c${i}`, x: i },
    }));

  test("is counted from its rows once it is over: names beyond those that are kept", async () => {
    const modelId = await buildTagged();
    await insert(modelId, [
      ...named(1_200),
      { id: "more", time: at(900), features: { code: "c1100" } },
    ]);
    await recomputeMinutes(modelId);
    expect(await recompute(modelId)).toEqual({ rowsRead: 1_201, unfinished: [] });
    const merged = await readHours(modelId);
    expect(merged.find(({ feature }) => feature === "code")).toMatchObject({
      otherCount: 0,
      distinctCount: 1_200,
    });
    expectSame(merged, await countHours(modelId));
  });

  test("is as its five minutes have it while it runs, and then due again", async () => {
    const modelId = await buildTagged();
    await insert(modelId, named(1_200));
    await recomputeMinutes(modelId);
    expect(await recompute(modelId, running)).toEqual({ rowsRead: 0, unfinished: [fromTime] });
    const found = await readHours(modelId);
    expect(found.find(({ feature }) => feature === "code")).toMatchObject({
      rowCount: 1_200,
      stringCount: 1_200,
      otherCount: 200,
    });
    expect(found.find(({ feature }) => feature === "x")).toMatchObject({ numericCount: 1_200 });
  });

  test("is counted from its rows: a zero floor that five minutes have larger", async () => {
    const modelId = await buildTagged();
    const rows = Array.from(
      { length: 8_000 },
      (_, i): TestPrediction => ({
        id: `r${i}`,
        time: at(i < 2_000 ? 0 : 600),
        features: { x: normal(i) * (i < 2_000 ? 1_000 : 1) },
      }),
    );
    await insert(modelId, rows);
    await recomputeMinutes(modelId);
    expect(await recompute(modelId)).toEqual({ rowsRead: 8_000, unfinished: [] });
    expectSame(await readHours(modelId), await countHours(modelId));
  });

  test("is counted from its rows: values of a tag beyond those that are profiled", async () => {
    const modelId = await buildTagged("shop");
    const rows = Array.from(
      { length: 240 },
      (_, i): TestPrediction => ({
        id: `r${i}`,
        time: at(i < 120 ? 0 : 600),
        tags: { shop: `s${i % 120}` },
        features: { x: i },
      }),
    );
    await insert(modelId, rows);
    await recomputeMinutes(modelId);
    expect(await recompute(modelId)).toEqual({ rowsRead: 240, unfinished: [] });
  });

  test("leaves the hours beside it to their five minutes", async () => {
    const modelId = await buildTagged();
    await insert(modelId, [...named(1_200), { id: "next", time: at(3_600), features: { x: 1 } }]);
    const both = { fromTime, untilTime: at(7_200) };
    await recomputeMinutes(modelId, both);
    expect(await recompute(modelId, at(7_300), both)).toEqual({ rowsRead: 1_200, unfinished: [] });
    expect((await readHours(modelId)).filter(({ feature }) => feature === "x")).toMatchObject([
      { rowCount: 1_200 },
      { rowCount: 1 },
    ]);
  });
});

test("an hour of few rows is counted from them, also while it runs", async () => {
  const modelId = await buildTagged();
  await insert(modelId, [{ id: "a", time: at(0), features: { x: 1 } }]);
  await recomputeMinutes(modelId);
  const found = await recomputeHours(stores, { workspaceId, modelId, ...hour, now: running });
  expect(found).toEqual({ rowsRead: 1, unfinished: [] });
  expect(await readHours(modelId)).not.toEqual([]);
});

test("an hour whose five minutes are about to be forgotten is counted from its rows", async () => {
  const modelId = await buildTagged();
  await insert(modelId, [{ id: "a", time: at(0), features: { x: 1 } }]);
  const daysLater = (days: number) => new Date(over.getTime() + days * 86_400_000);
  expect(await recompute(modelId, daysLater(12))).toEqual({ rowsRead: 0, unfinished: [] });
  expect(await readHours(modelId)).toEqual([]);
  expect(await recompute(modelId, daysLater(13))).toEqual({ rowsRead: 1, unfinished: [] });
  expect(await readHours(modelId)).not.toEqual([]);
});

/** Quantiles of a normal in a scattered order: the same numbers in every run. */
function normal(i: number): number {
  const u = (((i * 2654435761) % 4294967296) + 0.5) / 4294967296;
  const v = (((i * 40503 + 12345) % 65536) + 0.5) / 65536;
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
}
