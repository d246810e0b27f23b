import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recordArrivals } from "#db/postgres/queries/arrival.ts";
import { markDirtyBuckets } from "#db/postgres/queries/mark-dirty-buckets.ts";
import { arrivals, dirtyBuckets } from "#db/postgres/schema/jobs.ts";
import { segmentKeys } from "#db/postgres/schema/models.ts";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import type {
  TestFeatureValue,
  TestOffline,
  TestPrediction,
} from "#db/testing/insert-predictions.ts";
import { insertOffline, insertPredictions } from "#db/testing/insert-predictions.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import { segmentLimits } from "#lib/domain/limits.ts";
import { otherSegment } from "#lib/domain/segment.ts";
import { leftEdgeOf } from "#lib/stats/float-grid.ts";
import { comparePair } from "#lib/stats/skew/compare-values.ts";
import type { SkewCounts } from "#lib/stats/skew/skew-counts.ts";
import { addOutcome, differingOf, noPairs } from "#lib/stats/skew/skew-counts.ts";
import { seededRandom } from "#lib/stats/testing/random.ts";
import { markArrivedHours } from "../profile/mark-arrived-hours.ts";
import { recomputeClaim } from "../profile/recompute-claim.ts";
import { rebuildSkewOfDays, recomputeSkewHours } from "./recompute-skew.ts";

let stores: TestStores;
let workspaceId: string;

beforeAll(async () => {
  stores = openStores();
  ({ id: workspaceId } = await buildWorkspace(stores.postgres));
});
afterAll(() => stores.close());

const fromTime = new Date("2026-11-20T10:00:00Z");
const untilTime = new Date("2026-11-20T13:00:00Z");
const day = {
  fromTime: new Date("2026-11-20T00:00:00Z"),
  untilTime: new Date("2026-11-21T00:00:00Z"),
};
const at = (seconds: number) => new Date(fromTime.getTime() + seconds * 1000);
const hourOf = (time: string | Date) => Math.floor(new Date(time).getTime() / 3_600_000) * 3600;

interface StoredSkew {
  key: string;
  counts: SkewCounts;
  predictionCount: number;
  pairCount: number;
  firstMs: number | null;
  lastMs: number | null;
  confusion: [string, string, number][];
  confusionOther: number;
  differences: [number, number][];
}

async function readStored(
  modelId: string,
  grain: "1h" | "1d" = "1h",
  segment = { key: "", value: "" },
): Promise<StoredSkew[]> {
  const result = await stores.clickhouse.query({
    query: `SELECT *, toUnixTimestamp(bucket) AS seconds, toUnixTimestamp64Milli(first_differing_at) AS firstMs,
        toUnixTimestamp64Milli(last_differing_at) AS lastMs
      FROM skew_profiles FINAL
      WHERE workspace_id = '${workspaceId}' AND model_id = '${modelId}' AND grain = '${grain}' AND segment_key = '${segment.key}' AND segment_value = '${segment.value}' AND prediction_count + match_count + mismatch_count + type_mismatch_count + offline_only_count + served_only_count > 0`,
    format: "JSONEachRow",
  });
  // biome-ignore lint/suspicious/noExplicitAny: the rows of a test's own statement
  const rows = (await result.json()) as any[];
  return rows
    .map((row) => ({
      key: `${row.environment} ${row.version} ${row.seconds} ${row.feature}`,
      counts: {
        match: row.match_count,
        mismatch: row.mismatch_count,
        typeMismatch: row.type_mismatch_count,
        offlineOnly: row.offline_only_count,
        servedOnly: row.served_only_count,
      },
      predictionCount: row.prediction_count,
      pairCount: row.pair_count,
      firstMs: row.firstMs === 0 ? null : row.firstMs,
      lastMs: row.lastMs === 0 ? null : row.lastMs,
      confusion: row.confusion_counts.map((count: number, i: number) => [
        row.confusion_offline[i],
        row.confusion_served[i],
        count,
      ]),
      confusionOther: row.confusion_other,
      differences: row.difference_counts.map((count: number, i: number) => [
        row.difference_bins[i],
        count,
      ]),
    }))
    .sort(byKey);
}

const byKey = (a: { key: string }, b: { key: string }) => (a.key < b.key ? -1 : 1);

/** Every pair in turn, by the pure comparison, from the rows as they were sent. */
function bruteForce(
  predictions: readonly TestPrediction[],
  offline: readonly TestOffline[],
  bucketOf: (time: string | Date) => number = hourOf,
): StoredSkew[] {
  const served = new Map(
    predictions.map((row) => [
      `${row.environment ?? "production"} ${row.version ?? "1"} ${row.id} ${Math.floor(new Date(row.time).getTime() / 300_000)}`,
      row,
    ]),
  );
  const held = new Map(
    offline.map((row) => [
      `${row.environment ?? "production"} ${row.version ?? ""} ${row.id}`,
      row,
    ]),
  );
  const found = new Map<string, StoredSkew>();
  const entryOf = (key: string): StoredSkew => {
    const entry = found.get(key) ?? {
      key,
      counts: noPairs,
      predictionCount: 0,
      pairCount: 0,
      firstMs: null,
      lastMs: null,
      confusion: [],
      confusionOther: 0,
      differences: [],
    };
    found.set(key, entry);
    return entry;
  };
  for (const row of served.values()) {
    const environment = row.environment ?? "production";
    const version = row.version ?? "1";
    const prefix = `${environment} ${version} ${bucketOf(row.time)} `;
    const totals = entryOf(prefix);
    totals.predictionCount += 1;
    const match =
      held.get(`${environment} ${version} ${row.id}`) ?? held.get(`${environment}  ${row.id}`);
    if (match === undefined) continue;
    totals.pairCount += 1;
    const names = new Set([...Object.keys(row.features ?? {}), ...Object.keys(match.features)]);
    for (const name of names) {
      const [a, b] = [match.features[name], row.features?.[name]];
      const outcome = comparePair(a, b);
      if (outcome === "no_value") continue;
      const entry = entryOf(prefix + name);
      entry.counts = addOutcome(entry.counts, outcome);
      if (outcome === "match") continue;
      const ms = new Date(row.time).getTime();
      entry.firstMs = Math.min(entry.firstMs ?? ms, ms);
      entry.lastMs = Math.max(entry.lastMs ?? ms, ms);
      if (outcome === "mismatch" && typeof a === "number" && typeof b === "number") {
        if (Number.isFinite(b - a))
          addTo(entry.differences, [leftEdgeOf(b - a, { resolution: 4, zeroFloor: 0 })]);
      } else if (outcome === "mismatch" || outcome === "type_mismatch") {
        addTo(entry.confusion, [spell(a), spell(b)]);
      }
    }
  }
  for (const entry of found.values()) {
    entry.differences.sort((a, b) => a[0] - b[0]);
    entry.confusion.sort(
      (a, b) => b[2] - a[2] || (`${a[0]}\n${a[1]}` < `${b[0]}\n${b[1]}` ? -1 : 1),
    );
  }
  return [...found.values()].sort(byKey);
}

function addTo(list: unknown[][], key: readonly unknown[]): void {
  const known = list.find((one) => key.every((part, i) => one[i] === part));
  if (known === undefined) list.push([...key, 1]);
  else known[key.length] = Number(known[key.length]) + 1;
}

const spell = (value: TestFeatureValue | undefined) =>
  typeof value === "number" && !Number.isFinite(value)
    ? String(value).toLowerCase().replace("infinity", "inf")
    : JSON.stringify(value);

test("a handful of pairs is counted as a person counts them", async () => {
  const { id: modelId } = await buildModel(stores.postgres, workspaceId);
  await insertPredictions(stores, { workspaceId, modelId }, [
    { id: "a", time: at(10), features: { distance: 728, zip: "00728", city: "ATL", only: 1 } },
    { id: "b", time: at(20), features: { distance: 100, zip: "10001", city: "JFK", only: null } },
    { id: "c", time: at(30), features: { distance: 0.1 + 0.2, zip: "2" } },
    { id: "unmatched", time: at(40), features: { distance: 5 } },
  ]);
  await insertOffline(stores, { workspaceId, modelId }, [
    { id: "a", time: at(0), features: { distance: 1171.6, zip: 728, city: "ATL" } },
    { id: "b", time: at(0), features: { distance: 100, zip: "10001", city: "LGA" } },
    { id: "c", time: at(0), features: { distance: 0.3, zip: null, city: "BOS" } },
    { id: "never served", time: at(0), features: { distance: 5 } },
  ]);
  await recomputeSkewHours(stores, { workspaceId, modelId, fromTime, untilTime });
  const hour = hourOf(fromTime);
  const row = (feature: string, counts: Partial<SkewCounts>, more: Partial<StoredSkew> = {}) => ({
    key: `production 1 ${hour} ${feature}`,
    counts: { ...noPairs, ...counts },
    predictionCount: 0,
    pairCount: 0,
    firstMs: null,
    lastMs: null,
    confusion: [],
    confusionOther: 0,
    differences: [],
    ...more,
  });
  const seen = (first: number, last = first) => ({
    firstMs: at(first).getTime(),
    lastMs: at(last).getTime(),
  });
  expect(await readStored(modelId)).toEqual([
    row("", {}, { predictionCount: 4, pairCount: 3 }),
    row(
      "city",
      { match: 1, mismatch: 1, offlineOnly: 1 },
      { ...seen(20, 30), confusion: [['"LGA"', '"JFK"', 1]] },
    ),
    // 728 - 1171.6 = -443.6 lies in (-448, -432]: the bin is named by the smallest number inside.
    row(
      "distance",
      { match: 2, mismatch: 1 },
      { ...seen(10), differences: [[-447.99999999999994, 1]] },
    ),
    row("only", { servedOnly: 1 }, seen(10)),
    row(
      "zip",
      { match: 1, typeMismatch: 1, servedOnly: 1 },
      { ...seen(10, 30), confusion: [["728", '"00728"', 1]] },
    ),
  ]);
});

const cities = ["Atlanta", "Boston", 'El "Paso"', ""];

function randomSides(random: () => number) {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const value = (): TestFeatureValue =>
    pick<TestFeatureValue>([
      random() * 100,
      Math.floor(random() * 3),
      pick(cities),
      random() < 0.5,
      null,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      1e-320,
      -0,
    ]);
  const predictions: TestPrediction[] = [];
  const offline: TestOffline[] = [];
  for (let i = 0; i < 600; i++) {
    const features: Record<string, TestFeatureValue> = {
      x: random() * 1_000,
      zip: pick(["00728", "10001", 728]),
      any: value(),
    };
    if (random() < 0.8) features.city = pick(cities);
    const id = `p${i % 550}`;
    const environment = random() < 0.9 ? "production" : "staging";
    const version = pick(["1", "2"]);
    predictions.push({
      id,
      time: at(Math.floor(random() * 10_800)),
      environment,
      version,
      features,
    });
    if (random() < 0.2) continue;
    const drop = random() < 0.1;
    const turned: Record<string, TestFeatureValue> = {
      x: random() < 0.2 ? (features.x as number) * 1.609 : (features.x as number) * (1 + 1e-12),
      zip: random() < 0.9 ? (features.zip ?? null) : 728,
      any: random() < 0.5 ? (features.any ?? null) : value(),
      ...(drop ? {} : { city: pick(cities) }),
      ...(random() < 0.1 ? { extra: value() } : {}),
    };
    const forVersion = random() < 0.2 ? { version: pick(["1", "2", "3"]) } : {};
    offline.push({ id, time: at(-60), environment, ...forVersion, features: turned });
  }
  return { predictions, offline };
}

test("hours are what a join of the raw rows by brute force says, in any blocks, with repeats, and twice", async () => {
  const { id: modelId } = await buildModel(stores.postgres, workspaceId);
  const key = { workspaceId, modelId };
  const { predictions, offline } = randomSides(seededRandom(1));
  const third = Math.floor(predictions.length / 3);
  await insertOffline(stores, key, offline.slice(0, 200));
  await insertPredictions(stores, key, predictions.slice(0, third));
  await recomputeSkewHours(stores, { ...key, fromTime, untilTime });
  await insertPredictions(stores, key, predictions.slice(third));
  await insertOffline(stores, key, offline.slice(200));
  await Promise.all([1, 2].map(() => recomputeSkewHours(stores, { ...key, fromTime, untilTime })));
  const expected = bruteForce(predictions, offline);
  expect(expected.length).toBeGreaterThan(40);
  expect(expected.filter(({ counts }) => differingOf(counts) > 0).length).toBeGreaterThan(30);
  expect(await readStored(modelId)).toEqual(expected);
  await recomputeSkewHours(stores, { ...key, fromTime, untilTime });
  expect(await readStored(modelId)).toEqual(expected);
  await rebuildSkewOfDays(stores, { ...key, ...day });
  await rebuildSkewOfDays(stores, { ...key, ...day });
  const dayStart = () => day.fromTime.getTime() / 1000;
  expect(await readStored(modelId, "1d")).toEqual(bruteForce(predictions, offline, dayStart));
});

test("what either side lost is gone from the hour, and from its day", async () => {
  const { id: modelId } = await buildModel(stores.postgres, workspaceId);
  const key = { workspaceId, modelId };
  const { predictions, offline } = randomSides(seededRandom(2));
  await insertPredictions(stores, key, predictions);
  await insertOffline(stores, key, offline);
  await recomputeSkewHours(stores, { ...key, fromTime, untilTime });
  await rebuildSkewOfDays(stores, { ...key, ...day });
  const where = `workspace_id = '${workspaceId}' AND model_id = '${modelId}'`;
  await stores.clickhouse.command({
    query: `DELETE FROM predictions IN PARTITION 202611 WHERE ${where} AND (version = '2' OR environment = 'staging')`,
  });
  await stores.clickhouse.command({
    query: `DELETE FROM offline_features IN PARTITION 202611 WHERE ${where} AND prediction_id LIKE 'p1%'`,
  });
  await recomputeSkewHours(stores, { ...key, fromTime, untilTime });
  await rebuildSkewOfDays(stores, { ...key, ...day });
  const kept = predictions.filter((row) => row.version !== "2" && row.environment === "production");
  const held = offline.filter(({ id }) => !id.startsWith("p1"));
  expect(await readStored(modelId)).toEqual(bruteForce(kept, held));
  const dayStart = () => day.fromTime.getTime() / 1000;
  expect(await readStored(modelId, "1d")).toEqual(bruteForce(kept, held, dayStart));
});

test("what a segment holds is what a join of its rows alone says, and past a hundred values they are one", async () => {
  const { id: modelId } = await buildModel(stores.postgres, workspaceId);
  const key = { workspaceId, modelId };
  await stores.postgres.db
    .insert(segmentKeys)
    .values(["region", "customer"].map((name) => ({ modelId, key: name, createdAt: fromTime })));
  const { predictions, offline } = randomSides(seededRandom(4));
  const numberOf = ({ id }: TestPrediction) => Number(id.slice(1));
  const regionOf = (row: TestPrediction) => ["eu", "us", ""][numberOf(row) % 3] ?? "";
  const customerOf = (row: TestPrediction) => `c${Math.floor(Math.sqrt(numberOf(row) * 30))}`;
  // Every prediction once: of one that was sent again another tag would hold.
  const tagged = predictions.slice(0, 550).map((row): TestPrediction => {
    const region = regionOf(row);
    const customer = customerOf(row);
    return { ...row, tags: region === "" ? { customer } : { region, customer } };
  });
  await insertPredictions(stores, key, tagged);
  await insertOffline(stores, key, offline);
  for (let n = 0; n < 2; n++) {
    await recomputeSkewHours(stores, { ...key, fromTime, untilTime });
    await rebuildSkewOfDays(stores, { ...key, ...day });
  }
  const dayStart = () => day.fromTime.getTime() / 1000;
  expect(await readStored(modelId)).toEqual(bruteForce(tagged, offline));
  for (const value of ["eu", "us", ""]) {
    const own = tagged.filter((row) => regionOf(row) === value);
    const segment = { key: "region", value };
    expect(await readStored(modelId, "1h", segment)).toEqual(bruteForce(own, offline));
    expect(await readStored(modelId, "1d", segment)).toEqual(bruteForce(own, offline, dayStart));
  }
  const customers = [...new Set(tagged.map(customerOf))];
  expect(customers.length).toBeGreaterThan(segmentLimits.valuesPerKeyMax);
  const stored = await Promise.all(
    customers.map(async (value) => ({
      value,
      rows: await readStored(modelId, "1d", { key: "customer", value }),
    })),
  );
  const named = stored.filter(({ rows }) => rows.length > 0).map(({ value }) => value);
  expect(named).toHaveLength(segmentLimits.valuesPerKeyMax);
  const rest = tagged.filter((row) => !named.includes(customerOf(row)));
  expect(await readStored(modelId, "1d", { key: "customer", value: otherSegment })).toEqual(
    bruteForce(rest, offline, dayStart),
  );
});

test("the worker's own steps come to the same, whichever side comes first, late or again, and leave nothing to do", async () => {
  const { id: modelId } = await buildModel(stores.postgres, workspaceId);
  const key = { workspaceId, modelId };
  const pg = stores.postgres.db;
  const clock = { ms: Date.parse("2026-12-02T00:00:00Z") };
  const now = () => new Date(clock.ms);
  const predict = async (rows: readonly TestPrediction[]) => {
    await insertPredictions(stores, key, rows);
    const starts = rows.map((row) => Math.floor(new Date(row.time).getTime() / 300_000) * 300);
    await markDirtyBuckets(
      pg,
      [...new Set(starts)].map((bucket) => ({ ...key, bucket })),
      now(),
    );
  };
  const tell = async (rows: readonly TestOffline[]) => {
    const places = await insertOffline(stores, key, rows);
    const times = rows.map((row) => new Date(row.time).getTime());
    const [rowFromMs, rowUntilMs] = [Math.min(...times), Math.max(...times)];
    const arrival = {
      ...key,
      aspect: "skew" as const,
      ...places,
      rowFromMs,
      rowUntilMs,
      rowCount: rows.length,
    };
    // Twice, as after a kill between the mark and the release of the log.
    for (let n = 0; n < 2; n++) await recordArrivals(pg, [arrival], now());
  };
  const failures: unknown[] = [];
  const onFailure = (failure: unknown) => failures.push(failure);
  const work = async () => {
    clock.ms += 600_000;
    while ((await markArrivedHours({ stores, aspect: "skew", now, modelId, onFailure })) !== null);
    for (const grain of ["1h", "1d"] as const) {
      clock.ms += 600_000;
      const options = {
        stores,
        aspect: "skew" as const,
        grain,
        modelId,
        now,
        newId: randomUUID,
        onFailure,
      };
      while ((await recomputeClaim(options)) !== null);
    }
  };
  const { predictions, offline } = randomSides(seededRandom(3));
  await tell(offline.slice(0, 150));
  await work();
  await predict(predictions.slice(0, 400));
  await work();
  await tell(offline.slice(150));
  await work();
  await predict(predictions.slice(400));
  await work();
  expect(failures).toEqual([]);
  const dayStart = () => day.fromTime.getTime() / 1000;
  expect(await readStored(modelId)).toEqual(bruteForce(predictions, offline));
  expect(await readStored(modelId, "1d")).toEqual(bruteForce(predictions, offline, dayStart));
  const waiting = await pg.select().from(arrivals).where(eq(arrivals.modelId, modelId));
  const dirty = await pg.select().from(dirtyBuckets).where(eq(dirtyBuckets.modelId, modelId));
  expect([waiting, dirty.filter(({ aspect }) => aspect === "skew")]).toEqual([[], []]);
});

test("of a model without offline features there is none", async () => {
  const { id: modelId } = await buildModel(stores.postgres, workspaceId);
  const key = { workspaceId, modelId };
  await insertPredictions(stores, key, [{ id: "a", time: at(1), features: { x: 1 } }]);
  await recomputeSkewHours(stores, { ...key, fromTime, untilTime });
  expect(await readStored(modelId)).toEqual([]);
});

test("another workspace's offline features for the same model id and prediction are not seen", async () => {
  const { id: modelId } = await buildModel(stores.postgres, workspaceId);
  const { id: other } = await buildWorkspace(stores.postgres);
  const key = { workspaceId, modelId };
  const features = { x: 1 };
  await insertPredictions(stores, key, [
    { id: "a", time: at(1), features },
    { id: "b", time: at(2), features },
  ]);
  await insertOffline(stores, key, [{ id: "b", time: at(0), features }]);
  await insertOffline(stores, { workspaceId: other, modelId }, [
    { id: "a", time: at(0), features: { x: 2 } },
  ]);
  await recomputeSkewHours(stores, { ...key, fromTime, untilTime });
  expect(
    (await readStored(modelId)).map(({ counts, pairCount }) => [pairCount, differingOf(counts)]),
  ).toEqual([
    [1, 0],
    [0, 0],
  ]);
});
