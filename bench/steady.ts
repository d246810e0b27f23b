import { randomUUID } from "node:crypto";
import { markDirtyBuckets } from "#db/postgres/queries/mark-dirty-buckets.ts";
import { segmentKeys } from "#db/postgres/schema/models.ts";
import type { Grain } from "#lib/domain/grain.ts";
import { grains } from "#lib/domain/grain.ts";
import { recomputeClaim } from "#lib/services/profile/recompute-claim.ts";
import type { Bench, BenchOptions, BenchResult } from "./bench-result.ts";
import type { BenchFeature, ProfileRig } from "./profile-rig.ts";
import {
  buildBenchModel,
  continuous,
  featureMaps,
  mixedFeatures,
  startProfileRig,
} from "./profile-rig.ts";

const fromTime = new Date("2026-11-20T10:00:00Z");
const hourMs = 3_600_000;
/** Ingest seals a batch once a second; five at a time make the same claims due. */
const tickMs = 5_000;
/** Until the last rows are in their day. */
const restMs = 8 * 60_000;

interface Load {
  what: string;
  rowsPerHour: number;
  listed: readonly BenchFeature[];
  /** How long rows come; default: an hour. */
  forMs?: number;
  hasSegment?: boolean;
  /** Rows that come an hour after they were made, one at a time. */
  lateEveryMs?: number;
}

const wideFeatures: readonly BenchFeature[] = Array.from({ length: 1_000 }, (_, i) => ({
  name: `continuous_${i}`,
  type: "numeric" as const,
  value: continuous(i),
}));

const loads = (rows: number): readonly Load[] => [
  { what: "25 features", rowsPerHour: rows, listed: mixedFeatures },
  {
    what: "25 features, a row late each minute",
    rowsPerHour: rows,
    listed: mixedFeatures,
    lateEveryMs: 60_000,
  },
  {
    what: "1,000 features by a tag",
    rowsPerHour: Math.ceil(rows / 10),
    listed: wideFeatures,
    hasSegment: true,
    forMs: 15 * 60_000,
  },
];

export const bench: Bench = {
  name: "steady",
  description:
    "An hour of steady rows (--rows, 100,000) on a clock of its own: what its profiles cost, by grain",
  run,
};

async function run({ rows = 100_000 }: BenchOptions): Promise<BenchResult> {
  const result: BenchResult = { name: "steady", rows: [], budgets: [] };
  for (const load of loads(rows)) {
    const rig = await startProfileRig();
    try {
      const costs = await simulate(rig, load);
      const minutes = (load.forMs ?? hourMs) / 60_000;
      for (const [grain, { coreSeconds, claims, rowsRead }] of costs)
        result.rows.push({
          load: `${load.rowsPerHour} rows an hour, ${load.what}`,
          grain,
          claims,
          "rows read per row": ((rowsRead / load.rowsPerHour) * (60 / minutes)).toFixed(1),
          "core s": coreSeconds.toFixed(1),
          "core s per minute": (coreSeconds / minutes).toFixed(2),
        });
    } finally {
      await rig.stop();
    }
  }
  return result;
}

interface Cost {
  coreSeconds: number;
  claims: number;
  rowsRead: number;
}

async function simulate(rig: ProfileRig, load: Load): Promise<Map<Grain, Cost>> {
  const modelId = await buildBenchModel(rig, "steady", load.listed);
  if (load.hasSegment === true)
    await rig.stores.postgres.db
      .insert(segmentKeys)
      .values({ modelId, key: "region", createdAt: fromTime });
  const costs = new Map<Grain, Cost>(
    grains.map((grain) => [grain, { coreSeconds: 0, claims: 0, rowsRead: 0 }]),
  );
  if (load.lateEveryMs !== undefined) {
    const before = { fromMs: -hourMs, untilMs: 0, rowCount: load.rowsPerHour };
    await insertRows(rig, { modelId, listed: load.listed, ...before, atMs: -10 * 60_000 });
    for (let at = -10 * 60_000; at <= 0; at += 60_000) await settle(rig, modelId, at, new Map());
  }
  const perTick = (load.rowsPerHour * tickMs) / hourMs;
  const { forMs = hourMs } = load;
  for (let at = tickMs; at <= forMs + restMs; at += tickMs) {
    if (at <= forMs) {
      const rowCount =
        Math.floor((at / tickMs) * perTick) - Math.floor((at / tickMs - 1) * perTick);
      const rows = { fromMs: at - tickMs, untilMs: at, rowCount };
      await insertRows(rig, { modelId, listed: load.listed, ...rows, atMs: at });
    }
    if (load.lateEveryMs !== undefined && at <= forMs && at % load.lateEveryMs === 0) {
      const rows = { fromMs: at - hourMs - 1_000, untilMs: at - hourMs, rowCount: 1 };
      await insertRows(rig, { modelId, listed: load.listed, ...rows, atMs: at });
    }
    await settle(rig, modelId, at, costs);
  }
  return costs;
}

/** All that is due now, as the loop would take it. */
async function settle(
  rig: ProfileRig,
  modelId: string,
  atMs: number,
  costs: ReadonlyMap<Grain, Cost>,
): Promise<void> {
  for (const grain of grains) {
    for (;;) {
      const cpuBefore = rig.engineCpuSeconds() ?? 0;
      const ownBefore = process.cpuUsage();
      const done = await recomputeClaim({
        stores: rig.stores,
        grain,
        modelId,
        now: () => new Date(fromTime.getTime() + atMs),
        newId: randomUUID,
        onFailure: ({ error }) => {
          throw error;
        },
      });
      if (done === null) break;
      const own = process.cpuUsage(ownBefore);
      const cost = costs.get(grain);
      if (cost === undefined) continue;
      cost.coreSeconds += (rig.engineCpuSeconds() ?? 0) - cpuBefore + (own.user + own.system) / 1e6;
      cost.claims += 1;
      cost.rowsRead += done.rowsRead;
    }
  }
}

async function insertRows(
  rig: ProfileRig,
  options: {
    modelId: string;
    listed: readonly BenchFeature[];
    fromMs: number;
    untilMs: number;
    rowCount: number;
    /** When they are stored. */
    atMs: number;
  },
): Promise<void> {
  const { modelId, listed, rowCount } = options;
  const from = fromTime.getTime() + options.fromMs;
  const stepMs = (options.untilMs - options.fromMs) / rowCount;
  const madeMs = `toInt64(${from} + number * ${stepMs})`;
  await rig.stores.clickhouse.command({
    query: `INSERT INTO predictions (workspace_id, model_id, environment, version, prediction_id, timestamp, sequence, prediction_kind,
        prediction_value, numeric_features, string_features, boolean_features, latency_ms, tags)
      SELECT '${rig.workspaceId}', '${modelId}', 'production', '1', toString(generateUUIDv7(number)), fromUnixTimestamp64Milli(${madeMs}, 'UTC'),
        bitShiftLeft(toUInt64(${madeMs}), 22) + number, 'number', randNormal(0, 1, 99),
        ${featureMaps(listed)}, randLogNormal(2, 1, 77), map('region', concat('r', toString(rand(55) % 4)))
      FROM numbers(${rowCount})`,
  });
  const buckets = [];
  for (let at = from - (from % 300_000); at < from + stepMs * rowCount; at += 300_000)
    buckets.push({ workspaceId: rig.workspaceId, modelId, bucket: at / 1000 });
  await markDirtyBuckets(
    rig.stores.postgres.db,
    buckets,
    new Date(fromTime.getTime() + options.atMs),
  );
}
