import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { openWindows } from "#db/postgres/queries/evaluated-window.ts";
import { insertQueuedRun } from "#db/postgres/queries/job-run.ts";
import { evaluatedWindows } from "#db/postgres/schema/evaluations.ts";
import { jobRuns } from "#db/postgres/schema/jobs.ts";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import { grainMs } from "#lib/domain/grain.ts";

const dayMs = grainMs["1d"];
const windowCount = 200;

let stores: TestStores;
let workspaceId: string;
let modelId: string;
const running = new Set<ChildProcess>();

beforeAll(async () => {
  stores = openStores();
  ({ id: workspaceId } = await buildWorkspace(stores.postgres));
  ({ id: modelId } = await buildModel(stores.postgres, workspaceId));
});
afterAll(async () => {
  for (const child of running) child.kill("SIGKILL");
  await stores.close();
});

/** The process as it is run, not a function of it. */
function startProcess(): ChildProcess {
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const child = spawn(process.execPath, [main], {
    env: {
      ...process.env,
      NODE_ENV: "test",
      CLICKHOUSE_URL: inject("clickhouseUrl"),
      DATABASE_URL: inject("databaseUrl"),
      PLUMBLINE_WORKER_PORT: "0",
      PLUMBLINE_SECRET: "x".repeat(32),
      PLUMBLINE_LOG_LEVEL: "fatal",
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  running.add(child);
  return child;
}

async function readRun() {
  const [run] = await stores.postgres.db.select().from(jobRuns).where(eq(jobRuns.modelId, modelId));
  if (run === undefined) throw new Error("no run");
  return run;
}

const readWindows = async () =>
  (
    await stores.postgres.db
      .select()
      .from(evaluatedWindows)
      .where(eq(evaluatedWindows.modelId, modelId))
  ).toSorted((a, b) => a.windowUntil.getTime() - b.windowUntil.getTime());

test("a run that a kill cut off is taken up by another worker, and goes on where it was", async () => {
  const pg = stores.postgres.db;
  const now = new Date(Math.floor(performance.timeOrigin));
  const today = Math.floor(now.getTime() / dayMs) * dayMs;
  const windows = Array.from({ length: windowCount }, (_, i) => ({
    fromTime: new Date(today - (i + 10) * dayMs),
    untilTime: new Date(today - (i + 9) * dayMs),
  }));
  await openWindows(pg, { kind: "performance", workspaceId, modelId }, windows);
  const id = randomUUID();
  const asked = { id, name: "evaluate-performance", modelId, now };
  expect(await insertQueuedRun({ pg, workspaceId }, asked)).toBe(true);

  const first = startProcess();
  await expect
    .poll(async () => (await readRun()).doneCount, { timeout: 120_000, interval: 10 })
    .toBeGreaterThan(5);
  first.kill("SIGKILL");
  await once(first, "exit");
  const cut = await readRun();
  const before = (await readWindows()).filter(({ evaluatedAt }) => evaluatedAt !== null);
  expect(cut).toMatchObject({ id, state: "running", trigger: "request", attempt: 1 });
  expect(before.length).toBeLessThan(windowCount);
  // Asked for once more, it is the same run still.
  expect(await insertQueuedRun({ pg, workspaceId }, { ...asked, id: randomUUID() })).toBe(false);

  startProcess();
  await expect.poll(async () => (await readRun()).state, { timeout: 180_000 }).toBe("done");
  const ended = await readRun();
  expect(ended).toMatchObject({ id, attempt: 2, error: null });
  expect(ended.windowCount).toBeLessThanOrEqual(windowCount);
  expect(ended.windowCount).toBeGreaterThanOrEqual(windowCount - 1);
  const after = await readWindows();
  expect(after.filter((one) => one.generation > one.evaluatedGeneration)).toEqual([]);
  // What was done before the kill was not done again.
  expect(after.slice(0, before.length)).toEqual(before);
});
