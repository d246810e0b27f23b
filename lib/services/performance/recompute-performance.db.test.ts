import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { performanceRows } from "#db/clickhouse/queries/performance-rows.ts";
import { recordArrivals } from "#db/postgres/queries/arrival.ts";
import { markDirtyBuckets } from "#db/postgres/queries/mark-dirty-buckets.ts";
import { arrivals, dirtyBuckets } from "#db/postgres/schema/jobs.ts";
import { models, segmentKeys } from "#db/postgres/schema/models.ts";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestLabel } from "#db/testing/insert-labels.ts";
import { insertLabels } from "#db/testing/insert-labels.ts";
import type { TestPrediction } from "#db/testing/insert-predictions.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { Task } from "#lib/domain/model.ts";
import type { PerformanceProfile } from "#lib/stats/performance/profile.ts";
import { fromStoredPerformance } from "#lib/stats/performance/profile.ts";
import { markArrivedHours } from "../profile/mark-arrived-hours.ts";
import { recomputeClaim } from "../profile/recompute-claim.ts";

let stores: TestStores;
let workspaceId: string;

const hour = "2026-11-20T10:00:00Z";
const at = (clock: string) => `2026-11-20T${clock}Z`;
let nowMs = Date.parse("2026-11-20T12:00:00Z");
const now = () => new Date(nowMs);

beforeAll(async () => {
  stores = openStores();
  ({ id: workspaceId } = await buildWorkspace(stores.postgres));
});
afterAll(() => stores.close());

async function build(task: Task | null): Promise<string> {
  const { id } = await buildModel(stores.postgres, workspaceId);
  await stores.postgres.db.update(models).set({ task }).where(eq(models.id, id));
  return id;
}

/** As ingest does it: stored, then marked. */
async function predict(modelId: string, rows: TestPrediction[]): Promise<void> {
  await insertPredictions(stores, { workspaceId, modelId }, rows);
  const buckets = rows.map((row) => Math.floor(new Date(row.time).getTime() / 300_000) * 300);
  await markDirtyBuckets(
    stores.postgres.db,
    [...new Set(buckets)].map((bucket) => ({ workspaceId, modelId, bucket })),
    now(),
  );
}

async function label(modelId: string, rows: TestLabel[]): Promise<void> {
  const places = await insertLabels(stores, { workspaceId, modelId }, rows);
  const times = rows.map((row) => new Date(row.time).getTime());
  const arrival = {
    aspect: "performance" as const,
    workspaceId,
    modelId,
    ...places,
    rowFromMs: Math.min(...times),
    rowUntilMs: Math.max(...times),
    rowCount: rows.length,
  };
  await recordArrivals(stores.postgres.db, [arrival], now());
}

const failures: unknown[] = [];
/** What the worker's lane does, until nothing is due; the clock moves so that everything is. */
async function work(modelId: string): Promise<void> {
  for (const grain of ["1h", "1d"] as const) {
    nowMs += 600_000;
    await markArrivedHours({
      stores,
      aspect: "performance",
      now,
      modelId,
      onFailure: (one) => failures.push(one),
    });
    nowMs += 600_000;
    const options = { stores, aspect: "performance" as const, grain, modelId, now };
    const onFailure = (one: unknown) => failures.push(one);
    while ((await recomputeClaim({ ...options, newId: randomUUID, onFailure })) !== null);
  }
  expect(failures).toEqual([]);
}

async function read(
  modelId: string,
  grain: "1h" | "1d" = "1h",
  version = "1",
  segment = { segmentKey: "", segmentValue: "" },
): Promise<PerformanceProfile[]> {
  const day = Date.parse("2026-11-20T00:00:00Z") / 1000;
  const rows = await scopeClickHouse(stores.clickhouse, workspaceId).query(performanceRows, {
    modelId,
    environment: "production",
    version,
    ...segment,
    grains: [grain],
    fromSeconds: [day],
    untilSeconds: [day + 86_400],
  });
  return rows.map(fromStoredPerformance);
}

const pairsOf = (profile: PerformanceProfile | undefined) =>
  profile?.pairs.map(({ decision, label: turned, count }) => [decision, turned, count]).sort();
const aspectRows = async (modelId: string) =>
  (
    await stores.postgres.db.select().from(dirtyBuckets).where(eq(dirtyBuckets.modelId, modelId))
  ).filter((row) => row.aspect === "performance");

describe("the performance of an hour", () => {
  test("is the predictions beside the labels that have come, and its day is what its hours add up to", async () => {
    const modelId = await build("binary");
    await predict(modelId, [
      { id: "a", time: at("10:01:00"), label: "late", score: 0.9 },
      { id: "b", time: at("10:20:00.123"), label: "late", score: 0.8 },
      { id: "c", time: at("10:59:59.987"), label: "on_time", score: 0.1 },
      { id: "d", time: at("10:30:00"), label: "on_time", score: 0.1 },
      { id: "e", time: at("11:00:00"), label: "on_time", score: 0.2 },
    ]);
    await label(modelId, [
      { id: "a", label: "late", time: at("10:31:00") },
      { id: "b", label: "on_time", time: at("10:50:00") },
      { id: "c", label: "on_time", time: at("11:29:59") },
      { id: "e", label: "late", time: at("11:30:00.555") },
      { id: "nobody", label: "late", time: at("11:30:00") },
    ]);
    await work(modelId);
    const [first, second] = await read(modelId);
    expect(first).toMatchObject({ rowCount: 4, labelledCount: 3, resolution: 52 });
    expect(pairsOf(first)).toEqual([
      ["late", "late", 1],
      ["late", "on_time", 1],
      ["on_time", "", 1],
      ["on_time", "on_time", 1],
    ]);
    expect(
      first?.cells.map((cell) => [cell.score, cell.decision, cell.label, cell.count]).sort(),
    ).toEqual([
      [0.1, "on_time", "", 1],
      [0.1, "on_time", "on_time", 1],
      [0.8, "late", "on_time", 1],
      [0.9, "late", "late", 1],
    ]);
    const cell = first?.cells.find((one) => one.score === 0.8);
    expect(cell?.lossNegative).toBeCloseTo(-Math.log(0.2), 12);
    expect(cell?.squareSum).toBeCloseTo(0.64, 12);
    // Half an hour and the second that receipt takes: on the grid of 8 bins to the octave.
    expect([...(first?.delays ?? [])]).toEqual(
      [[1_703_936, 3]].map(([, n]) => [expect.any(Number), n]),
    );
    expect(pairsOf(second)).toEqual([["on_time", "late", 1]]);
    const [day] = await read(modelId, "1d");
    expect(day).toMatchObject({ rowCount: 5, labelledCount: 4 });
    expect(pairsOf(day)).toEqual([
      ["late", "late", 1],
      ["late", "on_time", 1],
      ["on_time", "", 1],
      ["on_time", "late", 1],
      ["on_time", "on_time", 1],
    ]);
    expect(day?.cells.reduce((sum, one) => sum + one.count, 0)).toBe(5);
    expect(await aspectRows(modelId)).toEqual([]);
  });

  test("changes with a label that comes a week late, and with no profile of it", async () => {
    const modelId = await build("binary");
    await predict(modelId, [{ id: "a", time: hour, label: "1", score: 0.7 }]);
    await work(modelId);
    expect(pairsOf((await read(modelId))[0])).toEqual([["1", "", 1]]);
    await stores.postgres.db.delete(dirtyBuckets).where(eq(dirtyBuckets.modelId, modelId));
    await label(modelId, [{ id: "a", label: 0, time: "2026-11-27T10:00:00Z" }]);
    await work(modelId);
    expect(pairsOf((await read(modelId))[0])).toEqual([["1", "0", 1]]);
    expect(pairsOf((await read(modelId, "1d"))[0])).toEqual([["1", "0", 1]]);
    const left = await stores.postgres.db
      .select()
      .from(dirtyBuckets)
      .where(eq(dirtyBuckets.modelId, modelId));
    expect(left).toEqual([]);
  });

  test("goes by the label that holds: the latest known, whatever the order in which they came", async () => {
    const modelId = await build("binary");
    await predict(modelId, [{ id: "a", time: hour, label: "yes" }]);
    await label(modelId, [{ id: "a", label: "no", time: at("11:00:00") }]);
    await label(modelId, [
      { id: "a", label: "yes", time: at("10:30:00"), receivedAt: at("11:40:00") },
    ]);
    await work(modelId);
    expect(pairsOf((await read(modelId))[0])).toEqual([["yes", "no", 1]]);
    await label(modelId, [{ id: "a", label: "yes", time: at("11:30:00") }]);
    await work(modelId);
    const [first] = await read(modelId);
    expect(pairsOf(first)).toEqual([["yes", "yes", 1]]);
    expect(first).toMatchObject({ rowCount: 1, labelledCount: 1 });
  });

  test("joins a label that came before its prediction", async () => {
    const modelId = await build("binary");
    await label(modelId, [{ id: "a", label: "yes", time: at("09:00:00") }]);
    await work(modelId);
    expect(await read(modelId)).toEqual([]);
    expect(
      await stores.postgres.db.select().from(arrivals).where(eq(arrivals.modelId, modelId)),
    ).toEqual([]);
    await predict(modelId, [{ id: "a", time: hour, label: "yes" }]);
    await work(modelId);
    expect(pairsOf((await read(modelId))[0])).toEqual([["yes", "yes", 1]]);
  });

  test("is the same when everything is sent, noted and recomputed twice", async () => {
    const modelId = await build("binary");
    const rows = [{ id: "a", time: hour, label: "yes", score: 0.4 }];
    const labels = [{ id: "a", label: "no", time: at("11:00:00") }];
    for (let i = 0; i < 2; i += 1) {
      await predict(modelId, rows);
      await label(modelId, labels);
      await label(modelId, labels);
      await work(modelId);
    }
    const [first, ...others] = await read(modelId);
    expect(others).toEqual([]);
    expect(first).toMatchObject({ rowCount: 1, labelledCount: 1 });
    expect(first?.cells.map((cell) => cell.count)).toEqual([1]);
  });

  test("of every version that made a prediction takes the label, in its own environment alone", async () => {
    const modelId = await build("binary");
    await predict(modelId, [
      { id: "a", time: hour, label: "yes" },
      { id: "a", time: at("10:00:01"), label: "no", version: "shadow" },
      { id: "a", time: at("10:00:01"), label: "no", environment: "staging" },
    ]);
    await label(modelId, [{ id: "a", label: "yes", time: at("11:00:00") }]);
    await work(modelId);
    expect(pairsOf((await read(modelId))[0])).toEqual([["yes", "yes", 1]]);
    expect(pairsOf((await read(modelId, "1h", "shadow"))[0])).toEqual([["no", "yes", 1]]);
    const all = await scopeClickHouse(stores.clickhouse, workspaceId).query(performanceRows, {
      modelId,
      environment: "staging",
      version: null,
      segmentKey: null,
      segmentValue: null,
      grains: ["1h"],
      fromSeconds: [0],
      untilSeconds: [2_000_000_000],
    });
    expect(all.map((row) => [row.rowCount, row.labelledCount])).toEqual([[1, 0]]);
  });

  test("of a segment has its own rows", async () => {
    const modelId = await build("binary");
    await stores.postgres.db
      .insert(segmentKeys)
      .values({ modelId, key: "region", createdAt: now() });
    await predict(modelId, [
      { id: "a", time: hour, label: "yes", tags: { region: "eu" } },
      { id: "b", time: hour, label: "no", tags: { region: "us" } },
    ]);
    await label(modelId, [{ id: "a", label: "no", time: at("11:00:00") }]);
    await work(modelId);
    const segment = (segmentValue: string) =>
      read(modelId, "1d", "1", { segmentKey: "region", segmentValue });
    expect(pairsOf((await segment("eu"))[0])).toEqual([["yes", "no", 1]]);
    expect(pairsOf((await segment("us"))[0])).toEqual([["no", "", 1]]);
  });

  test("with more scores than it keeps is counted on a coarser grid, and loses no row and no sum", async () => {
    const modelId = await build("binary");
    const scores = Array.from({ length: 3_000 }, (_, i) => ((i * 7_919) % 3_001) / 3_001);
    await predict(
      modelId,
      scores.map((score, i) => ({ id: `r${i}`, time: hour, label: "no", score })),
    );
    await work(modelId);
    const [first] = await read(modelId);
    expect(first?.resolution).toBeLessThan(52);
    expect(first?.cells.length).toBeLessThanOrEqual(1_024);
    expect(first?.cells.length).toBeGreaterThan(512);
    expect(first?.cells.reduce((sum, cell) => sum + cell.count, 0)).toBe(3_000);
    const total = scores.reduce((sum, score) => sum + score, 0);
    expect(first?.cells.reduce((sum, cell) => sum + cell.scoreSum, 0)).toBeCloseTo(total, 8);
  });

  test("survives a row that is unlike the others, and says how many were left out of the scores", async () => {
    const modelId = await build("binary");
    await predict(modelId, [
      { id: "a", time: hour, label: "yes", score: 0.9 },
      { id: "b", time: hour },
      { id: "c", time: hour, value: 0.3 },
      { id: "d", time: hour, score: -7 },
      { id: "e", time: hour, probabilities: { no: 0.2, yes: 0.8 } },
    ]);
    await label(modelId, [
      { id: "a", label: "yes", time: at("11:00:00") },
      { id: "b", label: 3.25, time: at("11:00:00") },
      { id: "e", label: "yes", time: at("11:00:00") },
    ]);
    await work(modelId);
    const [first] = await read(modelId);
    expect(first).toMatchObject({ rowCount: 5, labelledCount: 3 });
    expect(pairsOf(first)).toEqual([
      ["", "", 2],
      ["", "3.25", 1],
      ["yes", "yes", 2],
    ]);
    expect(first?.cells.map((cell) => [cell.score, cell.decision, cell.label]).sort()).toEqual([
      [-7, "", ""],
      [0.3, "", ""],
      [0.8, "yes", "yes"],
      [0.9, "yes", "yes"],
    ]);
  });

  test("of a multiclass model has a score of every class against the rest", async () => {
    const modelId = await build("multiclass");
    await predict(modelId, [
      { id: "a", time: hour, probabilities: { ant: 0.5, bee: 0.25, cat: 0.25 } },
      { id: "b", time: hour, label: "bee", probabilities: { ant: 0.5, bee: 0.5, cat: 0 } },
    ]);
    await label(modelId, [
      { id: "a", label: "cat", time: at("11:00:00") },
      { id: "b", label: "bee", time: at("11:00:00") },
    ]);
    await work(modelId);
    const [first] = await read(modelId);
    expect(pairsOf(first)).toEqual([
      ["ant", "cat", 1],
      ["bee", "bee", 1],
    ]);
    expect(
      first?.cells
        .map((cell) => [cell.className, cell.score, cell.decision, cell.label, cell.count])
        .sort(),
    ).toEqual([
      ["ant", 0.5, "*other*", "*other*", 1],
      ["ant", 0.5, "ant", "*other*", 1],
      ["bee", 0.25, "*other*", "*other*", 1],
      ["bee", 0.5, "bee", "bee", 1],
      ["cat", 0, "*other*", "*other*", 1],
      ["cat", 0.25, "*other*", "cat", 1],
    ]);
  });

  test("of a regression has the moments of its errors", async () => {
    const modelId = await build("regression");
    await predict(modelId, [
      { id: "a", time: hour, value: 12 },
      { id: "b", time: at("10:30:00"), value: -1 },
      { id: "c", time: at("10:40:00"), value: 5 },
      { id: "d", time: at("10:50:00"), value: 5 },
    ]);
    await label(modelId, [
      { id: "a", label: 10, time: at("11:00:00") },
      { id: "b", label: 0, time: at("11:00:00") },
      { id: "c", label: "five", time: at("11:00:00") },
    ]);
    await work(modelId);
    for (const grain of ["1h", "1d"] as const) {
      const [first] = await read(modelId, grain);
      expect(first).toMatchObject({
        rowCount: 4,
        labelledCount: 3,
        moments: {
          error: { count: 2, mean: 0.5, m2: 4.5 },
          absolute_error: { count: 2, mean: 1.5, m2: 0.5 },
          squared_error: { count: 2, mean: 2.5, m2: 4.5 },
          relative_error: { count: 1, mean: 0.2, m2: 0 },
          error_at_zero: { count: 1, mean: 1, m2: 0 },
          label: { count: 2, mean: 5, m2: 50 },
          over: { count: 2, mean: 1 },
          under: { count: 2, mean: 0.5 },
          squared_log_error: { count: 1 },
        },
      });
      expect([...(first?.residuals ?? [])]).toEqual([
        [expect.closeTo(-1.125, 9), 1],
        [2, 1],
      ]);
    }
  });

  test("of a ranking has the measures of its groups, whose labels must all be in", async () => {
    const modelId = await build("ranking");
    const item = (groupId: string, rank: number) => ({
      id: `${groupId}${rank}`,
      time: hour,
      value: 1,
      groupId,
      rank,
    });
    await predict(modelId, [
      ...[1, 2, 3, 4].map((rank) => item("q", rank)),
      item("empty", 1),
      item("open", 1),
      item("open", 2),
    ]);
    await label(modelId, [
      ...["q1", "q3", "empty1", "open1"].map((id) => ({ id, label: 0, time: at("11:00:00") })),
      { id: "q2", label: 3, time: at("11:00:00") },
      { id: "q4", label: "true", time: at("11:00:00") },
    ]);
    await work(modelId);
    const [first] = await read(modelId);
    const mean = (name: string) => first?.moments[name]?.mean;
    expect(first?.moments.incomplete_groups?.count).toBe(1);
    expect(first?.moments.groups_without_relevant_item?.count).toBe(1);
    expect(first?.moments["ndcg@3"]?.count).toBe(1);
    expect(mean("precision@3")).toBeCloseTo(1 / 3, 12);
    expect(mean("precision@10")).toBe(0.5);
    expect(mean("recall@3")).toBe(0.5);
    expect(mean("mrr@1")).toBe(0);
    expect(mean("mrr@3")).toBe(0.5);
    expect(mean("hit_rate@1")).toBe(0);
    expect(mean("map@10")).toBeCloseTo((1 / 2 + 2 / 4) / 2, 12);
    const gain = 3 / Math.log2(3) + 1 / Math.log2(5);
    expect(mean("ndcg@10")).toBeCloseTo(gain / (3 + 1 / Math.log2(3)), 12);
  });

  test("of a model whose task nobody knows counts its rows and labels", async () => {
    const modelId = await build(null);
    await predict(modelId, [{ id: "a", time: hour }]);
    await label(modelId, [{ id: "a", label: 1, time: at("11:00:00") }]);
    await work(modelId);
    expect(await read(modelId)).toMatchObject([{ rowCount: 1, labelledCount: 1, pairs: [] }]);
  });

  test("whose raw rows have expired is never recomputed", async () => {
    const modelId = await build("binary");
    await predict(modelId, [{ id: "a", time: hour, label: "yes" }]);
    await work(modelId);
    await stores.postgres.db
      .update(models)
      .set({ rawRetentionDays: 3 })
      .where(eq(models.id, modelId));
    const before = nowMs;
    nowMs += 30 * 86_400_000;
    await label(modelId, [{ id: "a", label: "no", time: "2026-11-30T00:00:00Z" }]);
    await work(modelId);
    expect(pairsOf((await read(modelId))[0])).toEqual([["yes", "", 1]]);
    nowMs = before;
  });
});
