import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { grains } from "#lib/domain/grain.ts";
import { seededRandom } from "#lib/stats/testing/random.ts";
import { compareProfiles } from "./testing/compare-profiles.ts";
import { compareSkew } from "./testing/compare-skew.ts";
import { compareStored, first, noDifferences } from "./testing/compare-stored.ts";
import { CrashLoad, labelKey, predictionKey } from "./testing/crash-load.ts";
import type { CrashRig } from "./testing/crash-rig.ts";
import { killInTurn, startCrashRig, victims } from "./testing/crash-rig.ts";
import {
  countUnmerged,
  storedLabels,
  storedOffline,
  storedPredictions,
  storedTwice,
} from "./testing/stored-rows.ts";
import type { TestWorkspace } from "./testing/test-ingest.ts";
import { buildTenant } from "./testing/test-ingest.ts";

let rig: CrashRig;

beforeAll(async () => {
  rig = await startCrashRig();
});
afterAll(() => rig?.stop());

/** The processes share their machine with the other suites. */
const patience = { timeout: 240_000, interval: 50 };
const timeout = 900_000;
const tables = ["predictions", "labels", "offline_features"] as const;

async function startLoad(seed: number, paceMsMax: number) {
  const tenant = await buildTenant(rig.stores);
  const load = new CrashLoad({
    url: rig.ingestUrl,
    key: tenant.key,
    seed,
    clients: 4,
    untilMs: Date.now(),
    paceMsMax,
  });
  load.start();
  onTestFinished(() => load.stop());
  return { tenant, load };
}

const run = (query: string) => rig.stores.clickhouse.command({ query });
const mergeBounds = [
  "max_bytes_to_merge_at_max_space_in_pool",
  "max_bytes_to_merge_at_min_space_in_pool",
];

/** Merging would hide a row that was stored twice before anybody could count it. */
async function stopMerging(): Promise<void> {
  const bounds = mergeBounds.map((name) => `${name} = 1`).join();
  for (const table of tables) await run(`ALTER TABLE ${table} MODIFY SETTING ${bounds}`);
  onTestFinished(async () => {
    for (const table of tables) await run(`ALTER TABLE ${table} RESET SETTING ${mergeBounds}`);
  });
}

/** Until everything is stored and profiled, by nobody's hand. */
async function settle(load: CrashLoad): Promise<void> {
  await load.stop();
  await rig.ready();
  await expect.poll(rig.countUnstoredBatches, patience).toBe(0);
  // A claim of arrivals that died with its worker runs out after three minutes.
  for (let n = 0; n < 3; n++) await rig.skipMinute();
  await expect.poll(rig.countArrivals, patience).toBe(0);
  for (const grain of grains) {
    await rig.skipMinute();
    await expect.poll(() => rig.countDirtyBuckets(grain), patience).toBe(0);
  }
  expect(await rig.countDirtyBuckets()).toBe(0);
}

/** Everything that was promised of what the clients sent, in the raw tables and in the figures. */
async function expectWhole(load: CrashLoad, { workspaceId }: TestWorkspace): Promise<void> {
  const { clickhouse } = rig.stores;
  const models = await rig.modelNames(workspaceId);
  const predictions = await storedPredictions(clickhouse, workspaceId, models);
  const labels = await storedLabels(clickhouse, workspaceId, models);
  expect(compareStored(load.predictions, predictions, predictionKey)).toEqual(noDifferences);
  expect(compareStored(load.labels, labels, labelKey)).toEqual(noDifferences);
  const offline = await storedOffline(clickhouse, workspaceId, models);
  expect(compareStored(load.offline, offline, predictionKey)).toEqual(noDifferences);
  expect(offline.length).toBeGreaterThan(0);
  for (const grain of grains) {
    const found = await compareProfiles(clickhouse, workspaceId, models, grain, {
      predictions,
      labels,
    });
    expect(first(found.differences)).toEqual([]);
    expect(found.agreeing).toBeGreaterThan(0);
  }
  for (const grain of ["1h", "1d"] as const) {
    const sides = { predictions, offline };
    const found = await compareSkew(clickhouse, workspaceId, models, grain, sides);
    expect(first(found.differences)).toEqual([]);
    expect(found.agreeing).toBeGreaterThan(0);
  }
  const counts = {
    predictions: predictions.length,
    labels: labels.length,
    offline_features: offline.length,
  };
  for (const table of tables) {
    expect((await countUnmerged(clickhouse, workspaceId, table)).doubled).toBe(0);
    const twice = await storedTwice(clickhouse, workspaceId, table);
    expect(first(twice.filter((id) => !load.resent.has(id)))).toEqual([]);
    await run(`OPTIMIZE TABLE ${table} FINAL`);
    expect((await countUnmerged(clickhouse, workspaceId, table)).rows).toBe(counts[table]);
  }
}

test("20 SIGKILLs at random moments lose no acknowledged row and double none", {
  timeout,
}, async () => {
  await stopMerging();
  const { load, tenant } = await startLoad(1, 400);
  await killInTurn(rig, load, {
    turn: victims,
    count: 20,
    random: seededRandom(20),
    afterMsMax: 800,
  });
  await settle(load);
  expect(rig.kills).toEqual({ worker: 7, clickhouse: 7, ingest: 6 });
  await expectWhole(load, tenant);
});

test("power cuts that take the log's unsynced bytes lose no acknowledged row and double none", {
  timeout,
}, async () => {
  const { load, tenant } = await startLoad(2, 400);
  await killInTurn(rig, load, {
    turn: ["ingest", "worker", "ingest", "clickhouse"],
    count: 8,
    random: seededRandom(8),
    afterMsMax: 800,
    isPowerCut: true,
  });
  await settle(load);
  expect(rig.unsyncedBytesThrownAway()).toBeGreaterThan(0);
  await expectWhole(load, tenant);
});

test("while ClickHouse does not come back ingest acknowledges up to its bound, then refuses, and everything arrives", {
  timeout,
}, async () => {
  const { load, tenant } = await startLoad(3, 0);
  const acknowledgedBefore = load.acknowledgedRows;
  await rig.keepClickHouseDown(() => load.untilRefused(20));
  expect(load.acknowledgedRows - acknowledgedBefore).toBeGreaterThan(10_000);
  await load.untilAcknowledged(20);
  await settle(load);
  await expectWhole(load, tenant);
});
