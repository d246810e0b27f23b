import { scopeClickHouse } from "#db/clickhouse/define-query.ts";
import { defaultQuestion } from "#lib/domain/monitor-definition.ts";
import { backtest } from "#lib/services/monitor/backtest.ts";
import { readMonitorWindow } from "#lib/services/monitor/read-monitor-windows.ts";
import { rebuildDays } from "#lib/services/profile/rebuild-days.ts";
import { recomputeBuckets } from "#lib/services/profile/recompute-buckets.ts";
import type { Bench, BenchResult } from "./bench-result.ts";
import type { BenchFeature } from "./profile-rig.ts";
import { buildBenchModel, continuous, generateRows, startProfileRig } from "./profile-rig.ts";

const goalMs = 2_000;
const days = 180;
const rowsPerDay = 4_800;
const runs = 5;
const dayMs = 86_400_000;
const stretchMs = 3 * dayMs;

export const bench: Bench = {
  name: "backtest",
  description: "Drift monitors replayed over 180 days of stored hours and days",
  run,
};

const listed: readonly BenchFeature[] = Array.from({ length: 25 }, (_, i) =>
  i < 20
    ? { name: `continuous_${i}`, type: "numeric", value: continuous(i) }
    : {
        name: `category_${i}`,
        type: "categorical",
        value: `concat('v', toString(rand(${i}) % ${10 * (i - 19)}))`,
      },
);

/** Every one of them holds each window against the one before. */
const cases = [
  { watched: "25 features", window: "1d", cadence: "1d", hasGoal: true },
  { watched: "1 feature", window: "1h", cadence: "1h", hasGoal: true },
  { watched: "25 features", window: "1d", cadence: "6h", hasGoal: false },
] as const;

async function run(): Promise<BenchResult> {
  const rig = await startProfileRig();
  try {
    const untilTime = new Date("2026-11-20T00:00:00Z");
    const fromTime = new Date(untilTime.getTime() - (days + 8) * dayMs);
    const modelId = await buildBenchModel(rig, "replayed", listed);
    const rowCount = (days + 8) * rowsPerDay;
    await generateRows(rig, { modelId, listed, rowCount, fromTime, untilTime });
    // In stretches as the worker takes them.
    for (let at = fromTime.getTime(); at < untilTime.getTime(); at += stretchMs) {
      const range = {
        workspaceId: rig.workspaceId,
        modelId,
        fromTime: new Date(at),
        untilTime: new Date(Math.min(untilTime.getTime(), at + stretchMs)),
      };
      await recomputeBuckets(rig.stores, { ...range, grain: "1h" });
      await rebuildDays(rig.stores, range);
    }
    const now = new Date(untilTime.getTime() + 61_000);
    const ctx = {
      pg: rig.stores.postgres.db,
      ch: scopeClickHouse(rig.stores.clickhouse, rig.workspaceId),
      workspaceId: rig.workspaceId,
    };
    const rows: BenchResult["rows"] = [];
    const budgets: BenchResult["budgets"] = [];
    for (const { watched, window, cadence, hasGoal } of cases) {
      const base = defaultQuestion("drift");
      const isOne = watched === "1 feature";
      const target = isOne
        ? { kind: "feature" as const, feature: "continuous_0" }
        : base.definition.target;
      const definition = {
        ...base.definition,
        target,
        window,
        cadence,
        reference: "previous" as const,
      };
      const question = { ...base, definition };
      const ask = { modelId, question, seriesExpected: isOne ? 1 : listed.length, days, now };
      const taken: number[] = [];
      let found = await backtest(ctx, ask);
      for (let i = 0; i < runs; i += 1) {
        const startedMs = performance.now();
        found = await backtest(ctx, ask);
        taken.push(performance.now() - startedMs);
      }
      const oneStartedMs = performance.now();
      await readMonitorWindow(ctx, ask, {
        fromTime: new Date(untilTime.getTime() - dayMs),
        untilTime,
      });
      const median = taken.sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0;
      const what = `${watched}, windows of ${window} every ${cadence}`;
      if (hasGoal)
        budgets.push({
          what: `${days} days replayed: ${what}`,
          goal: `<= ${goalMs} ms`,
          value: `${Math.round(median)} ms`,
          met: median <= goalMs,
        });
      rows.push({
        what,
        days,
        windows: found.windowCount,
        series: found.series.length,
        comparisons: found.series.reduce((sum, { outcomes }) => sum + outcomes.length, 0),
        firings: found.series.reduce((sum, { firings }) => sum + firings.length, 0),
        seconds: Number((median / 1_000).toFixed(2)),
        "one window live, ms": Math.round(performance.now() - oneStartedMs),
      });
    }
    return { name: bench.name, rows, budgets };
  } finally {
    await rig.stop();
  }
}
