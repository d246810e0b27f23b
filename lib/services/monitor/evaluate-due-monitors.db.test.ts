import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { seriesEvaluations } from "#db/clickhouse/queries/evaluation-rows.ts";
import { markDirtyBuckets } from "#db/postgres/queries/mark-dirty-buckets.ts";
import { listMonitorSeries } from "#db/postgres/queries/monitor.ts";
import { modelVersions } from "#db/postgres/schema/models.ts";
import { monitors, monitorWindows } from "#db/postgres/schema/monitors.ts";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestPrediction } from "#db/testing/insert-predictions.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import { frozenEvidenceSchema } from "#lib/domain/evidence.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { SeriesOutcome } from "#lib/domain/monitor.ts";
import type { MonitorQuestion } from "#lib/domain/monitor-definition.ts";
import { defaultQuestion } from "#lib/domain/monitor-definition.ts";
import { missedMax, windowsBetween } from "#lib/rules/plan-windows.ts";
import { rebuildDays } from "../profile/rebuild-days.ts";
import { recomputeBuckets } from "../profile/recompute-buckets.ts";
import { recomputeClaim } from "../profile/recompute-claim.ts";
import type { ApplyOutcomes } from "./evaluate-due-monitors.ts";
import { evaluateDueMonitors } from "./evaluate-due-monitors.ts";
import { readMonitorWindow, readMonitorWindows } from "./read-monitor-windows.ts";

const hourMs = grainMs["1h"];
/** Far from the clock of any worker that runs beside this suite. */
const start = Date.parse("2031-03-03T00:00:00Z");
const at = (hour: number) => new Date(start + hour * hourMs);

let stores: TestStores;
let workspaceId: string;
let modelId: string;
let clockMs = at(100).getTime() + 61_000;
const now = () => new Date(clockMs);
const reading = () => ({
  pg: stores.postgres.db,
  ch: scopeClickHouse(stores.clickhouse, workspaceId),
  workspaceId,
});

const rowsOf = (hour: number, name: string, value: (i: number) => number, count = 40) =>
  Array.from(
    { length: count },
    (_, i): TestPrediction => ({
      id: `${name}-${hour}-${i}`,
      time: new Date(start + hour * hourMs + i * 60_000),
      features: {
        x: value(i),
        town: i % 3 === 0 ? "ATL" : "ORD",
        ...(i % 4 === 0 ? {} : { y: i }),
      },
      value: i,
      latencyMs: 10 + i,
    }),
  );

async function predict(rows: TestPrediction[]): Promise<void> {
  await insertPredictions(stores, { workspaceId, modelId }, rows);
  const buckets = rows.map(({ time }) => Math.floor(new Date(time).getTime() / 300_000) * 300);
  await markDirtyBuckets(
    stores.postgres.db,
    [...new Set(buckets)].map((bucket) => ({ workspaceId, modelId, bucket })),
    new Date(clockMs),
  );
}

/** As the worker's lanes do, on a clock that is past every wait. */
async function profile(): Promise<void> {
  let aheadMs = 0;
  for (const grain of ["5m", "1h", "1d"] as const) {
    aheadMs += 600_000;
    const work = {
      stores,
      grain,
      modelId,
      newId: randomUUID,
      now: () => new Date(clockMs + aheadMs),
      onFailure: (failure: unknown) => {
        throw new Error("not profiled", { cause: failure });
      },
    };
    while ((await recomputeClaim(work)) !== null);
  }
}

const build = (
  kind: Parameters<typeof defaultQuestion>[0],
  change: Partial<MonitorQuestion["definition"]>,
): MonitorQuestion => {
  const question = defaultQuestion(kind);
  return { ...question, definition: { ...question.definition, sampleMin: 20, ...change } };
};
const hourly = { window: "1h", cadence: "1h", settleSeconds: 60 } as const;
const missing = build("quality", {
  ...hourly,
  statistic: "missing_share",
  target: { kind: "feature", feature: "y" },
  threshold: { kind: "fixed", direction: "above", fire: 0.6, clear: 0.5 },
});
const volume = build("volume", {
  ...hourly,
  threshold: { kind: "fixed", direction: "below", fire: 30, clear: 35 },
});

async function buildMonitor(question: MonitorQuestion, nextHour: number): Promise<string> {
  const id = randomUUID();
  await stores.postgres.db.insert(monitors).values({
    id,
    workspaceId,
    modelId,
    name: question.kind,
    causeClass: "other",
    ...question,
    nextWindowUntil: at(nextHour),
    dueAt: new Date(at(nextHour).getTime() + 60_000),
    createdAt: now(),
    updatedAt: now(),
  });
  return id;
}

interface Applied {
  monitorId: string;
  revision: number;
  hour: number;
  outcomes: SeriesOutcome[];
}
let applied: Applied[] = [];
const record: ApplyOutcomes = async (_tx, { monitorId, revision }, outcomes) => {
  const [first] = outcomes;
  const hour = first === undefined ? -1 : (first.windowUntil.getTime() - start) / hourMs;
  applied.push({ monitorId, revision, hour, outcomes });
};
const failures: unknown[] = [];
async function evaluate(applyOutcomes: ApplyOutcomes = record): Promise<void> {
  const options = { stores, now, newId: randomUUID, applyOutcomes, modelId };
  const onFailure = ({ error }: { error: unknown }) => failures.push(error);
  while (await evaluateDueMonitors({ ...options, onFailure }));
}
const appliedOf = (monitorId: string) =>
  applied
    .filter((one) => one.monitorId === monitorId)
    .map(({ hour, revision, outcomes }) => [hour, revision, outcomes.map(shown)]);
const shown = ({ result }: SeriesOutcome) =>
  result.kind === "value" ? `${result.judged} ${Number(result.value.toPrecision(4))}` : result.kind;

beforeAll(async () => {
  stores = openStores();
  ({ id: workspaceId } = await buildWorkspace(stores.postgres));
  ({ id: modelId } = await buildModel(stores.postgres, workspaceId, {
    features: { x: "numeric", y: "numeric", town: "categorical" },
  }));
  await stores.postgres.db
    .update(modelVersions)
    .set({ lastSeenAt: at(400) })
    .where(eq(modelVersions.modelId, modelId));
  // From hour 90 on another value comes.
  const history = Array.from({ length: 108 }, (_, hour) =>
    rowsOf(hour, "first", (i) => (hour < 90 ? i : i + 500)),
  );
  await insertPredictions(stores, { workspaceId, modelId }, history.flat());
  const range = {
    workspaceId,
    modelId,
    fromTime: at(0),
    untilTime: new Date(start + 5 * grainMs["1d"]),
  };
  for (const grain of ["5m", "1h"] as const) await recomputeBuckets(stores, { ...range, grain });
  await rebuildDays(stores, range);
});
beforeEach(() => {
  applied = [];
});
afterAll(() => stores.close());

describe("one window of a monitor", () => {
  const answer = async (question: MonitorQuestion, hour: number, hours: number) => {
    const window = { fromTime: at(hour - hours), untilTime: at(hour) };
    const outcomes = await readMonitorWindow(reading(), { modelId, question, now: now() }, window);
    return Object.fromEntries(outcomes.map((one) => [one.series.column, shown(one)]));
  };

  test("says which features drift from the days before, and that the others do not", async () => {
    const question = build("drift", { window: "6h", reference: "previous" });
    const before = await answer(question, 84, 6);
    expect(Object.values(before).every((one) => one.startsWith("clear"))).toBe(true);
    const after = await answer(question, 96, 6);
    expect(after.x).toMatch(/^fire /);
    expect([after.y, after.town].every((one) => one?.startsWith("clear"))).toBe(true);
    expect(Object.keys(after).sort()).toEqual(["town", "value", "x", "y"]);
  });

  test("holds a statistic of drift against a number", async () => {
    const question = build("drift", {
      window: "6h",
      reference: "previous",
      statistic: "kolmogorov_smirnov",
      target: { kind: "feature", feature: "x" },
      threshold: { kind: "fixed", direction: "above", fire: 0.3, clear: 0.2 },
    });
    expect(await answer(question, 84, 6)).toEqual({ x: "clear 0" });
    expect(await answer(question, 96, 6)).toEqual({ x: "fire 1" });
  });

  test("counts missing values, by the rows of the window", async () => {
    // A quarter of 40 rows; the interval reaches over none of the thresholds.
    expect(await answer(missing, 50, 1)).toEqual({ y: "clear 0.25" });
  });

  test("counts rows, and none as none", async () => {
    expect(await answer(volume, 50, 1)).toEqual({ "": "clear 40" });
    expect(await answer(volume, 115, 1)).toEqual({ "": "fire 0" });
  });

  test("learns how many rows are usual, and cannot say of too few", async () => {
    const learned = {
      ...volume,
      definition: {
        ...volume.definition,
        threshold: defaultQuestion("volume").definition.threshold,
      },
    };
    expect(await answer(learned, 50, 1)).toEqual({ "": "no_data" });
  });

  test("says how old the newest event was when it ended", async () => {
    const question = build("freshness", { ...hourly, sampleMin: 1 });
    // The last of the hour is made at 39 minutes past, and comes a second later.
    expect(await answer(question, 50, 1)).toEqual({ "": `clear ${21 * 60_000}` });
    expect(await answer(question, 110, 1)).toEqual({ "": `fire ${(2 * 60 + 21) * 60_000}` });
  });

  test("is not old but unknown while rows that may be newer wait for their profile", async () => {
    const question = build("freshness", { ...hourly, sampleMin: 1 });
    const bucket = at(109).getTime() / 1_000;
    await markDirtyBuckets(stores.postgres.db, [{ workspaceId, modelId, bucket }], now());
    expect(await answer(question, 110, 1)).toEqual({ "": "no_data" });
    // What is fresh by what is known is fresh whatever comes.
    expect(await answer(question, 50, 1)).toEqual({ "": `clear ${21 * 60_000}` });
    await profile();
    expect(await answer(question, 110, 1)).toEqual({ "": `fire ${(2 * 60 + 21) * 60_000}` });
  });

  test("says how long answers took", async () => {
    const question = build("latency", {
      ...hourly,
      statistic: "mean",
      threshold: { kind: "fixed", direction: "above", fire: 100, clear: 90 },
    });
    expect(await answer(question, 50, 1)).toEqual({ "": "clear 29.5" });
  });

  test("says how late rows came, of every version", async () => {
    const question = build("freshness", {
      ...hourly,
      statistic: "event_lag_p95",
      threshold: { kind: "fixed", direction: "above", fire: 3_600_000, clear: 3_600_000 },
    });
    // Each was received a second after it was made.
    const [said = ""] = Object.values(await answer(question, 50, 1));
    expect(said).toMatch(/^clear /);
    expect(Number(said.split(" ")[1])).toBeCloseTo(1_000, -2);
  });

  test("of performance without labels is unknown, and says so", async () => {
    const question = build("performance", {
      statistic: "mae",
      threshold: { kind: "fixed", direction: "above", fire: 1, clear: 1 },
    });
    const window = { fromTime: at(48), untilTime: at(72) };
    const [one] = await readMonitorWindow(reading(), { modelId, question, now: now() }, window);
    expect(one?.result.kind).toBe("no_data");
  });

  test("is unknown while there is nothing to compare with", async () => {
    expect(await answer(build("drift", { window: "6h" }), 84, 6)).toEqual({ "": "no_data" });
  });

  test("is unknown with fewer rows than were asked for", async () => {
    expect(
      await answer({ ...missing, definition: { ...missing.definition, sampleMin: 41 } }, 50, 1),
    ).toEqual({
      y: "no_data",
    });
  });

  test.each<[string, MonitorQuestion]>([
    ["drift", build("drift", { window: "6h", cadence: "1h", reference: "previous" })],
    ["quality", build("quality", { window: "6h", cadence: "1h", reference: "previous" })],
    ["volume", volume],
    ["freshness", build("freshness", { ...hourly, sampleMin: 1 })],
    [
      "latency",
      build("latency", {
        ...hourly,
        threshold: { kind: "fixed", direction: "above", fire: 49, clear: 40 },
      }),
    ],
  ])("of %s comes out the same on its own and among many", async (_name, question) => {
    const ask = { modelId, question, now: now() };
    const windows = windowsBetween(at(72), at(100), question.definition);
    expect(windows.length).toBeGreaterThan(20);
    const together = await readMonitorWindows(reading(), ask, windows);
    const alone: SeriesOutcome[][] = [];
    for (const window of windows) alone.push(await readMonitorWindow(reading(), ask, window));
    expect(together).toEqual(alone);
    expect(together.flat().filter(({ result }) => result.kind === "value").length).toBeGreaterThan(
      20,
    );
  });
});

describe("a feature with one value", () => {
  test("is a problem where it was not so before: the hour of the day is one value in every hour", async () => {
    const other = await buildModel(stores.postgres, workspaceId, {
      features: { hour: "numeric", amount: "numeric" },
    });
    await stores.postgres.db
      .update(modelVersions)
      .set({ lastSeenAt: at(400) })
      .where(eq(modelVersions.modelId, other.id));
    const rows = Array.from({ length: 96 }, (_, hour) =>
      Array.from(
        { length: 150 },
        (_unused, i): TestPrediction => ({
          id: `hour-${hour}-${i}`,
          time: new Date(start + hour * hourMs + i * 20_000),
          // On the fourth day both are stuck.
          features:
            hour < 72 ? { hour: hour % 24, amount: (i * 7_919) % 100 } : { hour: 7, amount: 7 },
          value: i,
        }),
      ),
    );
    await insertPredictions(stores, { workspaceId, modelId: other.id }, rows.flat());
    const range = { workspaceId, modelId: other.id, fromTime: at(0), untilTime: at(96) };
    for (const grain of ["5m", "1h"] as const) await recomputeBuckets(stores, { ...range, grain });
    await rebuildDays(stores, range);
    const answer = async (
      change: Partial<MonitorQuestion["definition"]>,
      hour: number,
      column = "hour",
    ) => {
      const question = build("quality", { reference: "trailing", ...change });
      const hours = change.window === "1d" ? 24 : 1;
      const window = { fromTime: at(hour - hours), untilTime: at(hour) };
      const ask = { modelId: other.id, question, now: now() };
      const outcomes = await readMonitorWindow(reading(), ask, window);
      return outcomes.find(({ series }) => series.column === column)?.result;
    };
    expect(await answer(hourly, 60)).toMatchObject({ kind: "value", judged: "clear" });
    expect(await answer(hourly, 60, "amount")).toMatchObject({ kind: "value", judged: "clear" });
    expect(await answer(hourly, 73, "amount")).toMatchObject({ judged: "fire", value: 1 });
    const daily = { window: "1d", cadence: "1d" } as const;
    expect(await answer(daily, 72)).toMatchObject({ kind: "value", judged: "clear" });
    expect(await answer(daily, 96)).toMatchObject({ kind: "value", judged: "fire", value: 1 });
  });
});

describe("monitors that are due", () => {
  let missingId: string;
  let volumeId: string;

  test("are asked once for each window that has ended and settled, in order", async () => {
    missingId = await buildMonitor(missing, 98);
    volumeId = await buildMonitor(volume, 100);
    await evaluate();
    expect(appliedOf(missingId)).toEqual([
      [98, 1, ["clear 0.25"]],
      [99, 1, ["clear 0.25"]],
      [100, 1, ["clear 0.25"]],
    ]);
    expect(appliedOf(volumeId)).toEqual([[100, 1, ["clear 40"]]]);
    applied = [];
    await evaluate();
    expect(applied).toEqual([]);
  });

  test("keep the values of every window for the charts, and the newest for the list", async () => {
    const series = { environment: "production", version: "1", subject: "feature", column: "y" };
    const rows = await reading().ch.query(seriesEvaluations, {
      monitorId: missingId,
      ...series,
      segmentKey: "",
      segmentValue: "",
      fromTime: at(0),
      untilTime: at(200),
    });
    expect(
      rows.map(({ untilMs, kind, value, sampleCount, judged, fireThreshold }) => [
        (untilMs - start) / hourMs,
        kind,
        value,
        sampleCount,
        judged,
        fireThreshold,
      ]),
    ).toEqual([98, 99, 100].map((hour) => [hour, "value", 0.25, 40, "clear", 0.6]));
    const kept = await listMonitorSeries(reading(), missingId);
    expect(kept.map((row) => [row.series.column, row.windowUntil, row.result.kind])).toEqual([
      ["y", at(100), "value"],
    ]);
  });

  test("are asked again about the windows that late rows change, and no other", async () => {
    await predict(rowsOf(98, "late", () => 1, 20));
    await profile();
    clockMs += 2_000_000;
    await evaluate();
    expect(appliedOf(volumeId)).toEqual([]);
    const again = appliedOf(missingId);
    // Hour 98 lies in the window that ends at 99.
    expect(new Set(again.map(([hour]) => hour))).toEqual(new Set([99]));
    expect(again.at(-1)?.[2]).toEqual(["clear 0.25"]);
    expect(Number(again.at(-1)?.[1])).toBeGreaterThan(1);
    applied = [];
    await evaluate();
    expect(applied).toEqual([]);
  });

  test("wait for rows that are not profiled yet, and do not call them missing", async () => {
    clockMs = at(102).getTime() + 58_000;
    await predict(rowsOf(101, "fresh", () => 1, 20));
    clockMs += 3_000;
    await evaluate();
    expect(appliedOf(volumeId)).toEqual([[101, 1, ["clear 40"]]]);
    applied = [];
    await profile();
    clockMs += 2_000_000;
    await evaluate();
    expect(appliedOf(volumeId).at(-1)).toEqual([102, expect.any(Number), ["clear 60"]]);
    applied = [];
  });

  test("do not wait for ever: what is still not profiled is unknown, and asked again when it is", async () => {
    clockMs = at(103).getTime() + 61_000;
    await predict(rowsOf(102, "slow", () => 1, 20));
    clockMs += 200_000;
    await evaluate();
    expect(appliedOf(volumeId)).toEqual([[103, 1, ["no_data"]]]);
    applied = [];
    await profile();
    clockMs += 2_000_000;
    await evaluate();
    expect(appliedOf(volumeId).at(-1)).toEqual([103, expect.any(Number), ["clear 60"]]);
    applied = [];
  });

  test("that could not be written are asked again, later windows after them", async () => {
    clockMs = at(105).getTime() + 61_000;
    let isDown = true;
    await evaluate(async (tx, monitor, outcomes) => {
      if (isDown && monitor.monitorId === volumeId) throw new Error("the store is away");
      await record(tx, monitor, outcomes);
    });
    expect(failures).not.toEqual([]);
    expect(appliedOf(volumeId)).toEqual([]);
    // The other monitor was not held up.
    expect(appliedOf(missingId).map(([hour]) => hour)).toContain(105);
    applied = [];
    isDown = false;
    clockMs += 60_000;
    await evaluate();
    expect(appliedOf(volumeId).map(([hour]) => hour)).toEqual([104, 105]);
    applied = [];
  });

  test("that cannot be asked at all say so, and leave the others alone", async () => {
    const segment = { key: "nobody", value: "x" };
    const brokenId = await buildMonitor(
      { ...volume, definition: { ...volume.definition, segment } },
      106,
    );
    clockMs = at(106).getTime() + 61_000;
    await evaluate();
    expect(appliedOf(brokenId)).toEqual([[106, 1, ["failed"]]]);
    expect(appliedOf(volumeId)).toEqual([[106, 1, ["clear 40"]]]);
    applied = [];
    await stores.postgres.db.delete(monitors).where(eq(monitors.id, brokenId));
  });

  test("freeze what stood behind a finding", async () => {
    const id = await buildMonitor(
      build("drift", { window: "6h", cadence: "6h", reference: "previous", settleSeconds: 60 }),
      96,
    );
    const frozen: unknown[] = [];
    await evaluate(async (_tx, { monitorId, freeze }, outcomes) => {
      if (monitorId !== id) return;
      for (const one of outcomes)
        if (one.result.kind === "value" && one.result.judged === "fire")
          frozen.push(await freeze(one));
    });
    const [first] = frozen.map((one) => frozenEvidenceSchema.parse(one));
    expect(first?.series.column).toBe("x");
    expect(first?.window.rowCount).toBe(240);
    expect(first?.reference).toMatchObject({ rowCount: 240 });
    expect(first?.distribution?.bins.reduce((sum, bin) => sum + bin.windowCount, 0)).toBe(240);
    expect(first?.history.at(-1)).toMatchObject({ until: at(96).toISOString() });
    await stores.postgres.db.delete(monitors).where(eq(monitors.id, id));
    applied = [];
  });

  test("that were switched off are not asked", async () => {
    await stores.postgres.db
      .update(monitors)
      .set({ isEnabled: false })
      .where(eq(monitors.id, missingId));
    clockMs = at(107).getTime() + 61_000;
    await evaluate();
    expect(appliedOf(missingId)).toEqual([]);
    expect(appliedOf(volumeId)).toEqual([[107, 1, ["clear 40"]]]);
    applied = [];
  });

  test("make up for a long stop with the newest windows, and say how many they skipped", async () => {
    clockMs = at(107 + missedMax + 50).getTime() + 61_000;
    await evaluate();
    const hours = appliedOf(volumeId).map(([hour]) => hour);
    expect(hours).toEqual(Array.from({ length: missedMax }, (_, i) => 107 + 51 + i));
    const [row] = await stores.postgres.db.select().from(monitors).where(eq(monitors.id, volumeId));
    expect([row?.skippedCount, row?.skippedUntil]).toEqual([50, at(157)]);
    expect(
      await stores.postgres.db
        .select()
        .from(monitorWindows)
        .where(eq(monitorWindows.monitorId, volumeId)),
    ).toHaveLength(8 + missedMax);
  });
});
