import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { markBuckets } from "#db/postgres/queries/dirty-buckets.ts";
import { markDirtyBuckets } from "#db/postgres/queries/mark-dirty-buckets.ts";
import { models, modelVersions } from "#db/postgres/schema/models.ts";
import { monitors } from "#db/postgres/schema/monitors.ts";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import { insertLabels } from "#db/testing/insert-labels.ts";
import type { TestPrediction } from "#db/testing/insert-predictions.ts";
import { insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { Grain } from "#lib/domain/grain.ts";
import { grainMs } from "#lib/domain/grain.ts";
import type { MonitorKind, SeriesOutcome } from "#lib/domain/monitor.ts";
import type { MonitorQuestion } from "#lib/domain/monitor-definition.ts";
import { defaultQuestion } from "#lib/domain/monitor-definition.ts";
import { recomputePerformance } from "../performance/recompute-performance.ts";
import { recomputeBuckets } from "../profile/recompute-buckets.ts";
import { recomputeClaim } from "../profile/recompute-claim.ts";
import { evaluateDueMonitors } from "./evaluate-due-monitors.ts";
import { readMonitorWindow } from "./read-monitor-windows.ts";

/** Where rows and labels come in a stream, late ones among them, something always waits to be profiled. Monitors go on. */
const hourMs = grainMs["1h"];
/** Far from the clock of any worker that runs beside this suite. */
const start = Date.parse("2034-03-06T00:00:00Z");
const at = (hour: number) => new Date(start + hour * hourMs);
const hours = 36;
const rowsAnHour = 60;

let stores: TestStores;
let workspaceId: string;
let clockMs = at(hours).getTime() + 61_000;
const now = () => new Date(clockMs);

/** Every tenth has no value. */
const rowsOf = (hour: number, name: string, count = rowsAnHour, version = "1") =>
  Array.from({ length: count }, (_, i): TestPrediction & { time: Date } => ({
    id: `${name}-${hour}-${i}`,
    time: new Date(at(hour).getTime() + (i % 60) * 60_000),
    version,
    features: i % 10 === 0 ? {} : { x: i },
    label: "yes",
  }));

async function buildStream() {
  const model = await buildModel(stores.postgres, workspaceId, { features: { x: "numeric" } });
  const key = { workspaceId, modelId: model.id };
  const { db } = stores.postgres;
  await db
    .update(models)
    .set({ task: "multiclass", taskProvenance: "confirmed" })
    .where(eq(models.id, model.id));
  await db
    .update(modelVersions)
    .set({ firstSeenAt: at(0), lastSeenAt: at(hours) })
    .where(eq(modelVersions.modelId, model.id));
  const rows = Array.from({ length: hours }, (_, hour) => rowsOf(hour, "first")).flat();
  await insertPredictions(stores, key, rows);
  const labels = rows.map(({ id, time }, i) => ({ id, time, label: i % 2 === 0 ? "yes" : "no" }));
  await insertLabels(stores, key, labels);
  const range = { ...key, fromTime: at(0), untilTime: at(hours) };
  for (const grain of ["5m", "1h"] as const) await recomputeBuckets(stores, { ...range, grain });
  await recomputePerformance(stores, range);
  return key;
}
type Key = Awaited<ReturnType<typeof buildStream>>;

/** What is stored and waits for its profile. */
async function predict(key: Key, rows: ReturnType<typeof rowsOf>): Promise<void> {
  await insertPredictions(stores, key, rows);
  const buckets = rows.map(({ time }) => Math.floor(time.getTime() / 300_000) * 300);
  await markDirtyBuckets(
    stores.postgres.db,
    [...new Set(buckets)].map((bucket) => ({ ...key, bucket })),
    now(),
  );
}

/** As labels do that have come for predictions of these hours. */
const labelsCame = (key: Key, from: number, until: number) =>
  markBuckets(
    stores.postgres.db,
    { aspect: "performance", ...key },
    "1h",
    Array.from({ length: until - from }, (_, i) => at(from + i).getTime()),
    now(),
  );

const ask = (
  kind: MonitorKind,
  change: Partial<MonitorQuestion["definition"]>,
): MonitorQuestion => {
  const question = defaultQuestion(kind);
  return { ...question, definition: { ...question.definition, sampleMin: 20, ...change } };
};
const volumeBelow = (fire: number, clear = fire) =>
  ask("volume", { threshold: { kind: "fixed", direction: "below", fire, clear } });
const missing = ask("quality", {
  statistic: "missing_share",
  target: { kind: "feature", feature: "x" },
  threshold: { kind: "fixed", direction: "above", fire: 0.05, clear: 0.04 },
});
const accuracy = ask("performance", {
  statistic: "accuracy",
  threshold: { kind: "fixed", direction: "below", fire: 0.9, clear: 0.95 },
});

async function answer(key: Key, question: MonitorQuestion, from: number, until: number) {
  const reading = {
    pg: stores.postgres.db,
    ch: scopeClickHouse(stores.clickhouse, workspaceId),
    workspaceId,
  };
  const window = { fromTime: at(from), untilTime: at(until) };
  const asked = { modelId: key.modelId, question, now: now() };
  return (await readMonitorWindow(reading, asked, window)).map(said);
}
const said = ({ series, result }: SeriesOutcome) =>
  result.kind === "value"
    ? [series.version, result.judged, result.value]
    : [series.version, result.kind, result.reason];

beforeAll(async () => {
  stores = openStores();
  ({ id: workspaceId } = await buildWorkspace(stores.postgres));
});
afterAll(() => stores.close());

describe("a window of a day", () => {
  let key: Key;
  beforeAll(async () => {
    key = await buildStream();
  });

  test("has its performance by the labels that are counted, half of them right, though all of its hours wait for more", async () => {
    await labelsCame(key, 0, hours);
    expect(await answer(key, accuracy, 12, 36)).toEqual([["1", "fire", 0.5]]);
  });

  test("is read though some late rows of it wait, in however many buckets", async () => {
    for (let hour = 12; hour < 36; hour += 1) await predict(key, rowsOf(hour, "late", 5));
    expect(await answer(key, missing, 12, 36)).toEqual([["1", "fire", 0.1]]);
    // 1,440 are counted and 120 are not.
    expect(await answer(key, volumeBelow(1_600), 12, 36)).toEqual([["", "fire", 1_440]]);
    expect(await answer(key, volumeBelow(1_000), 12, 36)).toEqual([["", "clear", 1_440]]);
    expect(await answer(key, volumeBelow(1_500), 12, 36)).toEqual([
      ["", "no_data", "some of its rows are still being profiled"],
    ]);
  });

  test("cannot be said of a version whose rows all wait, and of the others all the same", async () => {
    await stores.postgres.db.insert(modelVersions).values({
      modelId: key.modelId,
      environment: "production",
      version: "2",
      firstSeenAt: at(30),
      lastSeenAt: at(36),
    });
    await predict(key, rowsOf(33, "canary", 30, "2"));
    expect(new Map((await answer(key, missing, 12, 36)).map((one) => [one[0], one]))).toEqual(
      new Map([
        ["1", ["1", "fire", 0.1]],
        ["2", ["2", "no_data", "100 % of its rows are still being profiled"]],
      ]),
    );
  });

  test("cannot be said once more than a tenth of its rows wait", async () => {
    await predict(key, rowsOf(20, "many", 60));
    const none = [expect.any(String), "no_data", "11 % of its rows are still being profiled"];
    expect(await answer(key, missing, 12, 36)).toContainEqual(none);
    expect(await answer(key, volumeBelow(1_000), 12, 36)).toEqual([
      ["", "no_data", "13 % of its rows are still being profiled"],
    ]);
    // Of these predictions their performance is not computed either.
    expect(await answer(key, accuracy, 12, 36)).toContainEqual(none);
  });
});

/** What waits, once it has been quiet for long enough. */
async function profileSoon(key: Key, grains: readonly Grain[] = ["5m"]): Promise<void> {
  const work = { stores, modelId: key.modelId, now, newId: randomUUID };
  const onFailure = ({ error }: { error: unknown }) => {
    throw new Error("not profiled", { cause: error });
  };
  for (const grain of grains) {
    clockMs += grain === "5m" ? 20_000 : 30_000;
    while ((await recomputeClaim({ ...work, grain, onFailure })) !== null);
  }
}

/** Asked every hour, a minute after it. */
async function watch(key: Key, window: "1h" | "1d", nextHour: number): Promise<void> {
  const { definition, ...question } = missing;
  await stores.postgres.db.insert(monitors).values({
    id: randomUUID(),
    ...key,
    name: "missing",
    causeClass: "other",
    ...question,
    definition: { ...definition, window, cadence: "1h", settleSeconds: 60 },
    nextWindowUntil: at(nextHour),
    dueAt: new Date(at(nextHour).getTime() + 60_000),
    createdAt: now(),
    updatedAt: now(),
  });
}

async function evaluate(key: Key): Promise<SeriesOutcome[]> {
  const applied: SeriesOutcome[] = [];
  const options = {
    stores,
    now,
    newId: randomUUID,
    modelId: key.modelId,
    applyOutcomes: async (_tx: unknown, _monitor: unknown, outcomes: SeriesOutcome[]) => {
      applied.push(...outcomes);
    },
    onFailure: ({ error }: { error: unknown }) => {
      throw new Error("not evaluated", { cause: error });
    },
  };
  while (await evaluateDueMonitors(options));
  return applied;
}

describe("a window that is due", () => {
  let key: Key;
  beforeAll(async () => {
    clockMs = at(hours - 1).getTime() + 59_000;
    key = await buildStream();
    await watch(key, "1h", hours - 1);
  });

  test("waits for what came before", async () => {
    await predict(key, rowsOf(hours - 2, "in time", 3));
    clockMs += 2_000;
    expect(await evaluate(key)).toEqual([]);
    await profileSoon(key);
    clockMs += 2_000;
    // The newest hour is read by its five minutes: nothing else is waited for.
    expect((await evaluate(key)).map(said)).toEqual([["1", "fire", 7 / 63]]);
  });

  test("does not wait for what came after", async () => {
    clockMs = at(hours).getTime() + 60_500;
    await predict(key, rowsOf(hours - 1, "late", 3));
    expect((await evaluate(key)).map(said)).toEqual([["1", "between", 0.1]]);
  });

  test("is asked again when it changes, and while it goes on changing once an eighth of its age has passed", async () => {
    const change = async (name: string) => {
      await predict(key, rowsOf(hours - 1, name, 1));
      await profileSoon(key, ["5m", "1h"]);
      const newest = (await evaluate(key)).filter(({ windowUntil }) => +windowUntil === +at(hours));
      return newest.map(said);
    };
    // Each change takes 50 s until it is profiled; an eighth of ten minutes is more, and less than two of them.
    clockMs = at(hours).getTime() + 540_000;
    expect(await change("a")).toEqual([["1", "fire", 8 / 64]]);
    expect(await change("b")).toEqual([]);
    expect(await change("c")).toEqual([["1", "fire", 10 / 66]]);
  });
});

describe("a day that is due", () => {
  let key: Key;
  beforeAll(async () => {
    clockMs = at(hours - 1).getTime() + 50_000;
    key = await buildStream();
    await watch(key, "1d", hours - 1);
  });

  test("does not wait for a few late rows of hours that are long over", async () => {
    await predict(key, rowsOf(20, "few", 10));
    clockMs += 12_000;
    expect((await evaluate(key)).map(said)).toEqual([["1", "fire", 0.1]]);
  });

  test("waits where they are many, for two minutes", async () => {
    clockMs = at(hours).getTime() + 50_000;
    for (const hour of [18, 19, 20]) await predict(key, rowsOf(hour, "many", 60));
    clockMs += 12_000;
    expect(await evaluate(key)).toEqual([]);
    clockMs += 120_000;
    expect((await evaluate(key)).map(said)).toEqual([
      ["1", "no_data", "12 % of its rows are still being profiled"],
    ]);
    await profileSoon(key, ["5m", "1h"]);
    expect((await evaluate(key)).at(-1)?.result).toMatchObject({ kind: "value", value: 0.1 });
  });
});
