import { randomUUID } from "node:crypto";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { profileRows } from "#db/clickhouse/queries/profile-rows.ts";
import {
  claimDirtyBuckets,
  countDirtyBuckets,
  settleDirtyBuckets,
} from "#db/postgres/queries/dirty-buckets.ts";
import { markDirtyBuckets } from "#db/postgres/queries/mark-dirty-buckets.ts";
import { dirtyBuckets } from "#db/postgres/schema/jobs.ts";
import { models } from "#db/postgres/schema/models.ts";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { Grain } from "#lib/domain/grain.ts";
import { recomputeClaim } from "./recompute-claim.ts";

let stores: TestStores;
let workspaceId: string;

const bucket = new Date("2026-11-20T10:05:00Z");
const marked = new Date("2026-11-20T10:06:00Z");
const later = (seconds: number) => new Date(marked.getTime() + seconds * 1000);

beforeAll(async () => {
  stores = openStores();
  ({ id: workspaceId } = await buildWorkspace(stores.postgres));
});
afterAll(() => stores.close());

const build = async () => (await buildModel(stores.postgres, workspaceId)).id;
const mark = (modelId: string, at = marked, start = bucket) =>
  markDirtyBuckets(
    stores.postgres.db,
    [{ workspaceId, modelId, bucket: start.getTime() / 1000 }],
    at,
  );
const rowsOf = (modelId: string) =>
  stores.postgres.db
    .select()
    .from(dirtyBuckets)
    .where(and(eq(dirtyBuckets.modelId, modelId), eq(dirtyBuckets.aspect, "profile")))
    .orderBy(dirtyBuckets.grain, dirtyBuckets.bucket);
const failures: unknown[] = [];
const work = (modelId: string, now: Date, grain: Grain = "5m") =>
  recomputeClaim({
    stores,
    grain,
    modelId,
    now: () => now,
    newId: randomUUID,
    onFailure: ({ error }) => failures.push(error),
  });
const claim = (modelId: string, now: Date, leaseMs = 60_000) =>
  claimDirtyBuckets(stores.postgres.db, {
    grain: "5m",
    now,
    quietMs: 5_000,
    waitMsMax: 20_000,
    bucketsMax: 10,
    leaseMs,
    modelId,
  });
const profiledRows = async (modelId: string, grain: Grain) => {
  const rows = await scopeClickHouse(stores.clickhouse, workspaceId).query(profileRows, {
    modelId,
    environment: "production",
    version: "1",
    segmentKey: "",
    segmentValue: "",
    grain,
    fromTime: new Date("2026-11-20T00:00:00Z"),
    untilTime: new Date("2026-11-21T00:00:00Z"),
    subjects: ["row"],
    features: null,
  });
  return rows.reduce((sum, row) => sum + row.rowCount, 0);
};

describe("a dirty bucket", () => {
  test("is profiled after five quiet seconds, and then its hour and its day", async () => {
    const modelId = await build();
    await insertPredictions(stores, { workspaceId, modelId }, [
      { id: "a", time: bucket, features: { x: 1 } },
    ]);
    await mark(modelId);
    expect(await work(modelId, later(4))).toBeNull();
    expect(await work(modelId, later(6))).toMatchObject({
      bucketCount: 1,
      failedCount: 0,
      rowsRead: 1,
    });
    expect(await profiledRows(modelId, "5m")).toBe(1);
    expect((await rowsOf(modelId)).map((row) => [row.grain, row.bucket.toISOString()])).toEqual([
      ["1h", "2026-11-20T10:00:00.000Z"],
    ]);
    expect(await work(modelId, later(40), "1h")).toMatchObject({ failedCount: 0 });
    expect(await work(modelId, later(110), "1d")).toBeNull();
    expect(await work(modelId, later(200), "1d")).toMatchObject({ failedCount: 0 });
    expect(await rowsOf(modelId)).toEqual([]);
    expect([await profiledRows(modelId, "1h"), await profiledRows(modelId, "1d")]).toEqual([1, 1]);
  });

  test("that is written to without a pause is profiled after 20 s all the same", async () => {
    const modelId = await build();
    await mark(modelId);
    await mark(modelId, later(19));
    expect(await work(modelId, later(19))).toBeNull();
    expect(await work(modelId, later(21))).toMatchObject({ bucketCount: 1 });
  });

  test("is claimed by one worker at a time", async () => {
    const modelId = await build();
    await mark(modelId);
    const claims = await Promise.all([
      claim(modelId, later(10)),
      claim(modelId, later(10)),
      claim(modelId, later(10)),
    ]);
    expect(claims.filter((one) => one !== null)).toHaveLength(1);
  });

  test("that is marked during its recompute stays dirty", async () => {
    const modelId = await build();
    await mark(modelId);
    const taken = await claim(modelId, later(10));
    if (taken === null) throw new Error("nothing was claimed");
    await mark(modelId, later(11));
    await settleDirtyBuckets(stores.postgres.db, taken, taken.buckets, later(12));
    const [left] = (await rowsOf(modelId)).filter((row) => row.grain === "5m");
    expect(left).toMatchObject({
      generation: 2,
      claimedUntil: null,
      attempts: 0,
      firstMarkedAt: later(11),
    });
  });

  test("whose worker died is claimed again when the claim runs out", async () => {
    const modelId = await build();
    await mark(modelId);
    await claim(modelId, later(10));
    expect(await claim(modelId, later(60))).toBeNull();
    expect(await claim(modelId, later(71))).not.toBeNull();
  });

  test("that two workers recomputed at once, since a claim ran out, is profiled once more", async () => {
    const modelId = await build();
    await mark(modelId);
    const slow = await claim(modelId, later(10));
    const quick = await claim(modelId, later(71));
    if (slow === null || quick === null) throw new Error("nothing was claimed");
    await settleDirtyBuckets(stores.postgres.db, quick, quick.buckets, later(72));
    expect((await rowsOf(modelId)).filter((row) => row.grain === "5m")).toEqual([]);
    await settleDirtyBuckets(stores.postgres.db, slow, slow.buckets, later(80));
    expect((await rowsOf(modelId)).filter((row) => row.grain === "5m")).toHaveLength(1);
  });

  test("older than the five-minute profiles goes straight to its hour", async () => {
    const modelId = await build();
    await insertPredictions(stores, { workspaceId, modelId }, [
      { id: "a", time: bucket, features: { x: 1 } },
    ]);
    await mark(modelId);
    await work(modelId, later(30 * 86_400));
    expect(await profiledRows(modelId, "5m")).toBe(0);
    expect((await rowsOf(modelId)).map((row) => row.grain)).toEqual(["1h"]);
  });

  test("whose raw rows have expired is never recomputed", async () => {
    const modelId = await build();
    await stores.postgres.db
      .update(models)
      .set({ rawRetentionDays: 3 })
      .where(eq(models.id, modelId));
    await insertPredictions(stores, { workspaceId, modelId }, [
      { id: "a", time: bucket, features: { x: 1 } },
    ]);
    await mark(modelId);
    await work(modelId, later(5 * 86_400));
    expect(await rowsOf(modelId)).toEqual([]);
    expect(await profiledRows(modelId, "5m")).toBe(0);
  });

  test("whose hour runs and is not told by its five minutes has it counted from its rows once it is over", async () => {
    const modelId = await build();
    const rows = Array.from({ length: 25_000 }, (_, i) => ({
      id: `r${i}`,
      time: bucket,
      features: { code: `c${i % 1_200}` },
    }));
    const hourEnd = new Date("2026-11-20T11:00:00Z");
    const atEnd = (seconds: number) => new Date(hourEnd.getTime() + seconds * 1000);
    const dirtyHour = async () => (await rowsOf(modelId)).find((row) => row.grain === "1h");
    await insertPredictions(stores, { workspaceId, modelId }, rows);
    await mark(modelId);
    await work(modelId, later(10));
    expect(await work(modelId, later(50), "1h")).toMatchObject({ failedCount: 0, rowsRead: 0 });
    expect(await profiledRows(modelId, "1h")).toBe(25_000);
    expect(await dirtyHour()).toMatchObject({ firstMarkedAt: hourEnd, lastMarkedAt: hourEnd });
    const waiting = async (now: Date) =>
      (await countDirtyBuckets({ pg: stores.postgres.db, workspaceId, now })).count;
    expect((await waiting(atEnd(0))) - (await waiting(atEnd(-1)))).toBe(1);
    expect(await work(modelId, later(1_000), "1h")).toBeNull();
    // What comes meanwhile does not wait for the end.
    await mark(modelId, later(1_000));
    await work(modelId, later(1_010));
    expect(await work(modelId, later(1_030), "1h")).toBeNull();
    expect(await work(modelId, later(1_050), "1h")).toMatchObject({ rowsRead: 0 });
    expect(await work(modelId, atEnd(20), "1h")).toBeNull();
    expect(await work(modelId, atEnd(40), "1h")).toMatchObject({ rowsRead: 25_000 });
    expect(await dirtyHour()).toBeUndefined();
  });

  test("of the day at the border of retention is profiled up to its day, as long as its rows are there", async () => {
    const modelId = await build();
    await stores.postgres.db
      .update(models)
      .set({ rawRetentionDays: 3 })
      .where(eq(models.id, modelId));
    await insertPredictions(stores, { workspaceId, modelId }, [
      { id: "a", time: bucket, features: { x: 1 } },
    ]);
    await mark(modelId);
    const day = 3 * 86_400;
    await work(modelId, later(day));
    await work(modelId, later(day + 40), "1h");
    await work(modelId, later(day + 110), "1d");
    expect(await rowsOf(modelId)).toEqual([]);
    expect([await profiledRows(modelId, "1h"), await profiledRows(modelId, "1d")]).toEqual([1, 1]);
  });

  test("of a day whose hours were dropped takes nothing away from the day", async () => {
    const modelId = await build();
    await insertPredictions(stores, { workspaceId, modelId }, [
      { id: "early", time: new Date("2026-11-20T03:00:00Z"), features: { x: 1 } },
      { id: "late", time: bucket, features: { x: 2 } },
    ]);
    await mark(modelId);
    const longAfter = 500 * 86_400;
    await work(modelId, later(longAfter));
    await work(modelId, later(longAfter + 40), "1h");
    expect(await profiledRows(modelId, "1h")).toBe(1);
    await work(modelId, later(longAfter + 110), "1d");
    expect(await profiledRows(modelId, "1d")).toBe(2);
  });

  test("of a long claim waits behind newer ones, and is given back when the time is over", async () => {
    const modelId = await build();
    const starts = Array.from({ length: 40 }, (_, i) => new Date(bucket.getTime() - i * 300_000));
    await insertPredictions(
      stores,
      { workspaceId, modelId },
      starts.map((time, i) => ({ id: `r${i}`, time, features: { x: i } })),
    );
    for (const start of starts) await mark(modelId, marked, start);
    let clock = 0;
    const slowly = (seconds: number) =>
      recomputeClaim({
        stores,
        grain: "5m",
        modelId,
        now: () => later(seconds),
        newId: randomUUID,
        onFailure: ({ error }) => failures.push(error),
        clockMs: () => {
          clock += 3_000;
          return clock;
        },
      });
    const newest = starts.slice(0, 6).reverse();
    const done = await slowly(10);
    expect(done).toMatchObject({ bucketCount: 6, rowsRead: 6 });
    expect(done?.claim.buckets.map((one) => one.bucket)).toEqual(newest);
    const minutes = async () => (await rowsOf(modelId)).filter((row) => row.grain === "5m");
    expect(await minutes()).toHaveLength(34);
    expect((await minutes()).every((row) => row.claimedUntil === null)).toBe(true);
    expect(await work(modelId, later(11))).toMatchObject({ bucketCount: 34 });
    expect(await minutes()).toEqual([]);
    expect(await profiledRows(modelId, "5m")).toBe(40);
  });

  test("that cannot be profiled rests, stays visible, and holds up no other", async () => {
    const modelId = await build();
    await insertPredictions(stores, { workspaceId, modelId }, [
      { id: "a", time: bucket, features: { x: 1 } },
    ]);
    await mark(modelId);
    const broken = {
      ...stores,
      clickhouse: Object.create(stores.clickhouse, {
        exec: { value: async () => Promise.reject(new Error("the engine says no")) },
      }),
    };
    await recomputeClaim({
      stores: broken,
      grain: "5m",
      modelId,
      now: () => later(10),
      newId: randomUUID,
      onFailure: ({ error }) => failures.push(error),
    });
    expect(failures.at(-1)).toMatchObject({ message: "the engine says no" });
    const [row] = await rowsOf(modelId);
    expect(row).toMatchObject({ attempts: 1, claimedUntil: later(20) });
    expect(await work(modelId, later(21))).toMatchObject({ failedCount: 0 });
  });
});
