import type { Bench, BenchOptions, BenchResult } from "./bench-result.ts";
import type { Page } from "./console-pages.ts";
import { consolePages, sampleRows } from "./console-pages.ts";
import type { ConsoleStore } from "./console-store.ts";
import { buildConsoleStore, growConsoleStore, growth } from "./console-store.ts";
import { startProfileRig } from "./profile-rig.ts";

const rowsDefault = 10_000_000;
const goalMs = 100;
const ratioGoal = 1.3;
const requests = 40;
const warmUps = 2;
const lanes = 10;

export const bench: Bench = {
  name: "console",
  description: `Latency of the console's API with ${rowsDefault / 1e6} M predictions stored (--rows), and with a tenth of them`,
  run,
};

async function run({ rows = rowsDefault }: BenchOptions): Promise<BenchResult> {
  const rig = await startProfileRig();
  try {
    const tenth = await buildConsoleStore(rig, rows);
    const before = await measurePages(tenth);
    const after = await measurePages(await growConsoleStore(tenth));
    return toResult(before, after, rows);
  } finally {
    await rig.stop();
  }
}

interface PageTimes {
  name: string;
  alone: number[];
  together: number[];
  /** CPU of the engine for one request: it does not depend on what else the machine does. Null where the system does not say. */
  engineMs: number | null;
}

async function measurePages(store: ConsoleStore): Promise<PageTimes[]> {
  const pages = consolePages(store, await sampleRows(store, requests));
  const times: PageTimes[] = [];
  for (const page of pages) {
    await timeRequests(page, warmUps, 1);
    const cpuBefore = store.rig.engineCpuSeconds();
    const alone = await timeRequests(page, requests, 1);
    const cpuAfter = store.rig.engineCpuSeconds();
    const engineMs =
      cpuBefore === null || cpuAfter === null ? null : (1000 * (cpuAfter - cpuBefore)) / requests;
    times.push({
      name: page.name,
      alone,
      together: await timeRequests(page, requests, lanes),
      engineMs,
    });
    const [p50, p95] = [show(alone, 0.5), show(alone, 0.95)];
    console.error(`${page.name}: p50 ${p50}, p95 ${p95} ms, engine ${engineMs?.toFixed(1)} ms`);
  }
  return times;
}

async function timeRequests(page: Page, count: number, concurrency: number): Promise<number[]> {
  const times: number[] = [];
  let next = 0;
  const lane = async () => {
    while (next < count) {
      const turn = next++;
      const startedMs = performance.now();
      await page.ask(turn);
      times.push(performance.now() - startedMs);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  return times.sort((a, b) => a - b);
}

function toResult(before: PageTimes[], after: PageTimes[], rows: number): BenchResult {
  const pairs = after.map((page, i) => ({ page, tenth: before[i] ?? page }));
  const slowest = Math.max(...after.map(({ alone }) => quantile(alone, 0.95)));
  const ratios = pairs.map(
    ({ page, tenth }) => quantile(page.alone, 0.95) / quantile(tenth.alone, 0.95),
  );
  const stored = `${rows / 1e6} M predictions stored`;
  return {
    name: "console",
    rows: pairs.map(({ page, tenth }) => ({
      page: page.name,
      [`${rows / growth / 1e6} M p50 ms`]: show(tenth.alone, 0.5),
      [`${rows / growth / 1e6} M p95 ms`]: show(tenth.alone, 0.95),
      [`${rows / 1e6} M p50 ms`]: show(page.alone, 0.5),
      [`${rows / 1e6} M p95 ms`]: show(page.alone, 0.95),
      "engine CPU ms": `${tenth.engineMs?.toFixed(1)} -> ${page.engineMs?.toFixed(1)}`,
      "p95 ratio": (quantile(page.alone, 0.95) / quantile(tenth.alone, 0.95)).toFixed(2),
      [`${lanes} at once p50`]: show(page.together, 0.5),
      [`${lanes} at once p95`]: show(page.together, 0.95),
    })),
    budgets: [
      {
        what: `console API p95 of the slowest page, ${stored}`,
        goal: `<= ${goalMs} ms`,
        value: `${slowest.toFixed(0)} ms`,
        met: slowest <= goalMs,
      },
      {
        what: `p95 of ${growth} x the rows against p95 of the rows, the page that grows most`,
        goal: `<= ${ratioGoal}`,
        value: Math.max(...ratios).toFixed(2),
        met: Math.max(...ratios) <= ratioGoal,
      },
    ],
  };
}

const show = (times: readonly number[], q: number) => quantile(times, q).toFixed(1);

/** Of sorted values: the smallest that at least this share does not exceed. */
function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0;
}
