import { availableParallelism } from "node:os";
import { recomputeBuckets } from "#lib/services/profile/recompute-buckets.ts";
import type { Bench, BenchResult } from "./bench-result.ts";
import type { ProfileRig } from "./profile-rig.ts";
import { buildBenchModel, generateRows, mixedFeatures, startProfileRig } from "./profile-rig.ts";

const goalPerCoreSecond = 20_000_000;
const rowCount = 1_000_000;
/** The least of so many: what else runs on the machine only adds, and code is compiled in the first ones. */
const runs = 9;

export const bench: Bench = {
  name: "profiles",
  description:
    "Recompute of profiles from raw rows: feature values per core-second, and what one small bucket costs",
  run,
};

async function run(): Promise<BenchResult> {
  const rig = await startProfileRig();
  try {
    const fromTime = new Date("2026-11-20T00:00:00Z");
    const untilTime = new Date("2026-11-20T01:00:00Z");
    const modelId = await buildBenchModel(rig, "busy", mixedFeatures);
    await generateRows(rig, { modelId, listed: mixedFeatures, rowCount, fromTime, untilTime });
    const hour = await best(rig, () =>
      recomputeBuckets(rig.stores, {
        workspaceId: rig.workspaceId,
        modelId,
        grain: "1h",
        fromTime,
        untilTime,
      }),
    );
    const minutes = await best(rig, () =>
      recomputeBuckets(rig.stores, {
        workspaceId: rig.workspaceId,
        modelId,
        grain: "5m",
        fromTime,
        untilTime,
      }),
    );
    const quietId = await buildBenchModel(rig, "quiet", mixedFeatures);
    await generateRows(rig, {
      modelId: quietId,
      listed: mixedFeatures,
      rowCount: 100_000,
      fromTime: new Date("2026-11-19T00:00:00Z"),
      untilTime: new Date("2026-11-20T00:00:00Z"),
    });
    const day = { workspaceId: rig.workspaceId, modelId: quietId, grain: "5m" as const };
    const small = await best(rig, () =>
      recomputeBuckets(rig.stores, {
        ...day,
        fromTime: new Date("2026-11-19T00:00:00Z"),
        untilTime: new Date("2026-11-20T00:00:00Z"),
      }),
    );
    const one = await best(rig, () =>
      recomputeBuckets(rig.stores, {
        ...day,
        fromTime: new Date("2026-11-19T10:00:00Z"),
        untilTime: new Date("2026-11-19T10:05:00Z"),
      }),
    );
    const bare = await best(rig, () => countBarely(rig, modelId));
    // Beside the features: the prediction, the latency and the event lag.
    const valuesPerRow = mixedFeatures.length + 3;
    const rows: BenchResult["rows"] = [
      rowOf("1 bucket of an hour, 1,000,000 rows", hour, rowCount * valuesPerRow),
      rowOf("12 buckets of 5 minutes, 1,000,000 rows", minutes, rowCount * valuesPerRow),
      rowOf("288 buckets of 5 minutes, 100,000 rows", small, 100_000 * valuesPerRow),
      rowOf("1 bucket of 5 minutes, 347 rows", one, 347 * valuesPerRow),
      rowOf(
        "nothing but a count of the numbers by feature and bin, 1,000,000 rows",
        bare,
        rowCount * numericCount,
      ),
    ];
    const rate = (rowCount * valuesPerRow) / minutes.coreSeconds;
    const bareRate = (rowCount * numericCount) / bare.coreSeconds;
    rows.push({
      what: "recompute of 12 buckets over that count",
      "M values per core-second": (rate / bareRate).toFixed(2),
    });
    return {
      name: "profiles",
      rows,
      budgets: [
        {
          what: "profile recompute, feature values per core-second (12 buckets, 1,000,000 rows of 25 features)",
          goal: `>= ${goalPerCoreSecond / 1e6} M`,
          value: `${(rate / 1e6).toFixed(1)} M`,
          met: rate >= goalPerCoreSecond,
        },
      ],
    };
  } finally {
    await rig.stop();
  }
}

const numericCount = mixedFeatures.filter(({ type }) => type === "numeric").length;

/** What the engine needs to read the numbers and to count them on a grid of one resolution, without sums, extremes, times or names: the
 *  baseline that says how much of a recompute is the engine's own. */
async function countBarely(rig: ProfileRig, modelId: string): Promise<void> {
  await rig.stores.clickhouse.command({
    query: `SELECT max(c) FROM (
        SELECT bucket, f, u, count() AS c FROM (
          SELECT toStartOfFiveMinutes(timestamp) AS bucket, f, bitAnd(reinterpretAsUInt64(v), bitShiftLeft(18446744073709551615, 45)) AS u
          FROM predictions FINAL ARRAY JOIN mapKeys(numeric_features) AS f, mapValues(numeric_features) AS v
          WHERE workspace_id = '${rig.workspaceId}' AND model_id = '${modelId}')
        GROUP BY bucket, f, u)`,
  });
}

interface Timed {
  seconds: number;
  /** CPU of the engine and of this process; where the system does not say, all cores for as long as it took. */
  coreSeconds: number;
}

async function best(rig: ProfileRig, work: () => Promise<unknown>): Promise<Timed> {
  let fastest: Timed | null = null;
  for (let run = 0; run < runs; run += 1) {
    const cpuBefore = rig.engineCpuSeconds();
    const ownBefore = process.cpuUsage();
    const startedMs = performance.now();
    await work();
    const seconds = (performance.now() - startedMs) / 1000;
    const own = process.cpuUsage(ownBefore);
    const cpuAfter = rig.engineCpuSeconds();
    const coreSeconds =
      cpuBefore === null || cpuAfter === null
        ? seconds * availableParallelism()
        : cpuAfter - cpuBefore + (own.user + own.system) / 1e6;
    if (fastest === null || coreSeconds < fastest.coreSeconds) fastest = { seconds, coreSeconds };
  }
  return fastest ?? { seconds: 0, coreSeconds: 0 };
}

function rowOf(what: string, { seconds, coreSeconds }: Timed, values: number) {
  return {
    what,
    "wall s": seconds.toFixed(2),
    "core s": coreSeconds.toFixed(2),
    "M values per core-second": (values / coreSeconds / 1e6).toFixed(1),
  };
}
