import { randomBytes, randomUUID } from "node:crypto";
import { findModelRow } from "#db/postgres/queries/model.ts";
import { jobRuns } from "#db/postgres/schema/jobs.ts";
import { apiKeys } from "#db/postgres/schema/keys.ts";
import { grainMs } from "#lib/domain/grain.ts";
import { retentionDefaults } from "#lib/domain/limits.ts";
import { profileBaselineRows } from "#lib/services/baseline/profile-baseline-rows.ts";
import { evaluateDrift } from "#lib/services/drift/evaluate-drift.ts";
import { mintApiKey } from "#lib/services/key/api-key.ts";
import { rebuildDays } from "#lib/services/profile/rebuild-days.ts";
import { recomputeBuckets } from "#lib/services/profile/recompute-buckets.ts";
import type { ProfileRig } from "./profile-rig.ts";
import { buildBenchModel, featureMaps, insertBaseline, mixedFeatures } from "./profile-rig.ts";

const dayMs = grainMs["1d"];
/** The raw retention: 90 days that end with the running minute. */
const days = retentionDefaults.rawDays;
const now = new Date("2026-11-20T12:00:00Z");
const fromTime = new Date(now.getTime() - days * dayMs);

/** One model has nearly all rows; the small ones together a fiftieth. */
export const busyModel = "busy";
const smallModels = Array.from({ length: 20 }, (_, i) => `small-${String(i).padStart(2, "0")}`);
const smallShare = 1 / 1_000;
/** Predictions of one customer, over the 90 days. */
const rowsPerEntity = 50;
/** Every second prediction gets a label, a day later. */
const rowsPerLabel = 2;
export const growth = 10;
/** What the engine takes at once within its gigabyte; as few parts as that allows. */
const blockRows = 250_000;
const rejectedRows = 20_000;
const verdictHours = 48;

const insertSettings = `SETTINGS min_insert_block_size_rows = ${blockRows}, min_insert_block_size_bytes = 0, max_threads = 1,
  optimize_on_insert = 0, max_block_size = 16384, max_execution_time = 3600`;
const columns = `workspace_id, model_id, environment, version, prediction_id, timestamp, sequence, prediction_kind,
  prediction_value, numeric_features, string_features, boolean_features, latency_ms, entity_id`;

export interface ConsoleStore {
  rig: ProfileRig;
  key: string;
  now: Date;
  rowCount: number;
}

/** A workspace of 21 models and 90 days, with a tenth of the rows. The rows are made inside the engine; what follows from them
 *  (profiles of every grain, baselines, verdicts) is what the product itself computes. */
export async function buildConsoleStore(rig: ProfileRig, rowCount: number): Promise<ConsoleStore> {
  const first = Math.round(rowCount / growth);
  for (const { name, share } of shares()) {
    const modelId = await buildBenchModel(rig, name, mixedFeatures);
    const rows = Math.round(first * share);
    await insertRows(rig, modelId, rows);
    await insertLabels(rig, modelId);
    await buildBaseline(rig, modelId);
    await profile(rig, modelId);
    await evaluateDrift(rig.stores, { workspaceId: rig.workspaceId, modelId, now });
    console.error(`${name}: ${rows} rows`);
  }
  await insertHistory(rig);
  const key = await buildKey(rig);
  await untilMerged(rig);
  return { rig, key, now, rowCount: first };
}

/** Nine more of every row, between it and the next, with ids and entities of their own. */
export async function growConsoleStore(store: ConsoleStore): Promise<ConsoleStore> {
  const { rig } = store;
  await command(rig, "TRUNCATE TABLE labels");
  for (const { name, share } of shares()) {
    const scope = { pg: rig.stores.postgres.db, workspaceId: rig.workspaceId };
    const model = await findModelRow(scope, name);
    if (model === null) throw new Error(`${name} is not there`);
    const rows = Math.round(store.rowCount * share);
    await copyRows(rig, model.id, rows);
    await insertLabels(rig, model.id);
    await profile(rig, model.id);
    await evaluateDrift(rig.stores, { workspaceId: rig.workspaceId, modelId: model.id, now });
    console.error(`${name}: ${rows * growth} rows`);
  }
  await untilMerged(rig);
  return { ...store, rowCount: store.rowCount * growth };
}

function shares(): { name: string; share: number }[] {
  const small = smallModels.map((name) => ({ name, share: smallShare }));
  return [{ name: busyModel, share: 1 - small.length * smallShare }, ...small];
}

async function insertRows(rig: ProfileRig, modelId: string, rowCount: number): Promise<void> {
  const stepMs = (days * dayMs) / rowCount;
  for (let from = 0; from < rowCount; from += blockRows) {
    const ms = `toInt64(${fromTime.getTime()} + (number + ${from}) * ${stepMs})`;
    await command(
      rig,
      `INSERT INTO predictions (${columns})
        SELECT '${rig.workspaceId}', '${modelId}', 'production', '1', toString(generateUUIDv7(number)),
          fromUnixTimestamp64Milli(${ms}, 'UTC'), bitShiftLeft(toUInt64(${ms} + rand(500) % 2000), 22) + number, 'number', randNormal(0, 1, 99),
          ${featureMaps(mixedFeatures)}, randLogNormal(2, 1, 77),
          concat('customer-', toString(rand(400) % ${Math.ceil(rowCount / rowsPerEntity)}))
        FROM numbers(${Math.min(blockRows, rowCount - from)}) ${insertSettings}`,
    );
  }
}

async function copyRows(rig: ProfileRig, modelId: string, rowCount: number): Promise<void> {
  const stepMs = (days * dayMs) / rowCount / growth;
  const entities = Math.ceil(rowCount / rowsPerEntity);
  // A day at a time, which lies in the order of the sort key; two at once, as the profiles that follow are made.
  const copyDay = (day: number) => {
    const from = fromTime.getTime() + day * dayMs;
    return command(
      rig,
      `INSERT INTO predictions (${columns})
        SELECT workspace_id, model_id, environment, version, toString(generateUUIDv7(copy)), timestamp + toIntervalMillisecond(toInt64(copy * ${stepMs})),
          sequence + bitShiftLeft(toUInt64(copy * ${stepMs}), 22) + copy * 100000, prediction_kind, prediction_value, numeric_features, string_features,
          boolean_features, latency_ms, concat('customer-', toString(toUInt32(substring(entity_id, 10)) + copy * ${entities}))
        FROM (SELECT ${columns} FROM predictions WHERE workspace_id = '${rig.workspaceId}' AND model_id = '${modelId}'
          AND timestamp >= fromUnixTimestamp64Milli(${from}) AND timestamp < fromUnixTimestamp64Milli(${from + dayMs}))
        ARRAY JOIN range(1, ${growth}) AS copy ${insertSettings}`,
    );
  };
  for (let day = 0; day < days; day += 2) await Promise.all([copyDay(day), copyDay(day + 1)]);
}

/** A day after their predictions. */
async function insertLabels(rig: ProfileRig, modelId: string): Promise<void> {
  await command(
    rig,
    `INSERT INTO labels (workspace_id, model_id, environment, prediction_id, label_timestamp, sequence, label_kind, label_value)
      SELECT workspace_id, model_id, environment, prediction_id, timestamp + toIntervalDay(1), sequence + bitShiftLeft(toUInt64(${dayMs}), 22), 'number',
        prediction_value + randNormal(0, 1, 1)
      FROM predictions
      WHERE workspace_id = '${rig.workspaceId}' AND model_id = '${modelId}' AND sipHash64(prediction_id) % ${rowsPerLabel} = 0
        AND timestamp < toDateTime64(${(now.getTime() - dayMs) / 1000}, 3, 'UTC') ${insertSettings}`,
  );
}

/** The first day, as a training set. */
async function buildBaseline(rig: ProfileRig, modelId: string): Promise<void> {
  const baselineId = randomUUID();
  const { workspaceId } = rig;
  await command(
    rig,
    `INSERT INTO baseline_rows (workspace_id, model_id, baseline_id, row_number, prediction_kind, prediction_value, numeric_features, string_features, boolean_features)
      SELECT workspace_id, model_id, '${baselineId}', rowNumberInAllBlocks() + 1, prediction_kind, prediction_value, numeric_features, string_features, boolean_features
      FROM predictions WHERE workspace_id = '${workspaceId}' AND model_id = '${modelId}' AND timestamp < toDateTime64(${(fromTime.getTime() + dayMs) / 1000}, 3, 'UTC')
      SETTINGS max_threads = 1`,
  );
  await profileBaselineRows(rig.stores, { workspaceId, modelId, baselineId });
  await insertBaseline(rig, { modelId, baselineId, at: fromTime });
}

/** Every grain, for as long as it is kept. */
async function profile(rig: ProfileRig, modelId: string): Promise<void> {
  const range = { workspaceId: rig.workspaceId, modelId, untilTime: now };
  const fineFrom = new Date(now.getTime() - retentionDefaults.profile5mDays * dayMs);
  await recomputeBuckets(rig.stores, { ...range, grain: "5m", fromTime: fineFrom });
  await recomputeBuckets(rig.stores, { ...range, grain: "1h", fromTime });
  await rebuildDays(rig.stores, {
    ...range,
    fromTime: new Date(Math.floor(fromTime.getTime() / dayMs) * dayMs),
    untilTime: new Date(Math.ceil(now.getTime() / dayMs) * dayMs),
  });
}

/** What time leaves behind beside rows: the verdicts of two days of hourly evaluations (the newest, repeated), runs of jobs
 *  and refused rows. */
async function insertHistory(rig: ProfileRig): Promise<void> {
  const { db } = rig.stores.postgres;
  await db.execute(`INSERT INTO drift_results
    SELECT workspace_id, model_id, environment, version, reference, subject, feature, window_from - make_interval(hours => hours),
      window_until - make_interval(hours => hours), verdict, reason, statistics, baseline_rows, window_rows, computed_at - make_interval(hours => hours)
    FROM drift_results CROSS JOIN generate_series(1, ${verdictHours - 1}) AS hours`);
  await db.insert(jobRuns).values(
    Array.from({ length: 2_000 }, (_, i) => {
      const startedAt = new Date(now.getTime() - i * grainMs["5m"]);
      return {
        id: randomUUID(),
        name: "recompute-profiles",
        workspaceId: rig.workspaceId,
        state: "done" as const,
        startedAt,
        finishedAt: startedAt,
        doneCount: 100,
        totalCount: 100,
      };
    }),
  );
  await command(
    rig,
    `INSERT INTO rejections (workspace_id, received_at, sequence, endpoint, model, prediction_id, code, path, message, row, api_key_id)
      SELECT '${rig.workspaceId}', fromUnixTimestamp64Milli(toInt64(${now.getTime()} - number * ${(20 * dayMs) / rejectedRows}), 'UTC'), number, 'predictions',
        '${busyModel}', toString(generateUUIDv7(number)), if(number % 3 = 0, 'too_old', 'invalid_value'), 'features.flag', 'must be true or false', repeat('x', 600), generateUUIDv4()
      FROM numbers(${rejectedRows})`,
  );
}

async function buildKey(rig: ProfileRig): Promise<string> {
  const { key, prefix, secretHash } = mintApiKey(randomBytes);
  await rig.stores.postgres.db.insert(apiKeys).values({
    id: randomUUID(),
    workspaceId: rig.workspaceId,
    name: "bench",
    prefix,
    secretHash,
    scopes: ["read"],
    createdAt: fromTime,
  });
  return key;
}

/** Until the engine has nothing left to merge of its own accord. */
async function untilMerged(rig: ProfileRig): Promise<void> {
  for (let quiet = 0; quiet < 5; ) {
    const running = await rig.stores.clickhouse.query({
      query: "SELECT count() AS running FROM system.merges",
      format: "JSONEachRow",
    });
    const [row] = await running.json<{ running: number }>();
    quiet = Number(row?.running ?? 0) === 0 ? quiet + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  await rig.stores.postgres.db.execute("ANALYZE");
}

async function command(rig: ProfileRig, query: string): Promise<void> {
  await rig.stores.clickhouse.command({ query });
}
