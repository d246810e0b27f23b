import { afterAll, beforeAll, expect, test } from "vitest";
import { grains } from "#lib/domain/grain.ts";
import { seededRandom } from "#lib/stats/testing/random.ts";
import { compareProfiles } from "./testing/compare-profiles.ts";
import { compareStored, noDifferences } from "./testing/compare-stored.ts";
import { CrashLoad, labelKey, predictionKey } from "./testing/crash-load.ts";
import type { CrashRig } from "./testing/crash-rig.ts";
import { killInTurn, startCrashRig, victims } from "./testing/crash-rig.ts";
import { countUnmerged, storedLabels, storedPredictions } from "./testing/stored-rows.ts";

let rig: CrashRig;

beforeAll(async () => {
  rig = await startCrashRig();
});
afterAll(() => rig?.stop());

const patience = { timeout: 60_000, interval: 100 };
const tables = ["predictions", "labels"] as const;

function startLoad(seed: number): CrashLoad {
  const load = new CrashLoad({
    url: rig.ingestUrl,
    key: rig.tenant.key,
    seed,
    clients: 4,
    untilMs: Date.now(),
    paceMsMax: 200,
  });
  load.start();
  return load;
}

const run = (query: string) => rig.stores.clickhouse.command({ query });

/** Merging would hide a row that was stored twice before anybody could count it. */
async function setMerging(isOn: boolean): Promise<void> {
  for (const table of tables) {
    await run(
      isOn
        ? `ALTER TABLE ${table} RESET SETTING max_bytes_to_merge_at_max_space_in_pool, max_bytes_to_merge_at_min_space_in_pool`
        : `ALTER TABLE ${table} MODIFY SETTING max_bytes_to_merge_at_max_space_in_pool = 1, max_bytes_to_merge_at_min_space_in_pool = 1`,
    );
  }
}

async function settle(load: CrashLoad): Promise<void> {
  await load.stop();
  await rig.ready();
  await expect.poll(rig.countUnstoredBatches, patience).toBe(0);
  await expect.poll(rig.countDirtyBuckets, patience).toBe(0);
}

/** Everything that was promised of what the clients sent, in the raw tables and in the figures. */
async function expectWhole(load: CrashLoad): Promise<void> {
  const { stores, tenant } = rig;
  const { workspaceId } = tenant;
  const models = await rig.modelNames();
  const predictions = await storedPredictions(stores.clickhouse, workspaceId, models);
  const labels = await storedLabels(stores.clickhouse, workspaceId, models);
  expect(compareStored(load.predictions, predictions, predictionKey)).toEqual(noDifferences);
  expect(compareStored(load.labels, labels, labelKey)).toEqual(noDifferences);
  for (const grain of grains) {
    const compared = await compareProfiles(
      stores.clickhouse,
      workspaceId,
      models,
      grain,
      predictions,
    );
    expect(compared.differences).toEqual([]);
    expect(compared.agreeing).toBeGreaterThan(0);
  }
  const counts = { predictions: predictions.length, labels: labels.length };
  for (const table of tables) {
    expect((await countUnmerged(stores.clickhouse, workspaceId, table)).doubled).toBe(0);
    await run(`OPTIMIZE TABLE ${table} FINAL`);
    expect((await countUnmerged(stores.clickhouse, workspaceId, table)).rows).toBe(counts[table]);
  }
}

test("20 SIGKILLs at random moments lose no acknowledged row and double none", async () => {
  const random = seededRandom(20);
  await setMerging(false);
  const load = startLoad(1);
  await killInTurn(rig, load, { turn: victims, count: 20, random, afterMsMax: 1_000 });
  await settle(load);
  expect(rig.kills).toEqual({ worker: 7, clickhouse: 7, ingest: 6 });
  await expectWhole(load);
  await setMerging(true);
});
