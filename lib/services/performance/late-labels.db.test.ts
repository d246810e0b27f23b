import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { z } from "zod";
import { GET } from "#app/api/v1/workspaces/[workspace]/models/[model]/performance/evaluations/route.ts";
import { listDueWindows } from "#db/postgres/queries/evaluated-window.ts";
import { findModelRow } from "#db/postgres/queries/model.ts";
import { buildKey, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestIngest } from "#ingest/testing/test-ingest.ts";
import { startTestIngest, testNowMs } from "#ingest/testing/test-ingest.ts";
import { evaluatePerformanceJob } from "#jobs/evaluate-performance.ts";
import { runLogged } from "#jobs/run-logged.ts";
import type { performanceEvaluationsOutput } from "#lib/api/evaluation.ts";
import { ask, startWeb } from "#lib/http/testing/web.ts";
import { createLogger } from "#lib/log.ts";
import type { Runtime } from "#lib/runtime.ts";
import { markArrivedHours } from "../profile/mark-arrived-hours.ts";
import { recomputeClaim } from "../profile/recompute-claim.ts";

/** From POST /v1/labels through ingest, the worker's steps and both stores to what the API answers. */
const dayMs = 86_400_000;
const today = Math.floor(testNowMs / dayMs) * dayMs;
const days = [33, 32, 31].map((ago) => today - ago * dayMs);
const model = "parcel";
const isLate = (i: number) => i % 2 === 0;

let runtime: Runtime;
let ingest: TestIngest;
let workspace: { id: string; slug: string };
let readKey: string;
let modelId: string;
let nowMs = testNowMs;
const now = () => new Date(nowMs);

const predictionsOf = (day: number) =>
  Array.from({ length: 40 }, (_, i) => ({
    model,
    version: "1",
    prediction_id: `${day}-${i}`,
    timestamp: new Date(day + i * 1_800_000 + 60_000).toISOString(),
    features: { distance: i },
    prediction: { label: isLate(i) ? "late" : "on_time", score: isLate(i) ? 0.8 : 0.3 },
  }));
/** Every fourth turns out otherwise than was said. */
const labelsOf = (day: number, from: number, until: number, at: number) =>
  predictionsOf(day)
    .slice(from, until)
    .map(({ prediction_id, prediction }, i) => ({
      model,
      prediction_id,
      label: (from + i) % 4 === 0 ? "on_time" : prediction.label,
      label_timestamp: new Date(at).toISOString(),
    }));

async function post(path: string, rows: unknown[]): Promise<void> {
  expect(await ingest.post(`${path}?ack=stored`, rows)).toMatchObject({
    status: 202,
    body: { accepted: rows.length, rejected: [] },
  });
}

/** What the worker's lane and then its job do, until nothing is due. */
async function work(): Promise<string> {
  const failed = (failure: unknown) => {
    throw new Error("the worker failed", { cause: failure });
  };
  for (const grain of ["1h", "1d"] as const) {
    nowMs += 600_000;
    const lane = { stores: runtime, aspect: "performance" as const, modelId, now };
    await markArrivedHours({ ...lane, onFailure: failed });
    nowMs += 600_000;
    const claim = { ...lane, grain, newId: randomUUID, onFailure: failed };
    while ((await recomputeClaim(claim)) !== null);
  }
  const payload = { workspaceId: workspace.id, modelId };
  const job = evaluatePerformanceJob;
  let state = "";
  await runLogged(job, payload, { stores: runtime, now, newId: randomUUID }, async (run) => {
    const outcome = await job.run(
      {
        stores: runtime,
        log: createLogger("test", "fatal"),
        now,
        newId: randomUUID,
        signal: new AbortController().signal,
        isLastTry: true,
        isRequested: false,
        progress: run.progress,
        enqueue: async () => true,
      },
      payload,
    );
    state = outcome?.state ?? "";
    return outcome;
  });
  return state;
}

type Evaluations = z.output<typeof performanceEvaluationsOutput>["evaluations"];
async function evaluations(): Promise<Evaluations> {
  const answer = await ask(GET, {
    params: { workspace: workspace.slug, model },
    key: readKey,
    query: {
      from: new Date(days[0] ?? 0).toISOString(),
      until: new Date((days[2] ?? 0) + dayMs).toISOString(),
    },
  });
  expect(answer.status).toBe(200);
  return (answer.json as z.output<typeof performanceEvaluationsOutput>).evaluations;
}

const dueWindows = () =>
  listDueWindows(
    runtime.postgres.db,
    { kind: "performance", workspaceId: workspace.id, modelId },
    { recentFrom: now(), countMax: 100, now: now() },
  );

beforeAll(async () => {
  runtime = startWeb();
  workspace = await buildWorkspace(runtime.postgres, { rawRetentionDays: null });
  readKey = (await buildKey(runtime.postgres, workspace.id, ["read"])).secret;
  const { secret } = await buildKey(runtime.postgres, workspace.id, ["ingest"]);
  ingest = await startTestIngest(runtime, { key: secret, now: () => nowMs });
  for (const day of days) await post("/v1/predictions", predictionsOf(day));
  // Of the middle day ten labels are missing, and stay so for a month.
  for (const [i, day] of days.entries())
    await post("/v1/labels", labelsOf(day, 0, i === 1 ? 30 : 40, day + dayMs));
  const found = await findModelRow({ pg: runtime.postgres.db, workspaceId: workspace.id }, model);
  modelId = found?.id ?? "";
}, 120_000);
afterAll(async () => {
  await ingest.stop();
  await ingest.removeFolder();
  await runtime.close();
});

describe("a label that arrives 30 days late", () => {
  let before: Evaluations;

  test("finds each day judged with what came in time", async () => {
    expect(await work()).toBe("done");
    before = await evaluations();
    expect(before.map((one) => [one.from, one.rowCount, one.labelledCount, one.isDue])).toEqual(
      days.map((day, i) => [new Date(day).toISOString(), 40, i === 1 ? 30 : 40, false]),
    );
    // Of thirty rows eight, of forty ten turned out otherwise.
    expect(before.map((one) => one.metrics.accuracy)).toMatchObject([
      { value: 0.75, sampleCount: 40, revision: 1 },
      { value: 22 / 30, sampleCount: 30, revision: 1 },
      { value: 0.75, sampleCount: 40, revision: 1 },
    ]);
    expect(before[1]?.coverage).toBe(0.75);
  });

  test("judging again without news changes nothing and says so", async () => {
    expect(await work()).toBe("skipped");
    expect(await evaluations()).toEqual(before);
  });

  test("changes its own day, and leaves the others as they were", async () => {
    await post("/v1/labels", labelsOf(days[1] ?? 0, 30, 40, nowMs));
    expect(await work()).toBe("done");
    const after = await evaluations();
    expect([after[0], after[2]]).toEqual([before[0], before[2]]);
    expect(after[1]).toMatchObject({
      rowCount: 40,
      labelledCount: 40,
      coverage: 1,
      isDue: false,
      metrics: { accuracy: { value: 0.75, sampleCount: 40, revision: 2 } },
    });
    expect(await dueWindows()).toEqual([]);
  });

  test("corrected to the same answer raises no revision", async () => {
    const known = await evaluations();
    await post("/v1/labels", labelsOf(days[1] ?? 0, 30, 40, nowMs + 1_000));
    expect(await work()).toBe("done");
    const revisions = (all: Evaluations) =>
      all.map((one) => Object.values(one.metrics).map(({ revision }) => revision));
    expect(revisions(await evaluations())).toEqual(revisions(known));
  });

  test("of a prediction that nobody made changes nothing", async () => {
    const known = await evaluations();
    await post("/v1/labels", [
      { model, prediction_id: "nobody", label: "late", label_timestamp: now().toISOString() },
    ]);
    expect(await work()).toBe("skipped");
    expect(await evaluations()).toEqual(known);
  });
});
