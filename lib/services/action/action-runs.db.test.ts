import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { and, eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { actions } from "#db/postgres/schema/actions.ts";
import { incidents, incidentTimeline } from "#db/postgres/schema/incidents.ts";
import { notifications } from "#db/postgres/schema/notifications.ts";
import { buildUser } from "#db/testing/build-workspace.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { ActionDefinition, ActionRunState } from "#lib/domain/action.ts";
import { signWebhook } from "#lib/notify/sign-webhook.ts";
import type { CallContext } from "../context.ts";
import {
  buildDestination,
  testSealer,
  testWebhookSecret,
} from "../destination/testing/build-destination.ts";
import { changeIncident } from "../incident/change-incident.ts";
import { createIncident } from "../incident/create-incident.ts";
import type { Bench } from "../incident/testing/alerting-bench.ts";
import { outcomeOf, setUpBench } from "../incident/testing/alerting-bench.ts";
import type { ActionWorker } from "./advance-runs.ts";
import { advanceRuns } from "./advance-runs.ts";
import { decideRun } from "./decide-run.ts";
import { getRun } from "./get-run.ts";
import { listRuns } from "./list-runs.ts";
import { receiveActionReport } from "./receive-action-report.ts";
import { requestRun } from "./request-run.ts";
import { settleRun } from "./settle-run.ts";
import { testAction } from "./test-action.ts";
import { buildAction } from "./testing/build-action.ts";
import type { FakePipeline } from "./testing/fake-pipeline.ts";
import { startFakePipeline } from "./testing/fake-pipeline.ts";

const start = new Date("2100-06-01T12:00:00.000Z");
let nowMs = start.getTime();
const now = () => new Date(nowMs);
const pass = (ms: number) => {
  nowMs += ms;
};
const minuteMs = 60_000;

let stores: TestStores;
let bench: Bench;
let pipeline: FakePipeline;
let worker: ActionWorker;
let ada: string;
let grace: string;
let incident: number;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  stores = openStores();
  pipeline = await startFakePipeline({ secret: () => testWebhookSecret, now });
});
beforeEach(async () => {
  nowMs = start.getTime();
  bench = await setUpBench(stores);
  const { workspaceId } = bench;
  ada = (await buildUser(stores.postgres, { workspaceId, role: "editor", name: "Ada" })).id;
  grace = (await buildUser(stores.postgres, { workspaceId, role: "editor", name: "Grace" })).id;
  worker = {
    postgres: stores.postgres,
    clickhouse: stores.clickhouse,
    publicUrl: "https://plumbline.example",
    sealer: testSealer,
    guard: { allowedHosts: ["127.0.0.1"] },
    now,
    newId: randomUUID,
    workspaceId,
  };
  const declared = await createIncident.call(call(ada), {
    title: "eta is wrong",
    reason: "calls",
    severity: "sev2",
    model: bench.model.name,
  });
  incident = declared.number;
});
afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  children.clear();
  pipeline.reply(pipeline.usual);
  pipeline.begun.clear();
  // Absence is asserted: what a test did not expect is a failure.
  expect(pipeline.take().map(({ path }) => path)).toEqual([]);
});
afterAll(async () => {
  await Promise.all([pipeline.close(), stores.close()]);
});

const call = (userId: string, role: "editor" | "admin" | "viewer" = "editor"): CallContext => ({
  ...stores,
  workspaceId: bench.workspaceId,
  outgoing: { sealer: testSealer, allowedHosts: ["127.0.0.1"] },
  actor: { kind: "user", userId, role },
  now: now(),
});
const toPipeline = (definition: Partial<ActionDefinition> = {}, path = "/retrain") =>
  buildAction(stores.postgres, bench.workspaceId, `${pipeline.url}${path}`, definition);
async function ask(definition: Partial<ActionDefinition> = {}): Promise<string> {
  const { slug } = await toPipeline(definition);
  const { run } = await requestRun.call(call(ada), { action: slug, incident, reason: "drift" });
  return run.id;
}
/** What is due now, one step after the other. */
async function advance(): Promise<void> {
  while (await advanceRuns(worker));
}
const read = async (runId: string) => (await getRun.call(call(ada), { runId })).run;
const stateOf = async (runId: string): Promise<ActionRunState> => (await read(runId)).state;
const statesOf = async (runId: string) =>
  (await getRun.call(call(ada), { runId })).events.map(({ state }) => state);

describe("a run", () => {
  test("is sent once, signed, with its id as its key, and the timeline says each step", async () => {
    const runId = await ask({ verifyAfterMinutes: null });
    expect(pipeline.received).toEqual([]);
    await advance();
    const [got] = pipeline.take();
    expect(got?.headers).toMatchObject({ "idempotency-key": runId, "webhook-id": runId });
    expect(JSON.parse(got?.body ?? "")).toMatchObject({
      type: "action.run",
      data: {
        run_id: runId,
        model: bench.model.name,
        incident,
        is_test: false,
        reason: "drift",
        requested_by: "Ada",
        callback_url: `https://plumbline.example/api/v1/inbound/actions/${runId}`,
      },
    });
    expect(await read(runId)).toMatchObject({ state: "succeeded", status: 202, attempt: 1 });
    expect(await statesOf(runId)).toEqual(["requested", "approved", "sending", "succeeded"]);
    const timeline = await stores.postgres.db
      .select({ kind: incidentTimeline.kind, text: incidentTimeline.text })
      .from(incidentTimeline)
      .where(eq(incidentTimeline.workspaceId, bench.workspaceId))
      .orderBy(incidentTimeline.position);
    const kinds = timeline.map(({ kind }) => kind).filter((kind) => kind.startsWith("action_"));
    expect(kinds).toEqual(["action_run", "action_step", "action_step", "action_run"]);
  });

  test("that needs another one's approval is not approved by who asked, nor by a viewer", async () => {
    const runId = await ask({ approval: "another", verifyAfterMinutes: null });
    await advance();
    expect(await read(runId)).toMatchObject({
      state: "waiting_for_approval",
      may: { approve: false, approveReason: expect.stringContaining("Somebody else") },
    });
    const approve = (who: CallContext) => decideRun.call(who, { runId, decision: "approve" });
    await expect(approve(call(ada))).rejects.toMatchObject({ code: "forbidden" });
    await expect(approve(call(grace, "viewer"))).rejects.toMatchObject({ code: "forbidden" });
    await approve(call(grace));
    await approve(call(grace));
    await advance();
    expect(await stateOf(runId)).toBe("succeeded");
    expect(pipeline.take()).toHaveLength(1);
  });

  test("that waits, or of which nobody knows, is told to whoever hears of the incident", async () => {
    await buildDestination(
      stores.postgres,
      bench.workspaceId,
      { kind: "webhook", settings: { url: pipeline.url, signingSecret: testWebhookSecret } },
      { isDefault: true },
    );
    const declared = await createIncident.call(call(ada), {
      title: "eta is wrong again",
      reason: "calls",
      severity: "sev2",
      model: bench.model.name,
    });
    incident = declared.number;
    const runId = await ask({ approval: "another" });
    await advance();
    pipeline.reply(() => "hang");
    await decideRun.call(call(grace), { runId, decision: "approve" });
    await advance();
    pipeline.take();
    const told = await stores.postgres.db
      .select({ message: notifications.message })
      .from(notifications)
      .where(
        and(eq(notifications.workspaceId, bench.workspaceId), eq(notifications.kind, "updated")),
      )
      .orderBy(notifications.position);
    expect(told.map(({ message }) => message.note)).toEqual([
      expect.stringContaining("Retrain: waiting for approval. It waits until somebody else"),
      expect.stringContaining("Retrain: outcome unknown."),
    ]);
  });

  test("that asks for an admin is neither asked for nor approved by an editor", async () => {
    const { slug } = await toPipeline({ runRole: "admin" });
    await expect(requestRun.call(call(ada), { action: slug, incident })).rejects.toMatchObject({
      code: "forbidden",
    });
    const key = { kind: "key" as const, keyId: randomUUID(), scopes: ["write" as const] };
    await expect(
      requestRun.call({ ...call(ada), actor: key }, { action: slug, incident }),
    ).rejects.toMatchObject({ code: "forbidden" });
  });

  test("whose checks hold no more once it is approved is not sent", async () => {
    const checks = { labelCoverageMin: null, noUpstreamIncident: true, challengerNotWorse: false };
    const runId = await ask({ approval: "anybody", checks });
    await advance();
    expect(await stateOf(runId)).toBe("waiting_for_approval");
    pass(minuteMs);
    await bench.apply(
      bench.monitor({ causeClass: "freshness", name: "Freshness" }),
      [outcomeOf("F", 0)],
      now(),
    );
    await decideRun.call(call(ada), { runId, decision: "approve" });
    await advance();
    expect(await read(runId)).toMatchObject({
      state: "checks_failed",
      sentence: expect.stringContaining("it holds no more: incident #2 (freshness)"),
    });
  });

  test("that is declined, cancelled or not approved in time is never sent", async () => {
    const declined = await ask({ approval: "anybody" });
    const cancelled = await ask({ approval: "anybody" });
    const forgotten = await ask({ approval: "anybody", approvalMinutesMax: 60 });
    await advance();
    await decideRun.call(call(ada), { runId: declined, decision: "decline", reason: "no" });
    await decideRun.call(call(ada), { runId: cancelled, decision: "cancel" });
    pass(60 * minuteMs);
    await advance();
    expect(await stateOf(declined)).toBe("declined");
    expect(await stateOf(cancelled)).toBe("cancelled");
    expect(await stateOf(forgotten)).toBe("expired");
    await expect(
      decideRun.call(call(grace), { runId: forgotten, decision: "approve" }),
    ).rejects.toMatchObject({ code: "conflict" });
  });

  test("is one at a time for an incident, and is refused for one that is over", async () => {
    const { slug } = await toPipeline({ approval: "anybody" });
    await requestRun.call(call(ada), { action: slug, incident });
    await expect(requestRun.call(call(grace), { action: slug, incident })).rejects.toMatchObject({
      code: "conflict",
    });
    const { workspaceId } = bench;
    const other = await createIncident.call(call(ada), {
      title: "over",
      reason: "x",
      severity: "sev3",
    });
    const [row] = await stores.postgres.db
      .select({ id: incidents.id })
      .from(incidents)
      .where(and(eq(incidents.workspaceId, workspaceId), eq(incidents.number, other.number)));
    await stores.postgres.transaction((tx) =>
      changeIncident(tx, {
        workspaceId,
        incidentId: row?.id ?? "",
        action: "resolve",
        actor: { kind: "user", id: ada, name: "Ada", via: "console" },
        now: now(),
        newId: randomUUID,
      }),
    );
    await expect(
      requestRun.call(call(ada), { action: slug, incident: other.number }),
    ).rejects.toMatchObject({ code: "conflict" });
  });

  test("that is dry is checked and sends nothing; a test is sent and says that it is one", async () => {
    const dry = await ask({ isDryRun: true });
    const { id: actionId } = await toPipeline({ approval: "another", coolDownMinutes: 60 });
    const { run } = await testAction.call(call(ada, "admin"), { actionId });
    await advance();
    expect(await stateOf(dry)).toBe("rehearsed");
    expect(await stateOf(run.id)).toBe("succeeded");
    const [got] = pipeline.take();
    expect(got?.headers["plumbline-test"]).toBe("true");
    expect(JSON.parse(got?.body ?? "")).toMatchObject({ data: { is_test: true, incident: null } });
  });

  test("is held back by a cool-down, a daily maximum and an open upstream incident, with the reason", async () => {
    const { slug } = await toPipeline({
      coolDownMinutes: 65,
      verifyAfterMinutes: null,
      approval: "none",
    });
    const again = async () => (await requestRun.call(call(ada), { action: slug, incident })).run.id;
    const first = await again();
    await advance();
    pipeline.take();
    pass(minuteMs);
    const second = await again();
    await advance();
    expect(await stateOf(first)).toBe("succeeded");
    expect(await read(second)).toMatchObject({
      state: "checks_failed",
      sentence: "Not run: cool-down until 2100-06-01 13:05 UTC",
    });
    pass(65 * minuteMs);
    const third = await again();
    await advance();
    expect(await stateOf(third)).toBe("succeeded");
    pipeline.take();
    await stores.postgres.db
      .update(actions)
      .set({
        definition: {
          ...(await definitionOf(slug)),
          coolDownMinutes: 0,
          dailyMax: 2,
          checks: {
            labelCoverageMin: 0.5,
            noUpstreamIncident: true,
            challengerNotWorse: true,
          },
        },
      })
      .where(eq(actions.slug, slug));
    await bench.apply(
      bench.monitor({ causeClass: "freshness", name: "Freshness" }),
      [outcomeOf("F", 0)],
      now(),
    );
    const fourth = await again();
    await advance();
    const { checks, state } = await read(fourth);
    expect(state).toBe("checks_failed");
    expect(checks).toMatchObject([
      {
        name: "label_coverage",
        isHeld: false,
        reason: "label coverage is not known: no predictions in the last 24 h",
      },
      { name: "upstream_incident", isHeld: false, reason: expect.stringContaining("(freshness)") },
      { name: "challenger", isHeld: true, reason: expect.stringContaining("no challenger") },
      { name: "daily_max", isHeld: false, reason: "it ran 2 times in 24 h, 2 is the most" },
    ]);
  });
});

const definitionOf = async (slug: string) => {
  const [row] = await stores.postgres.db.select().from(actions).where(eq(actions.slug, slug));
  if (row === undefined) throw new Error("no such action");
  return row.definition;
};

describe("an endpoint", () => {
  test("that refuses is the outcome, with its words and no secret", async () => {
    pipeline.reply(() => ({ status: 422, body: `no such ref ${testWebhookSecret}` }));
    const runId = await ask();
    await advance();
    expect(await read(runId)).toMatchObject({
      state: "failed",
      status: 422,
      answer: "no such ref …",
    });
    expect(pipeline.take()).toHaveLength(1);
  });

  test.each(["hang", "reset"] as const)(
    "that does %s after it has everything leaves the outcome unknown, and is not called again",
    async (reply) => {
      pipeline.reply(() => reply);
      const runId = await ask();
      await advance();
      pass(60 * minuteMs);
      await advance();
      expect(pipeline.take()).toHaveLength(1);
      expect(await read(runId)).toMatchObject({ state: "outcome_unknown", may: { settle: true } });
    },
  );

  test("of which a person has said nothing yet is settled by them: done, not done, or sent again under the same key", async () => {
    pipeline.reply(() => "hang");
    const done = await ask({ verifyAfterMinutes: null });
    const notDone = await ask();
    const again = await ask({ verifyAfterMinutes: null });
    await advance();
    pipeline.take();
    pipeline.reply(pipeline.usual);
    await settleRun.call(call(ada), { runId: done, finding: "was_done" });
    await settleRun.call(call(ada), { runId: notDone, finding: "was_not_done" });
    await settleRun.call(call(ada), { runId: again, finding: "send_again" });
    await advance();
    expect(await stateOf(done)).toBe("succeeded");
    expect(await stateOf(notDone)).toBe("failed");
    expect(await stateOf(again)).toBe("succeeded");
    expect(pipeline.take().map(({ headers }) => headers["idempotency-key"])).toEqual([again]);
    await expect(
      settleRun.call(call(ada), { runId: done, finding: "send_again" }),
    ).rejects.toMatchObject({ code: "conflict" });
  });

  test("that knows the key is called again with the same key and bytes, three times at most", async () => {
    pipeline.reply(() => "reset");
    const runId = await ask({ isIdempotent: true });
    for (let again = 0; again < 5; again += 1) {
      await advance();
      pass(minuteMs);
    }
    const got = pipeline.take();
    expect(got).toHaveLength(3);
    expect(new Set(got.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
    expect(new Set(got.map(({ body }) => body)).size).toBe(1);
    expect(await stateOf(runId)).toBe("outcome_unknown");
  });

  test("in a private network is not called unless it was allowed", async () => {
    const runId = await ask();
    worker = { ...worker, guard: { allowedHosts: [] } };
    await advance();
    expect(await read(runId)).toMatchObject({
      state: "failed",
      attempt: 1,
      sentence: expect.stringContaining("Nothing was sent"),
    });
  });

  test("that refuses the connection is tried again, since nothing was sent", async () => {
    const { slug } = await buildAction(stores.postgres, bench.workspaceId, "http://127.0.0.1:9/x");
    const { run } = await requestRun.call(call(ada), { action: slug, incident });
    for (let again = 0; again < 4; again += 1) {
      await advance();
      pass(minuteMs);
    }
    expect(await read(run.id)).toMatchObject({ state: "failed", attempt: 3 });
  });

  test("of an action that was switched off meanwhile is not called", async () => {
    const runId = await ask({ approval: "anybody" });
    await advance();
    await stores.postgres.db
      .update(actions)
      .set({ isEnabled: false })
      .where(eq(actions.workspaceId, bench.workspaceId));
    await decideRun.call(call(ada), { runId, decision: "approve" });
    await advance();
    expect(await read(runId)).toMatchObject({
      state: "failed",
      sentence: "Nothing was sent: the action was switched off",
    });
  });
});

describe("a report", () => {
  const report = (runId: string, body: object, { secret = testWebhookSecret, at = now() } = {}) => {
    const rawBody = JSON.stringify(body);
    const signed = signWebhook(rawBody, { id: `report-${runId}`, at, secrets: [secret] });
    return receiveActionReport(
      {
        postgres: stores.postgres,
        outgoing: { sealer: testSealer, allowedHosts: [] },
        publicUrl: "https://plumbline.example",
        now: now(),
        newId: randomUUID,
        changeIncident,
      },
      {
        runId,
        rawBody,
        headers: {
          id: signed["webhook-id"] ?? null,
          timestamp: signed["webhook-timestamp"] ?? null,
          signature: signed["webhook-signature"] ?? null,
        },
      },
    );
  };

  test("is waited for, believed once it is signed, and sent again it changes nothing", async () => {
    const runId = await ask({ outcome: "report", verifyAfterMinutes: null });
    await advance();
    pipeline.take();
    expect(await stateOf(runId)).toBe("running");
    const other = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    const done = { outcome: "succeeded", message: "model 8" };
    for (const options of [{ secret: other }, { at: new Date(nowMs - 10 * minuteMs) }])
      await expect(report(runId, done, options)).rejects.toMatchObject({ code: "unauthorized" });
    await expect(report(randomUUID(), done)).rejects.toMatchObject({ code: "unauthorized" });
    await expect(report("1", done)).rejects.toMatchObject({ code: "unauthorized" });
    await expect(report(runId, { outcome: "maybe" })).rejects.toMatchObject({
      code: "invalid_request",
    });
    expect(await report(runId, done)).toBe("done");
    expect(await report(runId, { outcome: "failed" })).toBe("unchanged");
    expect(await read(runId)).toMatchObject({ state: "succeeded", answer: "model 8" });
  });

  test("that never comes leaves the outcome unknown; one that comes late settles it", async () => {
    const runId = await ask({ outcome: "report", reportMinutesMax: 30 });
    await advance();
    pipeline.take();
    pass(30 * minuteMs);
    await advance();
    expect(await stateOf(runId)).toBe("outcome_unknown");
    expect(await report(runId, { outcome: "failed", message: "no GPU" })).toBe("done");
    expect(await stateOf(runId)).toBe("failed");
  });
});

function startChild(until: string): ChildProcess {
  const script = fileURLToPath(new URL("./testing/send-child.ts", import.meta.url));
  const args = [script, inject("databaseUrl"), inject("clickhouseUrl"), bench.workspaceId];
  const child = spawn(process.execPath, [...args, now().toISOString(), until], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.add(child);
  return child;
}

/** Until the child has said this. */
async function heard(child: ChildProcess, word: string): Promise<void> {
  let said = "";
  for await (const chunk of child.stdout ?? []) {
    said += String(chunk);
    if (said.includes(word)) return;
  }
  throw new Error(`the worker ended and said ${said}`);
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "exit");
}

describe("a worker that is killed", () => {
  const claimMs = 31_000;
  /** Checked, and due to be sent. */
  async function approved(definition: Partial<ActionDefinition> = {}): Promise<string> {
    const runId = await ask({ verifyAfterMinutes: null, ...definition });
    await advanceRuns(worker);
    expect(await stateOf(runId)).toBe("approved");
    return runId;
  }

  test("before anything was sent: another sends it, once, under the same key", async () => {
    const runId = await approved();
    const child = startChild("claimed");
    await heard(child, "claimed");
    await kill(child);
    await advance();
    expect(await stateOf(runId)).toBe("sending");
    pass(claimMs);
    await advance();
    expect(pipeline.take().map(({ headers }) => headers["idempotency-key"])).toEqual([runId]);
    expect(await read(runId)).toMatchObject({ state: "succeeded", attempt: 2 });
  });

  test.each([
    ["once it was marked as sent", "marked", 0],
    ["while the endpoint has everything", "hang", 1],
    ["with the answer in its hands", "answered", 1],
  ])(
    "%s: the outcome is unknown, and nobody sends it again by themselves",
    async (_, until, callCount) => {
      const runId = await approved();
      if (until === "hang") pipeline.reply(() => "hang");
      const child = startChild(until);
      if (until === "hang")
        await expect.poll(() => pipeline.received.length, { timeout: 30_000 }).toBe(1);
      else await heard(child, until);
      await kill(child);
      pipeline.reply(pipeline.usual);
      pass(claimMs);
      await advance();
      pass(60 * minuteMs);
      await advance();
      expect(pipeline.take()).toHaveLength(callCount);
      expect(await stateOf(runId)).toBe("outcome_unknown");
      await settleRun.call(call(ada), { runId, finding: "send_again" });
      await advance();
      expect(pipeline.take().map(({ headers }) => headers["idempotency-key"])).toEqual([runId]);
      expect(pipeline.begun.size).toBe(1);
      expect(await stateOf(runId)).toBe("succeeded");
    },
  );

  test("with the answer in its hands, of an endpoint that knows the key: sent again, and begun once", async () => {
    const runId = await approved({ isIdempotent: true });
    const child = startChild("answered");
    await heard(child, "answered");
    await kill(child);
    pass(claimMs);
    await advance();
    pass(minuteMs);
    await advance();
    expect(pipeline.take()).toHaveLength(2);
    expect(pipeline.begun.size).toBe(1);
    expect(await stateOf(runId)).toBe("succeeded");
  });

  test("after it was kept: nothing is sent again", async () => {
    const runId = await approved();
    const child = startChild("never");
    await heard(child, "done");
    await kill(child);
    pass(claimMs);
    await advance();
    expect(pipeline.take()).toHaveLength(1);
    expect(await stateOf(runId)).toBe("succeeded");
  });
});

test("two workers at once send each run once", async () => {
  const ids: string[] = [];
  for (let index = 0; index < 6; index += 1) ids.push(await ask({ verifyAfterMinutes: null }));
  await Promise.all([advance(), advance(), advance()]);
  await advance();
  expect(pipeline.take()).toHaveLength(6);
  for (const id of ids) expect(await read(id)).toMatchObject({ state: "succeeded", attempt: 1 });
});

test("runs are listed newest first, by incident, step and state, and none of another workspace", async () => {
  const { slug } = await toPipeline({ approval: "anybody" });
  const { run } = await requestRun.call(call(ada), { action: slug, incident, stepId: "s1" });
  await advance();
  const list = (filter: object) => listRuns.call(call(ada), filter);
  expect((await list({ incident, stepId: "s1" })).runs.map(({ id }) => id)).toEqual([run.id]);
  expect((await list({ state: "waiting" })).runs).toHaveLength(1);
  expect((await list({ state: "unknown" })).runs).toEqual([]);
  const other = await setUpBench(stores);
  const theirs = { ...call(ada), workspaceId: other.workspaceId };
  expect((await listRuns.call(theirs, {})).runs).toEqual([]);
  await expect(getRun.call(theirs, { runId: run.id })).rejects.toMatchObject({ code: "not_found" });
  await expect(
    decideRun.call(theirs, { runId: run.id, decision: "approve" }),
  ).rejects.toMatchObject({ code: "not_found" });
});
