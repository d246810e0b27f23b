import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listDueWindows } from "#db/postgres/queries/evaluated-window.ts";
import { markDirtyBuckets } from "#db/postgres/queries/mark-dirty-buckets.ts";
import { evaluatedWindows } from "#db/postgres/schema/evaluations.ts";
import { driftResults } from "#db/postgres/schema/jobs.ts";
import { modelVersions } from "#db/postgres/schema/models.ts";
import { qualityResults } from "#db/postgres/schema/quality.ts";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestPrediction } from "#db/testing/insert-predictions.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { Grain } from "#lib/domain/grain.ts";
import { grainMs } from "#lib/domain/grain.ts";
import { evaluateDrift } from "../drift/evaluate-drift.ts";
import { rebuildDays } from "../profile/rebuild-days.ts";
import { recomputeBuckets } from "../profile/recompute-buckets.ts";
import { recomputeClaim } from "../profile/recompute-claim.ts";
import { evaluateQuality } from "../quality/evaluate-quality.ts";

const hourMs = grainMs["1h"];
const start = Date.parse("2026-11-12T00:00:00Z");
/** Everything is evaluated at a quarter past the hour. */
const at = (hour: number) => new Date(start + hour * hourMs + 900_000);

let stores: TestStores;
let workspaceId: string;
let modelId: string;
let clockMs = at(200).getTime();
const now = () => new Date(clockMs);

const rowsOf = (hour: number, name: string, value: (i: number) => number): TestPrediction[] =>
  Array.from({ length: 30 }, (_, i) => ({
    id: `${name}-${hour}-${i}`,
    time: new Date(start + hour * hourMs + i * 60_000),
    features: { x: value(i) },
  }));

async function predict(rows: TestPrediction[], grains?: readonly Grain[]): Promise<void> {
  await insertPredictions(stores, { workspaceId, modelId }, rows);
  const buckets = rows.map(({ time }) => Math.floor(new Date(time).getTime() / 300_000) * 300);
  await markDirtyBuckets(
    stores.postgres.db,
    [...new Set(buckets)].map((bucket) => ({ workspaceId, modelId, bucket })),
    new Date(clockMs - grainMs["1d"]),
  );
  await profile(grains);
}

/** As the worker's lanes do, on a clock that is past every wait. */
async function profile(grains: readonly Grain[] = ["5m", "1h", "1d"]): Promise<void> {
  let aheadMs = 0;
  for (const grain of grains) {
    aheadMs += 600_000;
    const work = {
      stores,
      grain,
      modelId,
      newId: randomUUID,
      now: () => new Date(clockMs + aheadMs),
    };
    const onFailure = (failure: unknown) => {
      throw new Error("not profiled", { cause: failure });
    };
    while ((await recomputeClaim({ ...work, onFailure })) !== null);
  }
}

async function evaluate(): Promise<void> {
  await evaluateDrift(stores, { workspaceId, modelId, now: now() });
  await evaluateQuality(stores, { workspaceId, modelId, now: now() });
}

const hoursOf = (ends: Date[]) =>
  [...new Set(ends.map((end) => (end.getTime() - start) / hourMs))].sort((a, b) => a - b);
async function due(kind: "drift" | "quality"): Promise<number[]> {
  const key = { kind, workspaceId, modelId };
  const windows = await listDueWindows(stores.postgres.db, key, {
    recentFrom: new Date(0),
    countMax: 1_000,
    now: now(),
  });
  return hoursOf(windows.map(({ untilTime }) => untilTime));
}
const driftRows = async () =>
  (
    await stores.postgres.db.select().from(driftResults).where(eq(driftResults.modelId, modelId))
  ).sort((a, b) => a.windowUntil.getTime() - b.windowUntil.getTime());
const windowsKept = async () => hoursOf((await driftRows()).map((row) => row.windowUntil));

beforeAll(async () => {
  stores = openStores();
  ({ id: workspaceId } = await buildWorkspace(stores.postgres));
  ({ id: modelId } = await buildModel(stores.postgres, workspaceId, {
    features: { x: "numeric" },
  }));
  await stores.postgres.db
    .update(modelVersions)
    .set({ lastSeenAt: at(220) })
    .where(eq(modelVersions.modelId, modelId));
  const history = Array.from({ length: 207 }, (_, hour) => rowsOf(hour, "first", (i) => i));
  await insertPredictions(stores, { workspaceId, modelId }, history.flat());
  const range = {
    workspaceId,
    modelId,
    fromTime: new Date(start),
    untilTime: new Date(start + 9 * grainMs["1d"]),
  };
  for (const grain of ["5m", "1h"] as const) await recomputeBuckets(stores, { ...range, grain });
  await rebuildDays(stores, range);
});
afterAll(() => stores.close());

describe("the windows of drift and quality", () => {
  test("that a stop of the worker left out are made up for, in order", async () => {
    await evaluate();
    expect(await windowsKept()).toEqual([201]);
    clockMs = at(205).getTime();
    await evaluate();
    expect(await windowsKept()).toEqual([201, 202, 203, 204, 205, 206]);
    const quality = await stores.postgres.db
      .select()
      .from(qualityResults)
      .where(eq(qualityResults.modelId, modelId));
    expect(
      hoursOf(quality.filter(({ kind }) => kind === "quality").map((row) => row.windowUntil)),
    ).toEqual([201, 202, 203, 204, 205, 206]);
    expect([await due("drift"), await due("quality")]).toEqual([[], []]);
  });

  test("that late predictions touch are evaluated again, and no other", async () => {
    const before = await driftRows();
    // An eighth of two hours and a quarter after they were evaluated.
    clockMs += 1_100_000;
    // In every window that ends after the hour 202: of those that were evaluated, four.
    await predict(rowsOf(202, "late", () => 1_000));
    expect(await due("drift")).toEqual([203, 204, 205, 206]);
    expect(await due("quality")).toEqual([203, 204, 205, 206]);
    clockMs += 60_000;
    await evaluate();
    const after = await driftRows();
    const rowsIn = (rows: typeof after) =>
      rows
        .filter(({ feature }) => feature === "x")
        .map((row) => [(row.windowUntil.getTime() - start) / hourMs, row.windowRows]);
    expect(rowsIn(before)).toEqual([201, 202, 203, 204, 205, 206].map((hour) => [hour, 720]));
    expect(rowsIn(after)).toEqual(
      [201, 202, 203, 204, 205, 206].map((hour) => [hour, hour > 202 ? 750 : 720]),
    );
    const untouched = (rows: typeof after) =>
      rows.filter((row) => row.windowUntil.getTime() <= start + 202 * hourMs);
    expect(untouched(after)).toEqual(untouched(before));
    expect([await due("drift"), await due("quality")]).toEqual([[], []]);
  });

  test("that were never evaluated stay so, however much history is loaded", async () => {
    await predict(rowsOf(20, "history", () => 5));
    expect([await due("drift"), await due("quality")]).toEqual([[], []]);
    const windows = await stores.postgres.db
      .select()
      .from(evaluatedWindows)
      .where(eq(evaluatedWindows.modelId, modelId));
    expect(hoursOf(windows.map(({ windowUntil }) => windowUntil))).toEqual([
      201, 202, 203, 204, 205, 206,
    ]);
  });

  test("that hold a whole day are evaluated once more when the day itself has been built", async () => {
    const endHour = 9 * 24;
    clockMs = at(endHour - 1).getTime();
    await predict(rowsOf(endHour - 2, "evening", (i) => i));
    await evaluate();
    clockMs = at(endHour + 4).getTime();
    const rowsOfDay = async () =>
      (await driftRows())
        .filter(
          ({ feature, windowUntil }) => feature === "x" && hoursOf([windowUntil])[0] === endHour,
        )
        .map(({ windowRows }) => windowRows);
    const before = await rowsOfDay();
    expect(before).not.toEqual([]);
    // The rows of its last hour come late; their hour makes the window due before the day is built of it.
    await predict(
      rowsOf(endHour - 1, "late evening", (i) => i),
      ["5m", "1h"],
    );
    expect(await due("drift")).toContain(endHour);
    await evaluate();
    // It rests for twenty minutes.
    clockMs += 900_000;
    await profile(["1d"]);
    expect([await due("drift"), await due("quality")]).toEqual([[], []]);
    clockMs += 300_000;
    expect([await due("drift"), await due("quality")]).toEqual([[endHour], [endHour]]);
    await evaluate();
    expect(await rowsOfDay()).toEqual(before.map((count) => count + 30));
    expect([await due("drift"), await due("quality")]).toEqual([[], []]);
  });
});
