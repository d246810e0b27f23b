import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { pieceParams } from "#db/clickhouse/fragments/profile-window.ts";
import { profileRows } from "#db/clickhouse/queries/profile-rows.ts";
import { windowProfiles } from "#db/clickhouse/queries/window-profiles.ts";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestPrediction } from "#db/testing/insert-predictions.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { FeatureProfile } from "#lib/stats/feature-profile.ts";
import { fromStoredProfile, mergeFeatureProfiles } from "#lib/stats/feature-profile.ts";
import { rebuildDays } from "./rebuild-days.ts";
import { recomputeBuckets } from "./recompute-buckets.ts";
import { sumAllProfiles } from "./sum-profiles.ts";

let stores: TestStores;
let workspaceId: string;
let modelId: string;

const fromTime = new Date("2026-11-19T00:00:00Z");
const untilTime = new Date("2026-11-20T00:00:00Z");
const scope = { environment: "production", version: "1", segmentKey: "", segmentValue: "" };

type Row = Awaited<ReturnType<typeof readProfiles>>[number];

const readProfiles = (grain: "1h" | "1d", ofModel = modelId) =>
  scopeClickHouse(stores.clickhouse, workspaceId).query(profileRows, {
    ...scope,
    modelId: ofModel,
    grain,
    fromTime,
    untilTime,
    subjects: null,
    features: null,
  });

function toProfile(row: Row): FeatureProfile {
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

/** Sums of floats differ in their last digits with the order of addition. */
function expectSame(actual: FeatureProfile, expected: FeatureProfile) {
  const { mean, m2, ...rest } = actual;
  const { mean: meanExpected, m2: m2Expected, ...restExpected } = expected;
  expect(rest).toEqual(restExpected);
  expect(mean).toBeCloseTo(meanExpected, 9);
  expect(Math.abs(m2 - m2Expected)).toBeLessThanOrEqual(1e-9 * (1 + m2Expected));
}

beforeAll(async () => {
  stores = openStores();
  ({ id: workspaceId } = await buildWorkspace(stores.postgres));
  ({ id: modelId } = await buildModel(stores.postgres, workspaceId));
  const rows = Array.from(
    { length: 4_000 },
    (_, i): TestPrediction => ({
      id: `r${i}`,
      time: new Date(fromTime.getTime() + (i % 3) * 3_600_000 + i),
      value: i % 7,
      features: {
        wide: Math.sin(i) * 10 ** (i % 5),
        whole: (i * 31) % 1_500,
        city: `c${(i * i) % 11}`,
        ...(i % 4 === 0 ? { sometimes: i } : {}),
        // Of each hour another scale, and so another grid, another zero floor.
        signed: Math.sin(i * 12.9898) * 43_758.5453 * 100 ** (i % 3),
        huge: 1e15 + ((i * 7_919) % 3_001),
        tiny: (((i * 31) % 1_999) - 999) * 1e-200,
      },
    }),
  );
  await insertPredictions(stores, { workspaceId, modelId }, rows);
  await recomputeBuckets(stores, { workspaceId, modelId, grain: "1h", fromTime, untilTime });
  await rebuildDays(stores, { workspaceId, modelId, fromTime, untilTime });
});
afterAll(() => stores.close());

describe("a day", () => {
  test("is what the statistics merge its hours into", async () => {
    const hours = await readProfiles("1h");
    const days = await readProfiles("1d");
    expect(days.length).toBeGreaterThan(5);
    for (const day of days) {
      const parts = hours.filter(
        (hour) => hour.subject === day.subject && hour.feature === day.feature,
      );
      expectSame(
        toProfile(day),
        mergeFeatureProfiles(parts.map(toProfile), { binCountMax: 1_024 }),
      );
    }
  });

  test("counts the rows of hours that never saw a feature as rows without it", async () => {
    const { id } = await buildModel(stores.postgres, workspaceId);
    const hour = (h: number) => new Date(fromTime.getTime() + h * 3_600_000);
    await insertPredictions(stores, { workspaceId, modelId: id }, [
      { id: "a", time: hour(0), features: { rare: 1 } },
      { id: "b", time: hour(0), features: {} },
      { id: "c", time: hour(1), features: {} },
    ]);
    const range = { workspaceId, modelId: id, fromTime, untilTime };
    await recomputeBuckets(stores, { ...range, grain: "1h" });
    await rebuildDays(stores, range);
    const found = await readProfiles("1d", id);
    const rare = found.find((row) => row.feature === "rare");
    expect(rare).toMatchObject({ rowCount: 3, numericCount: 1, absentCount: 2 });
    expect(found.find((row) => row.subject === "row")).toMatchObject({
      rowCount: 3,
      absentCount: 0,
    });
  });

  test("rebuilt changes nothing", async () => {
    const once = await readProfiles("1d");
    await rebuildDays(stores, { workspaceId, modelId, fromTime, untilTime });
    expect(await readProfiles("1d")).toEqual(once);
  });
});

test("a window of hours is what the statistics merge them into", async () => {
  const hours = await readProfiles("1h");
  const { segmentKey, environment, version } = scope;
  const window = await sumAllProfiles(
    scopeClickHouse(stores.clickhouse, workspaceId).scan(windowProfiles, {
      modelId,
      segmentKey,
      environment,
      version,
      ...pieceParams([{ grain: "1h", fromTime, untilTime }]),
      subjects: ["row", "feature", "prediction", "event_lag"],
    }),
  );
  expect(window.length).toBeGreaterThan(5);
  for (const { subject, feature, profile } of window) {
    const parts = hours.filter((hour) => hour.subject === subject && hour.feature === feature);
    expectSame(profile, mergeFeatureProfiles(parts.map(toProfile)));
  }
});
