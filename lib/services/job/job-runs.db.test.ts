import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deleteJobRunsBefore, listQueuedRuns } from "#db/postgres/queries/job-run.ts";
import { jobRuns } from "#db/postgres/schema/jobs.ts";
import { auditLog } from "#db/postgres/schema/keys.ts";
import { buildModel, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import { runLogged } from "#jobs/run-logged.ts";
import type { CallContext } from "../context.ts";
import type { JobProgress } from "./job-progress.ts";
import { listJobRuns } from "./list-job-runs.ts";
import { requestJobRun } from "./request-job-run.ts";

let stores: TestStores;
let workspaceId: string;
let nowMs = Date.parse("2026-11-20T12:00:00Z");
const now = () => new Date(nowMs);
const call = (): CallContext => ({
  ...stores,
  workspaceId,
  actor: { kind: "user", userId: randomUUID(), role: "editor" },
  now: now(),
});

type Work = (run: {
  progress: JobProgress;
  trigger: string;
}) => Promise<{ state: "done" | "skipped"; detail: string } | undefined>;
async function run(modelId: string, work: Work, name = "evaluate-drift"): Promise<void> {
  nowMs += 1_000;
  const job = { name, key: (payload: { modelId: string }) => payload.modelId };
  const options = { stores, now, newId: randomUUID };
  await runLogged(job, { workspaceId, modelId }, options, async (logged) => {
    nowMs += 2_000;
    return work(logged);
  });
}

const list = (filter: object) => listJobRuns.call(call(), filter);

beforeAll(async () => {
  stores = openStores();
  ({ id: workspaceId } = await buildWorkspace(stores.postgres));
});
afterAll(() => stores.close());

describe("a run", () => {
  test("is kept with what it read, its windows, how long it took and how it ended", async () => {
    const model = await buildModel(stores.postgres, workspaceId);
    const window = (hour: number) => ({
      fromTime: new Date(Date.UTC(2026, 10, 19, hour)),
      untilTime: new Date(Date.UTC(2026, 10, 20, hour)),
    });
    await run(model.id, async ({ progress }) => {
      await progress({ totalCount: 2 });
      await progress({ doneCount: 1, rowsRead: 10, window: window(11) });
      await progress({ doneCount: 2, rowsRead: 5, window: window(12) });
      return { state: "done", detail: "two" };
    });
    await run(model.id, async () => ({ state: "skipped", detail: "No rows." }));
    const failing = run(model.id, async () => {
      throw new Error("the column could not be read", { cause: new Error("memory is full") });
    });
    await expect(failing).rejects.toThrow("could not be read");
    const { runs } = await list({ model: model.name });
    expect(runs).toMatchObject([
      {
        state: "failed",
        error: "the column could not be read, because: memory is full",
        trigger: "schedule",
      },
      { state: "skipped", detail: "No rows.", windows: null, error: null },
      {
        state: "done",
        model: model.name,
        detail: "two",
        doneCount: 2,
        totalCount: 2,
        rowsRead: 15,
        attempt: 1,
        windows: { count: 2, from: "2026-11-19T11:00:00.000Z", until: "2026-11-20T12:00:00.000Z" },
      },
    ]);
    const [, , first] = runs;
    expect(Date.parse(first?.finishedAt ?? "") - Date.parse(first?.startedAt ?? "")).toBe(2_000);
  });

  test("that somebody asks for twice runs once, and both are shown the same", async () => {
    const model = await buildModel(stores.postgres, workspaceId);
    const asked = { model: model.name, kind: "drift" };
    const first = await requestJobRun.call(call(), asked);
    const again = await requestJobRun.call(call(), asked);
    expect([first.isNew, again.isNew, again.run.id]).toEqual([true, false, first.run.id]);
    const waiting = (await listQueuedRuns(stores.postgres.db)).filter(
      ({ modelId }) => modelId === model.id,
    );
    expect(waiting).toEqual([{ name: "evaluate-drift", workspaceId, modelId: model.id }]);
    let during: Awaited<ReturnType<typeof requestJobRun.call>> | null = null;
    await run(model.id, async ({ trigger, progress }) => {
      expect(trigger).toBe("request");
      await progress({ totalCount: 4, doneCount: 1 });
      during = await requestJobRun.call(call(), asked);
      return undefined;
    });
    expect(during).toMatchObject({
      isNew: false,
      run: { id: first.run.id, state: "running", doneCount: 1, totalCount: 4 },
    });
    const { runs } = await list({ model: model.name });
    expect(runs).toMatchObject([{ id: first.run.id, state: "done", trigger: "request" }]);
    const audit = await stores.postgres.db
      .select()
      .from(auditLog)
      .where(eq(auditLog.targetId, model.id));
    expect(audit.map(({ action, after }) => [action, after])).toEqual([
      ["job.request", { kind: "drift", id: first.run.id }],
    ]);
  });

  test("of which nothing is heard is seen to be cut off", async () => {
    const model = await buildModel(stores.postgres, workspaceId);
    await run(model.id, async () => {
      nowMs += 57_000;
      expect((await list({ model: model.name })).runs).toMatchObject([{ isSilent: false }]);
      nowMs += 2_000;
      expect((await list({ model: model.name })).runs).toMatchObject([{ isSilent: true }]);
      return undefined;
    });
  });
});

describe("the log", () => {
  test("is asked by model, kind and outcome, page by page, without a gap or a repeat", async () => {
    const model = await buildModel(stores.postgres, workspaceId);
    for (let i = 0; i < 5; i += 1)
      await run(model.id, async () => ({
        state: i % 2 === 0 ? "done" : "skipped",
        detail: `${i}`,
      }));
    await run(model.id, async () => ({ state: "done", detail: "q" }), "evaluate-quality");
    const scope = { model: model.name, kind: "drift" };
    const seen: string[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await list({ ...scope, limit: 2, ...(cursor == null ? {} : { cursor }) });
      expect(page.runs.length).toBeLessThanOrEqual(2);
      seen.push(...page.runs.map(({ detail }) => detail));
      cursor = page.next;
    } while (cursor !== null);
    expect(seen).toEqual(["4", "3", "2", "1", "0"]);
    const skipped = await list({ ...scope, state: "skipped" });
    expect(skipped.runs.map(({ detail }) => detail)).toEqual(["3", "1"]);
    const quality = await list({ model: model.name, kind: "quality" });
    expect(quality.runs.map(({ detail }) => detail)).toEqual(["q"]);
  });

  test.each(["", "x", "2026-11-20~x", "~"])("refuses the cursor %j, naming it", async (cursor) => {
    await expect(list({ cursor })).rejects.toMatchObject({
      code: "invalid_request",
      details: [{ path: "cursor" }],
    });
  });

  test("forgets what went as usual after two days, and what failed or was asked for after fourteen", async () => {
    const model = await buildModel(stores.postgres, workspaceId);
    const dayMs = 86_400_000;
    const from = nowMs;
    const kept = async () =>
      (await stores.postgres.db.select().from(jobRuns).where(eq(jobRuns.modelId, model.id))).map(
        ({ state }) => state,
      );
    await run(model.id, async () => undefined);
    await run(model.id, async () => ({ state: "skipped", detail: "" }));
    await run(model.id, async () => Promise.reject(new Error("no"))).catch(() => undefined);
    const forget = (days: number) =>
      deleteJobRunsBefore(stores.postgres.db, {
        before: new Date(from + (days - 14) * dayMs),
        usualBefore: new Date(from + (days - 2) * dayMs),
      });
    await forget(1);
    expect((await kept()).sort()).toEqual(["done", "failed", "skipped"]);
    await forget(3);
    expect(await kept()).toEqual(["failed"]);
    await forget(15);
    expect(await kept()).toEqual([]);
  });
});
