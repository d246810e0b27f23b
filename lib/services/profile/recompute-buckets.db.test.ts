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
import { featureProfileOf, fromStoredProfile } from "#lib/stats/feature-profile.ts";
import { recomputeBuckets } from "./recompute-buckets.ts";

let stores: TestStores;
let workspaceId: string;

beforeAll(async () => {
  stores = openStores();
  ({ id: workspaceId } = await buildWorkspace(stores.postgres));
});
afterAll(() => stores.close());

const fromTime = new Date("2026-11-20T10:00:00Z");
const untilTime = new Date("2026-11-20T11:00:00Z");

async function recompute(modelId: string, grain: "5m" | "1h" = "5m") {
  return recomputeBuckets(stores, { workspaceId, modelId, grain, fromTime, untilTime });
}

async function readProfiles(
  modelId: string,
  grain: "5m" | "1h" = "5m",
  segment = { segmentKey: "", segmentValue: "" },
) {
  return scopeClickHouse(stores.clickhouse, workspaceId).query(profileRows, {
    modelId,
    environment: "production",
    version: "1",
    ...segment,
    grain,
    fromTime,
    untilTime,
    subjects: null,
    features: null,
  });
}

async function profileOf(modelId: string, feature: string, subject = "feature") {
  const found = (await readProfiles(modelId)).filter(
    (row) => row.feature === feature && row.subject === subject,
  );
  expect(found).toHaveLength(1);
  const [row] = found;
  if (row === undefined) throw new Error("no profile");
  return row;
}

const at = (seconds: number) => new Date(fromTime.getTime() + seconds * 1000);

describe("recomputed profiles", () => {
  test("hold what the rows hold, whatever the order, the blocks and the repeats they came in", async () => {
    const { id: modelId } = await buildModel(stores.postgres, workspaceId);
    const rows: TestPrediction[] = [
      {
        id: "a",
        time: at(0),
        value: 10,
        latencyMs: 5,
        features: { x: 1, city: "ATL", is_weekend: true },
        featureTimes: { x: "2026-11-20T09:59:00Z" },
      },
      {
        id: "b",
        time: at(10),
        value: 20,
        latencyMs: 7,
        features: { x: 2, city: "JFK", is_weekend: false },
      },
      { id: "c", time: at(20), value: 20, features: { x: null, city: "ATL" } },
      { id: "d", time: at(30), features: { x: "two", city: "ATL" } },
    ];
    await insertPredictions(stores, { workspaceId, modelId }, [
      rows[3],
      rows[1],
    ] as TestPrediction[]);
    await insertPredictions(stores, { workspaceId, modelId }, [
      rows[0],
      rows[2],
      rows[1],
    ] as TestPrediction[]);
    await insertPredictions(stores, { workspaceId, modelId }, [
      { ...(rows[0] as TestPrediction), features: { x: 1, city: "ATL", is_weekend: true } },
    ]);
    await recompute(modelId);
    expect(await profileOf(modelId, "x")).toMatchObject({
      rowCount: 4,
      numericCount: 2,
      nullCount: 1,
      absentCount: 0,
      stringCount: 1,
      minimum: 1,
      maximum: 2,
      mean: 1.5,
      m2: 0.5,
      resolution: 52,
      zeroFloor: 0,
      bins: [1, 2],
      counts: [1, 1],
      valueNames: ["two"],
      valueCounts: [1],
      newestEventAt: at(30),
    });
    expect(await profileOf(modelId, "city")).toMatchObject({
      rowCount: 4,
      stringCount: 4,
      valueNames: ["ATL", "JFK"],
      valueCounts: [3, 1],
      otherCount: 0,
      distinctCount: 2,
    });
    expect(await profileOf(modelId, "is_weekend")).toMatchObject({
      booleanCount: 2,
      absentCount: 2,
      valueNames: ["false", "true"],
      valueCounts: [1, 1],
    });
    expect(await profileOf(modelId, "value", "prediction")).toMatchObject({
      numericCount: 3,
      absentCount: 1,
      bins: [10, 20],
      counts: [1, 2],
    });
    expect(await profileOf(modelId, "", "latency")).toMatchObject({ numericCount: 2, mean: 6 });
    expect(await profileOf(modelId, "", "event_lag")).toMatchObject({
      numericCount: 4,
      minimum: 1000,
      maximum: 1000,
    });
    expect(await profileOf(modelId, "x", "feature_age")).toMatchObject({
      numericCount: 1,
      mean: 60_000,
      newestFeatureAt: new Date("2026-11-20T09:59:00Z"),
    });
    expect(await profileOf(modelId, "", "row")).toMatchObject({
      rowCount: 4,
      newestEventAt: at(30),
      newestReceivedAt: at(31),
    });
  });

  test("run twice change nothing", async () => {
    const { id: modelId } = await buildModel(stores.postgres, workspaceId);
    await insertPredictions(stores, { workspaceId, modelId }, [
      { id: "a", time: at(0), features: { x: 1 } },
      { id: "b", time: at(400), features: { x: 2 } },
    ]);
    await recompute(modelId);
    const once = await readProfiles(modelId);
    await recompute(modelId);
    expect(await readProfiles(modelId)).toEqual(once);
    expect(once.filter((row) => row.subject === "feature")).toHaveLength(2);
  });

  test("take in a late row, and forget a key that a correction took away", async () => {
    const { id: modelId } = await buildModel(stores.postgres, workspaceId);
    await insertPredictions(stores, { workspaceId, modelId }, [
      { id: "a", time: at(0), features: { x: 1, gone: 5 } },
    ]);
    await recompute(modelId);
    expect(await profileOf(modelId, "gone")).toMatchObject({ numericCount: 1 });
    await insertPredictions(stores, { workspaceId, modelId }, [
      { id: "a", time: at(0), features: { x: 1 }, receivedAt: at(3600) },
      { id: "late", time: at(1), features: { x: 3 }, receivedAt: at(3600) },
    ]);
    await recompute(modelId);
    expect(await profileOf(modelId, "x")).toMatchObject({ rowCount: 2, bins: [1, 3] });
    const profiles = await readProfiles(modelId);
    expect(profiles.filter((row) => row.feature === "gone")).toEqual([]);
  });

  test("exist apart for every value of a declared segment", async () => {
    const { id: modelId } = await buildModel(stores.postgres, workspaceId);
    await stores.postgres.db
      .insert(segmentKeys)
      .values({ modelId, key: "region", createdAt: fromTime });
    await insertPredictions(stores, { workspaceId, modelId }, [
      { id: "a", time: at(0), features: { x: 1 }, tags: { region: "eu" } },
      { id: "b", time: at(1), features: { x: 2 }, tags: { region: "us" } },
      { id: "c", time: at(2), features: { x: 3 }, tags: { region: "eu" } },
    ]);
    await recompute(modelId);
    const eu = await readProfiles(modelId, "5m", { segmentKey: "region", segmentValue: "eu" });
    expect(eu.find((row) => row.feature === "x")).toMatchObject({ rowCount: 2, bins: [1, 3] });
    expect(await profileOf(modelId, "x")).toMatchObject({ rowCount: 3 });
  });

  test("keep the most frequent names and only a sum of the rest", async () => {
    const { id: modelId } = await buildModel(stores.postgres, workspaceId);
    const rows = Array.from({ length: 1_200 }, (_, i) => ({
      id: `r${i}`,
      time: at(0),
      features: { code: `c${i}` },
    }));
    await insertPredictions(stores, { workspaceId, modelId }, [
      ...rows,
      { id: "again", time: at(1), features: { code: "c700" } },
    ]);
    await recompute(modelId);
    const profile = await profileOf(modelId, "code");
    expect(profile).toMatchObject({ stringCount: 1_201, otherCount: 200, distinctCount: 1_200 });
    expect(profile.valueNames).toHaveLength(1_000);
    expect([profile.valueNames[0], profile.valueCounts[0]]).toEqual(["c700", 2]);
  });
});

const awkward: fc.Arbitrary<TestFeatureValue | undefined> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e150, max: 1e150 }),
  },
  { weight: 4, arbitrary: fc.integer({ min: -4, max: 4 }) },
  fc.constantFrom(
    Number.NaN,
    Infinity,
    -Infinity,
    -0,
    5e-324,
    1.5e140,
    null,
    undefined,
    "",
    "ATL",
    "00728",
    true,
    false,
  ),
);

/** Only what a statistic reads: no key, no bucket, no times. */
function profileFrom(row: Awaited<ReturnType<typeof readProfiles>>[number]) {
  const {
    subject,
    feature,
    bucketMs,
    newestEventAt,
    newestReceivedAt,
    newestFeatureAt,
    ...stored
  } = row;
  return fromStoredProfile(stored);
}

/** The moments differ in their last digits with the order of addition. */
function expectSame(
  stored: ReturnType<typeof fromStoredProfile>,
  values: (TestFeatureValue | undefined)[],
) {
  const { mean, m2, ...rest } = stored;
  const { mean: meanExpected, m2: m2Expected, ...restExpected } = featureProfileOf(values);
  expect(rest).toEqual(restExpected);
  const scale = Math.max(
    1e-300,
    Math.abs(restExpected.minimum ?? 0),
    Math.abs(restExpected.maximum ?? 0),
  );
  expect(Math.abs(mean - meanExpected)).toBeLessThanOrEqual(1e-11 * scale);
  expect(Math.abs(m2 - m2Expected)).toBeLessThanOrEqual(
    1e-9 * m2Expected + 1e-22 * scale * scale * values.length,
  );
}

describe("the store and the statistics agree on a profile", () => {
  test("for any values", async () => {
    const samples = fc.array(fc.array(awkward, { minLength: 1, maxLength: 80 }), {
      minLength: 12,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(samples, async (buckets) => {
        const { id: modelId } = await buildModel(stores.postgres, workspaceId);
        const rows = buckets.flatMap((values, bucket) =>
          values.map(
            (value, i): TestPrediction => ({
              id: `${bucket}-${i}`,
              time: at(bucket * 300),
              features: value === undefined ? { other: 1 } : { x: value },
            }),
          ),
        );
        await insertPredictions(stores, { workspaceId, modelId }, rows);
        await recompute(modelId);
        const found = (await readProfiles(modelId)).filter((row) => row.feature === "x");
        for (const [bucket, values] of buckets.entries()) {
          const x = found.find((row) => row.bucketMs === at(bucket * 300).getTime());
          const isUnseen = values.every((value) => value === undefined);
          expect(x === undefined).toBe(isUnseen);
          if (x !== undefined) expectSame(profileFrom(x), values);
        }
      }),
      { numRuns: 8 },
    );
  });

  test("for a small version beside a large one, in one bucket", async () => {
    const { id: modelId } = await buildModel(stores.postgres, workspaceId);
    const large = Array.from({ length: 6_000 }, (_, i) => normal(i));
    const small = Array.from({ length: 500 }, (_, i) => normal(i * 3));
    const rowsOf = (version: string, values: number[]) =>
      values.map(
        (x, i): TestPrediction => ({
          id: `${version}-${i}`,
          version,
          time: at(0),
          features: { x },
        }),
      );
    await insertPredictions(stores, { workspaceId, modelId }, [
      ...rowsOf("1", large),
      ...rowsOf("2", small),
    ]);
    await recompute(modelId);
    expectSame(profileFrom(await profileOf(modelId, "x")), large);
    const [x] = await scopeClickHouse(stores.clickhouse, workspaceId).query(profileRows, {
      modelId,
      environment: "production",
      version: "2",
      segmentKey: "",
      segmentValue: "",
      grain: "5m",
      fromTime,
      untilTime,
      subjects: ["feature"],
      features: ["x"],
    });
    if (x === undefined) throw new Error("no profile");
    expectSame(profileFrom(x), small);
  });

  test("for more features than one statement can count", async () => {
    const { id: modelId } = await buildModel(stores.postgres, workspaceId);
    const names = Array.from({ length: 300 }, (_, i) => `f${i}`);
    const rows = Array.from(
      { length: 4_096 },
      (_, i): TestPrediction => ({
        id: `r${i}`,
        time: at(0),
        value: i,
        features: Object.fromEntries(names.map((name, f) => [name, (i * (f + 1)) % 97])),
      }),
    );
    await insertPredictions(stores, { workspaceId, modelId }, rows);
    await recompute(modelId);
    const profiles = await readProfiles(modelId);
    expect(profiles.filter((row) => row.subject === "feature")).toHaveLength(300);
    expectSame(
      profileFrom(await profileOf(modelId, "f299")),
      rows.map((row) => row.features?.f299),
    );
    expect(await profileOf(modelId, "value", "prediction")).toMatchObject({ numericCount: 4_096 });
  });

  test.each<[string, number, (i: number) => number]>([
    ["a normal around zero", 6_000, (i) => normal(i)],
    ["a normal far from zero", 6_000, (i) => 1e9 + 25 * normal(i)],
    ["a log-normal", 6_000, (i) => Math.exp(2 * normal(i))],
    ["a log-normal of both signs", 6_000, (i) => (i % 3 === 0 ? -1 : 1) * Math.exp(2 * normal(i))],
    ["integers to 3,000", 6_000, (i) => (i * 7919) % 3_000],
    ["a cluster and one outlier", 6_000, (i) => (i === 17 ? -3 : 1e9 + normal(i))],
    ["1,024 distinct values", 6_000, (i) => (i % 1_024) / 7],
    ["1,025 distinct values", 6_000, (i) => (i % 1_025) / 7],
    ["every magnitude", 6_000, (i) => (i % 2 === 0 ? -1 : 1) * 10 ** (((i * 7919) % 280) - 140)],
    ["a small group of a normal", 3_000, (i) => normal(i)],
  ])("for %s", async (_name, count, valueAt) => {
    const { id: modelId } = await buildModel(stores.postgres, workspaceId);
    const values = Array.from({ length: count }, (_, i) => valueAt(i));
    const rows = values.map((value, i) => ({ id: `r${i}`, time: at(0), features: { x: value } }));
    await insertPredictions(stores, { workspaceId, modelId }, rows);
    await recompute(modelId);
    expectSame(profileFrom(await profileOf(modelId, "x")), values);
  });
});

/** Quantiles of a normal in a scattered order: the same numbers in every run. */
function normal(i: number): number {
  const u = (((i * 2654435761) % 4294967296) + 0.5) / 4294967296;
  const v = (((i * 40503 + 12345) % 65536) + 0.5) / 65536;
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
}
