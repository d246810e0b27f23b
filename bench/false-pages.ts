import { seededRandom } from "#lib/stats/testing/random.ts";
import type { Bench, BenchResult } from "./bench-result.ts";
import { simulate } from "./monitor-simulation.ts";

export const bench: Bench = {
  name: "false-pages",
  description:
    "Pages of the default drift monitor over simulated days, without a change and with one",
  run,
};

const featureCount = 500;
const baselineRows = 10_000;
/** Baselines of their own, so that no single one's noise decides. */
const quiet = [
  { windowRows: 10_000, baselines: 20, days: 50 },
  { windowRows: 1_000, baselines: 10, days: 30 },
  { windowRows: 200, baselines: 10, days: 30 },
];
const moved = { windowRows: 10_000, shift: 0.25, runs: 60, days: 2 };

async function run(): Promise<BenchResult> {
  const rows: BenchResult["rows"] = [];
  const budgets: BenchResult["budgets"] = [];
  for (const { windowRows, baselines, days } of quiet) {
    const runs = Array.from({ length: baselines }, (_, seed) =>
      simulate({
        featureCount,
        days,
        baselineRows,
        windowRows,
        shift: 0,
        random: seededRandom(1_000 + seed),
      }),
    );
    const pages = runs.reduce((sum, { fired }) => sum + fired.length, 0);
    const findings = runs.reduce((sum, { findingCount }) => sum + findingCount, 0);
    const perThirty = (pages / (baselines * days)) * 30;
    rows.push({
      features: featureCount,
      "rows a window": windowRows,
      shift: 0,
      days: baselines * days,
      "windows with a finding": findings,
      pages,
      "pages in 30 days": Number(perThirty.toFixed(3)),
    });
    budgets.push({
      what: `false pages of ${featureCount} features, windows of ${windowRows} rows`,
      goal: "<= 1 in 30 days",
      value: perThirty.toFixed(3),
      met: perThirty <= 1,
    });
  }
  const found = Array.from({ length: moved.runs }, (_, seed) =>
    simulate({ featureCount, baselineRows, ...moved, random: seededRandom(3_000 + seed) }),
  ).filter(({ fired }) => fired.some(({ feature }) => feature === 0)).length;
  const share = found / moved.runs;
  rows.push({
    features: featureCount,
    "rows a window": moved.windowRows,
    shift: moved.shift,
    days: moved.days,
    runs: moved.runs,
    found,
  });
  budgets.push({
    what: `a shift of ${moved.shift} std in one of ${featureCount} features, found within ${moved.days} days`,
    goal: ">= 95 %",
    value: `${(share * 100).toFixed(1)} %`,
    met: share >= 0.95,
  });
  return { name: bench.name, rows, budgets };
}
