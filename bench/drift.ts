import { randomUUID } from "node:crypto";
import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { profileBaselineRows } from "#lib/services/baseline/profile-baseline-rows.ts";
import type { CallContext } from "#lib/services/context.ts";
import { compareSides } from "#lib/services/drift/compare-sides.ts";
import { getDrift } from "#lib/services/drift/get-drift.ts";
import { readWindowSide } from "#lib/services/drift/profile-side.ts";
import { readReference } from "#lib/services/drift/read-reference.ts";
import { coverWindow } from "#lib/services/profile/cover-window.ts";
import { rebuildDays } from "#lib/services/profile/rebuild-days.ts";
import { recomputeBuckets } from "#lib/services/profile/recompute-buckets.ts";
import type { Bench, BenchResult } from "./bench-result.ts";
import type { BenchFeature, ProfileRig } from "./profile-rig.ts";
import {
  buildBenchModel,
  continuous,
  generateRows,
  insertBaseline,
  startProfileRig,
} from "./profile-rig.ts";

const goalMs = 100;
const days = 30;
const rowsPerDay = 20_000;
/** The console's process has been running for days: its code is compiled, and so is ours after some runs. */
const warmUpRuns = 10;
const runs = 21;
const dayMs = 86_400_000;

export const bench: Bench = {
  name: "drift",
  description: "Drift of 100 features of 30 days against a baseline, from stored profiles",
  run,
};

const listed: readonly BenchFeature[] = Array.from({ length: 100 }, (_, i) => {
  if (i < 70) return { name: `continuous_${i}`, type: "numeric", value: continuous(i) };
  if (i < 85)
    return {
      name: `discrete_${i}`,
      type: "numeric",
      value: `toFloat64(rand(${i}) % ${10 * (i - 69)})`,
    };
  return {
    name: `category_${i}`,
    type: "categorical",
    value: `concat('v', toString(rand(${i}) % ${20 * (i - 84)}))`,
  };
});

async function run(): Promise<BenchResult> {
  const rig = await startProfileRig();
  try {
    const untilTime = new Date("2026-11-20T00:00:00Z");
    const fromTime = new Date(untilTime.getTime() - days * dayMs);
    const modelId = await buildBenchModel(rig, "wide", listed);
    await generateRows(rig, { modelId, listed, rowCount: days * rowsPerDay, fromTime, untilTime });
    const range = { workspaceId: rig.workspaceId, modelId, fromTime, untilTime };
    await recomputeBuckets(rig.stores, { ...range, grain: "1h" });
    const rebuildStartedMs = performance.now();
    await rebuildDays(rig.stores, range);
    const rebuildMs = performance.now() - rebuildStartedMs;
    await buildBaseline(rig, modelId, fromTime);
    const call: CallContext = {
      ...rig.stores,
      workspaceId: rig.workspaceId,
      actor: { kind: "job", name: "bench" },
      now: untilTime,
    };
    const ctx = {
      pg: rig.stores.postgres.db,
      ch: scopeClickHouse(rig.stores.clickhouse, rig.workspaceId),
      workspaceId: rig.workspaceId,
    };
    const types = new Map(listed.map((feature) => [feature.name, feature.type]));
    const scope = {
      modelId,
      model: "wide",
      environment: "production",
      version: "1",
      types,
      window: coverWindow(fromTime, untilTime, untilTime),
      now: untilTime,
    };
    let judgeMs = 0;
    const compareMs = await medianMs(async () => {
      const [reference, window] = await Promise.all([
        readReference(ctx, scope, { reference: "baseline" }),
        readWindowSide(ctx.ch, scope, scope.window.pieces),
      ]);
      if (reference === null) throw new Error("the baseline is not there");
      const startedMs = performance.now();
      const comparisons = compareSides(reference.side, window, types);
      judgeMs = performance.now() - startedMs;
      if (comparisons.length < listed.length) throw new Error("features are missing");
    });
    const pageMs = await medianMs(() =>
      getDrift.call(call, {
        model: "wide",
        from: fromTime.toISOString(),
        until: untilTime.toISOString(),
      }),
    );
    const bins = await countBins(rig, modelId);
    return {
      name: "drift",
      rows: [
        { what: "drift of 100 features, 30 days against a baseline", ms: compareMs.toFixed(0) },
        { what: "of it the statistics and the verdict of the family", ms: judgeMs.toFixed(0) },
        { what: "the whole page: with a heat map of 30 columns", ms: pageMs.toFixed(0) },
        { what: "30 days of profiles built from their hours", ms: rebuildMs.toFixed(0) },
        { what: "bins and names of the 30 days", ms: bins },
      ],
      budgets: [
        {
          what: "drift of 100 features, 30 days against a baseline, from profiles",
          goal: `<= ${goalMs} ms`,
          value: `${compareMs.toFixed(0)} ms`,
          met: compareMs <= goalMs,
        },
      ],
    };
  } finally {
    await rig.stop();
  }
}

/** The first day, as a training set. */
async function buildBaseline(rig: ProfileRig, modelId: string, fromTime: Date): Promise<void> {
  const baselineId = randomUUID();
  const { workspaceId } = rig;
  await rig.stores.clickhouse.command({
    query: `INSERT INTO baseline_rows (workspace_id, model_id, baseline_id, row_number, prediction_kind, prediction_value, numeric_features, string_features)
      SELECT workspace_id, model_id, '${baselineId}', rowNumberInAllBlocks() + 1, prediction_kind, prediction_value, numeric_features, string_features
      FROM predictions WHERE workspace_id = '${workspaceId}' AND model_id = '${modelId}' AND timestamp < toDateTime64(${(fromTime.getTime() + dayMs) / 1000}, 3, 'UTC')
      SETTINGS max_threads = 1`,
  });
  await profileBaselineRows(rig.stores, { workspaceId, modelId, baselineId });
  await insertBaseline(rig, { modelId, baselineId, at: fromTime });
}

async function countBins(rig: ProfileRig, modelId: string): Promise<string> {
  const result = await rig.stores.clickhouse.query({
    query: `SELECT sum(length(bins)) + sum(length(value_names)) AS total FROM profiles FINAL WHERE model_id = '${modelId}' AND grain = '1d'`,
    format: "JSONEachRow",
  });
  const [row] = await result.json<{ total: number }>();
  return String(row?.total ?? 0);
}

async function medianMs(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < warmUpRuns; run += 1) await work();
  for (let run = 0; run < runs; run += 1) {
    const startedMs = performance.now();
    await work();
    times.push(performance.now() - startedMs);
  }
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0;
}
