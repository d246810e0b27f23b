import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createWriteStream, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";
import { profileBaselineRows } from "#lib/services/baseline/profile-baseline-rows.ts";
import type { CallContext } from "#lib/services/context.ts";
import { getDrift } from "#lib/services/drift/get-drift.ts";
import { rebuildDays } from "#lib/services/profile/rebuild-days.ts";
import { recomputeBuckets } from "#lib/services/profile/recompute-buckets.ts";
import type { Bench, BenchOptions, BenchResult } from "./bench-result.ts";
import type { ProfileRig } from "./profile-rig.ts";
import { buildBenchModel, insertBaseline, startProfileRig } from "./profile-rig.ts";

const runFile = promisify(execFile);

const numericCount = 800;
const categoricalCount = 200;
const baselineRowsMax = 100_000;
/** Of those, the same work is done by pandas and scipy. */
const comparedNumeric = 80;
const comparedCategorical = 20;
const memoryGoalBytes = 8 * 1024 ** 3;
/** What the engine builds within the memory of one query. */
const chunkRows = 2_000;
const insertAttemptsMax = 24;
const untilTime = new Date("2026-11-20T00:00:00Z");
const dayMs = 86_400_000;
const fromTime = new Date(untilTime.getTime() - dayMs);

export const bench: Bench = {
  name: "wide",
  description:
    "1,000 columns of 1,000,000 rows (--rows): from raw rows to verdicts, beside pandas and scipy (PLUMBLINE_PYTHON)",
  run,
};

const listed = [
  ...Array.from({ length: numericCount }, (_, i) => ({
    name: `number_${i}`,
    type: "numeric" as const,
    value: "",
  })),
  ...Array.from({ length: categoricalCount }, (_, i) => ({
    name: `category_${i}`,
    type: "categorical" as const,
    value: "",
  })),
];

/** Normal, lognormal, whole and mostly zero numbers, and categories of 20; every hundredth number has moved in the window. */
function featureColumns(seed: number, shift: number): string {
  const uniform = (salt: number) =>
    `((bitAnd(sipHash64(number, i, ${seed + salt}), 4294967295) + 0.5) / 4294967296)`;
  const z = `(sqrt(-2 * log(${uniform(0)})) * cos(6.283185307179586 * ${uniform(1)}) + if(i % 100 = 0, ${shift}, 0))`;
  const named = (prefix: string, count: number) =>
    `arrayMap(i -> concat('${prefix}_', toString(i)), range(${count}))`;
  const numbers = `arrayMap(i -> multiIf(i % 4 = 0, ${z}, i % 4 = 1, exp(${z}), i % 4 = 2, round(10 * ${z}), greatest(0, ${z} - 0.25)), range(${numericCount}))`;
  const names = `arrayMap(i -> concat('v', toString(sipHash64(number, i, ${seed + 2}) % 20)), range(${categoricalCount}))`;
  return `CAST((${named("number", numericCount)}, ${numbers}), 'Map(LowCardinality(String), Float64)') AS numeric_features,
    CAST((${named("category", categoricalCount)}, ${names}), 'Map(LowCardinality(String), LowCardinality(String))') AS string_features`;
}

async function run(options: BenchOptions): Promise<BenchResult> {
  const rowCount = options.rows ?? 1_000_000;
  const rig = await startProfileRig();
  const folder = mkdtempSync(join(tmpdir(), "plumbline-wide-"));
  try {
    const modelId = await buildBenchModel(rig, "wide", listed);
    const baselineId = randomUUID();
    const baselineRows = Math.min(baselineRowsMax, rowCount);
    await insertPredictions(rig, modelId, rowCount);
    await insertBaselineRows(rig, { modelId, baselineId }, baselineRows);

    const range = { workspaceId: rig.workspaceId, modelId, fromTime, untilTime };
    const baseline = await measure(rig, () =>
      profileBaselineRows(rig.stores, { workspaceId: rig.workspaceId, modelId, baselineId }),
    );
    await insertBaseline(rig, { modelId, baselineId, at: fromTime });
    const hours = await measure(rig, () => recomputeBuckets(rig.stores, { ...range, grain: "1h" }));
    const day = await measure(rig, () => rebuildDays(rig.stores, range));
    const call: CallContext = {
      ...rig.stores,
      workspaceId: rig.workspaceId,
      actor: { kind: "job", name: "bench" },
      now: untilTime,
    };
    let verdictCount = 0;
    const verdicts = await measure(rig, async () => {
      const { features } = await getDrift.call(call, {
        model: "wide",
        from: fromTime.toISOString(),
        until: untilTime.toISOString(),
      });
      verdictCount = features.filter(({ verdict }) => verdict === "drift").length;
    });
    const steps = { "baseline profiled": baseline, hours, day, verdicts };
    const all = Object.values(steps).reduce((sum, step) => ({
      seconds: sum.seconds + step.seconds,
      coreSeconds: sum.coreSeconds + step.coreSeconds,
    }));
    const peakBytes = (rig.enginePeakBytes() ?? 0) + process.resourceUsage().maxRSS * 1024;
    const theirs = await compareWithScipy(rig, folder, { modelId, baselineId });
    const perColumn = all.coreSeconds / listed.length;
    return {
      name: "wide",
      rows: [
        ...Object.entries({ ...steps, all }).map(([what, step]) => ({
          what,
          seconds: step.seconds.toFixed(1),
          "core-seconds": step.coreSeconds.toFixed(1),
        })),
        { what: `features found to drift (${numericCount / 100} moved)`, seconds: verdictCount },
        { what: "peak of the engine and of this process, GB", seconds: gb(peakBytes) },
        ...(theirs === null
          ? [{ what: "pandas and scipy: not installed where PLUMBLINE_PYTHON points" }]
          : [
              {
                what: `pandas and scipy, ${theirs.columns} of the columns`,
                "core-seconds": theirs.seconds.toFixed(1),
              },
              {
                what: "core-seconds a column, theirs over ours",
                "core-seconds": (theirs.seconds / theirs.columns / perColumn).toFixed(2),
              },
            ]),
      ],
      budgets: [
        {
          what: `peak memory of ${listed.length} columns and ${rowCount} rows`,
          goal: "<= 8 GB",
          value: `${gb(peakBytes)} GB`,
          met: peakBytes <= memoryGoalBytes,
        },
      ],
    };
  } finally {
    await rig.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const gb = (bytes: number) => (bytes / 1024 ** 3).toFixed(2);

async function measure(rig: ProfileRig, work: () => Promise<unknown>) {
  const [startedMs, engineBefore, ownBefore] = [
    performance.now(),
    rig.engineCpuSeconds() ?? 0,
    process.cpuUsage(),
  ];
  await work();
  const own = process.cpuUsage(ownBefore);
  return {
    seconds: (performance.now() - startedMs) / 1000,
    coreSeconds: (rig.engineCpuSeconds() ?? 0) - engineBefore + (own.user + own.system) / 1e6,
  };
}

/** The rows are made faster than the engine merges them, which takes of the same gigabyte: it is waited for. */
async function insert(rig: ProfileRig, query: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1)
    try {
      await rig.stores.clickhouse.command({ query });
      return;
    } catch (error) {
      const isFull = (error as { type?: string }).type === "MEMORY_LIMIT_EXCEEDED";
      if (!isFull || attempt === insertAttemptsMax) throw error;
      await setTimeout(5_000);
    }
}

async function insertPredictions(
  rig: ProfileRig,
  modelId: string,
  rowCount: number,
): Promise<void> {
  const stepMs = dayMs / rowCount;
  for (let from = 0; from < rowCount; from += chunkRows) {
    const ms = `toInt64(${fromTime.getTime()} + number * ${stepMs})`;
    await insert(
      rig,
      `INSERT INTO predictions (workspace_id, model_id, environment, version, prediction_id, timestamp, sequence, prediction_kind,
          prediction_value, numeric_features, string_features)
        SELECT '${rig.workspaceId}', '${modelId}', 'production', '1', toString(generateUUIDv7(number)), fromUnixTimestamp64Milli(${ms}, 'UTC'),
          bitShiftLeft(toUInt64(${ms}), 22) + number, 'number', randNormal(0, 1, 99), ${featureColumns(10, 0.3)}
        FROM numbers(${from}, ${Math.min(chunkRows, rowCount - from)}) SETTINGS max_threads = 1, max_block_size = 500`,
    );
  }
}

async function insertBaselineRows(
  rig: ProfileRig,
  ids: { modelId: string; baselineId: string },
  rowCount: number,
): Promise<void> {
  for (let from = 0; from < rowCount; from += chunkRows)
    await insert(
      rig,
      `INSERT INTO baseline_rows (workspace_id, model_id, baseline_id, row_number, prediction_kind, prediction_value, numeric_features, string_features)
        SELECT '${rig.workspaceId}', '${ids.modelId}', '${ids.baselineId}', number + 1, 'number', randNormal(0, 1, 98), ${featureColumns(20, 0)}
        FROM numbers(${from}, ${Math.min(chunkRows, rowCount - from)}) SETTINGS max_threads = 1, max_block_size = 500`,
    );
}

/** Null where the libraries are not installed. */
async function compareWithScipy(
  rig: ProfileRig,
  folder: string,
  ids: { modelId: string; baselineId: string },
): Promise<{ seconds: number; columns: number } | null> {
  const python = process.env.PLUMBLINE_PYTHON ?? "python3";
  try {
    await runFile(python, ["-c", "import numpy, pandas, scipy"]);
  } catch {
    return null;
  }
  const columns = `arraySlice(mapValues(numeric_features), 1, ${comparedNumeric}),
    arrayMap(v -> toUInt8(substring(v, 2)), arraySlice(mapValues(string_features), 1, ${comparedCategorical}))`;
  const files = { window: join(folder, "window"), baseline: join(folder, "baseline") };
  await dump(rig, files.window, `${columns} FROM predictions WHERE model_id = '${ids.modelId}'`);
  await dump(
    rig,
    files.baseline,
    `${columns} FROM baseline_rows WHERE baseline_id = '${ids.baselineId}'`,
  );
  const script = fileURLToPath(new URL("./wide.py", import.meta.url));
  const counts = [String(comparedNumeric), String(comparedCategorical)];
  const { stdout } = await runFile(python, [script, files.window, files.baseline, ...counts]);
  return z.object({ seconds: z.number(), columns: z.int() }).parse(JSON.parse(stdout));
}

async function dump(rig: ProfileRig, file: string, select: string): Promise<void> {
  const { stream } = await rig.stores.clickhouse.exec({
    query: `SELECT ${select} SETTINGS max_block_size = 1000 FORMAT RowBinary`,
    clickhouse_settings: { max_execution_time: 600 },
  });
  await pipeline(stream, createWriteStream(file));
}
