import { createHmac, randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { POST as fromPipeline } from "#app/api/v1/inbound/actions/[run]/route.ts";
import { POST as fromPagerduty } from "#app/api/v1/inbound/pagerduty/[destination]/route.ts";
import { POST as fromSlack } from "#app/api/v1/inbound/slack/route.ts";
import { findActionRow } from "#db/postgres/queries/action.ts";
import { findRun, updateRun } from "#db/postgres/queries/action-run.ts";
import { findIncidentRow } from "#db/postgres/queries/incident.ts";
import { listNotificationRows } from "#db/postgres/queries/notification.ts";
import { notifications } from "#db/postgres/schema/notifications.ts";
import { buildWorkspace } from "#db/testing/build-workspace.ts";
import { signWebhook } from "#lib/notify/sign-webhook.ts";
import type { Runtime } from "#lib/runtime.ts";
import { createRun } from "#lib/services/action/create-run.ts";
import { buildAction } from "#lib/services/action/testing/build-action.ts";
import {
  buildDestination,
  testRoutingKey,
  testWebhookSecret,
} from "#lib/services/destination/testing/build-destination.ts";
import { declareIncident } from "#lib/services/incident/declare-incident.ts";
import { startWeb } from "./testing/web.ts";

const declare = (destinationIds: string[]) =>
  runtime.postgres.transaction((tx) =>
    declareIncident(tx, {
      workspaceId,
      now: runtime.now(),
      newId: randomUUID,
      actor: { kind: "user", id: "ada", name: "Ada", via: "console" },
      title: "eta answers late",
      reason: "seen on the dashboard",
      severity: "sev2",
      causeClass: "latency",
      modelId: null,
      environment: "production",
      mode: "real",
      impactStartedAt: null,
      ownerUserId: null,
      destinationIds,
    }),
  );

const secret = "the-secret-of-the-subscription";
let runtime: Runtime;
let workspaceId: string;
let pagerduty: string;
let webhook: string;
let incidentId: string;

beforeAll(() => {
  runtime = startWeb();
});
afterAll(() => runtime.close());
beforeEach(async () => {
  const { postgres } = runtime;
  ({ id: workspaceId } = await buildWorkspace(postgres));
  pagerduty = await buildDestination(postgres, workspaceId, {
    kind: "pagerduty",
    settings: {
      routingKey: testRoutingKey,
      webhookSecret: secret,
      eventsUrl: "https://events.pagerduty.com",
    },
  });
  webhook = await buildDestination(postgres, workspaceId, {
    kind: "webhook",
    settings: { url: "https://example.com/hook", signingSecret: testWebhookSecret },
  });
  ({ id: incidentId } = await declare([pagerduty, webhook]));
});

const scope = () => ({ pg: runtime.postgres.db, workspaceId });
const told = async () =>
  (await listNotificationRows(scope(), { incidentId, countMax: 50 }))
    .map(
      ({ kind, destinationId }) =>
        `${kind} ${destinationId === pagerduty ? "pagerduty" : "webhook"}`,
    )
    .toReversed();
const dedupKeyTold = async () => {
  const [row] = await runtime.postgres.db
    .select({ dedupKey: notifications.dedupKey })
    .from(notifications)
    .where(eq(notifications.incidentId, incidentId));
  return row?.dedupKey ?? "";
};

async function send(type: string, signedBy = secret) {
  const body = JSON.stringify({
    event: {
      id: randomUUID(),
      event_type: type,
      occurred_at: new Date(runtime.now().getTime() + 1_000).toISOString(),
      agent: { id: "PU1", summary: "Grace" },
      data: { incident_key: await dedupKeyTold() },
    },
  });
  const signature = `v1=${createHmac("sha256", signedBy).update(body).digest("hex")}`;
  const request = new Request("http://localhost/api/v1/inbound/pagerduty/x", {
    method: "POST",
    headers: { "x-pagerduty-signature": signature },
    body,
  });
  return fromPagerduty(request, { params: Promise.resolve({ destination: pagerduty }) });
}

test("an acknowledge and a resolve in PagerDuty count here, are told to the others, and not back", async () => {
  expect(await told()).toEqual(["triggered pagerduty", "triggered webhook"]);
  expect((await send("incident.acknowledged")).status).toBe(202);
  expect(await findIncidentRow(scope(), { id: incidentId })).toMatchObject({
    state: "acknowledged",
  });
  expect((await send("incident.resolved")).status).toBe(202);
  expect(await findIncidentRow(scope(), { id: incidentId })).toMatchObject({ state: "resolved" });
  const after = (await told()).slice(2);
  expect(after.length).toBeGreaterThan(0);
  expect(after.filter((each) => each.endsWith("pagerduty"))).toEqual([]);
});

test("what is signed by somebody else is 401, and changes nothing", async () => {
  const answer = await send("incident.resolved", "another");
  expect(answer.status).toBe(401);
  expect(await findIncidentRow(scope(), { id: incidentId })).toMatchObject({ state: "triggered" });
});

test("a body past the bound is not read", async () => {
  const request = new Request("http://localhost/api/v1/inbound/slack", {
    method: "POST",
    body: "x".repeat(300_000),
  });
  expect((await fromSlack(request, { params: Promise.resolve({}) })).status).toBe(413);
});

test("a click that nobody signed is 401", async () => {
  const payload = JSON.stringify({
    type: "block_actions",
    user: { id: "U1" },
    actions: [{ action_id: "incident_resolve", value: `${pagerduty}.${incidentId}` }],
  });
  const request = new Request("http://localhost/api/v1/inbound/slack", {
    method: "POST",
    body: new URLSearchParams({ payload }),
  });
  expect((await fromSlack(request, { params: Promise.resolve({}) })).status).toBe(401);
});

test("an incident for which nobody named a destination is told to those that hear of everything", async () => {
  const { postgres } = runtime;
  const settings = { url: "https://example.com/all", signingSecret: testWebhookSecret };
  const hears = { isDefault: true };
  const all = await buildDestination(postgres, workspaceId, { kind: "webhook", settings }, hears);
  const { id } = await declare([]);
  const rows = await listNotificationRows(scope(), { incidentId: id, countMax: 50 });
  expect(rows.map(({ kind, destinationId }) => [kind, destinationId])).toEqual([
    ["triggered", all],
  ]);
});

test("a pipeline's report of a run is taken at its door once it is signed, and the rest is 401 or 400", async () => {
  const { postgres } = runtime;
  const { id: actionId } = await buildAction(postgres, workspaceId, "https://example.com/run", {
    outcome: "report",
    verifyAfterMinutes: null,
  });
  const action = await findActionRow(scope(), { id: actionId });
  if (action === null) throw new Error("no such action");
  const now = runtime.now();
  const actor = { kind: "user", id: "ada", name: "Ada", via: "console" } as const;
  const run = await postgres.transaction((tx) =>
    createRun(
      { pg: tx, workspaceId, now },
      { action, incident: null, mode: "real", reason: "", actor },
    ),
  );
  await updateRun(scope(), run.id, { state: "running", attempt: 1, dueAt: null });
  const report = (body: string, signedBy = testWebhookSecret) =>
    fromPipeline(
      new Request("http://localhost/api/v1/inbound/actions/x", {
        method: "POST",
        headers: signWebhook(body, { id: run.id, at: runtime.now(), secrets: [signedBy] }),
        body,
      }),
      { params: Promise.resolve({ run: run.id }) },
    );
  const done = '{"outcome":"succeeded","message":"model 8"}';
  expect((await report(done, "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD")).status).toBe(401);
  expect((await report('{"outcome":"maybe"}')).status).toBe(400);
  expect((await findRun(scope(), run.id))?.state).toBe("running");
  const answer = await report(done);
  expect([answer.status, await answer.json()]).toEqual([202, { result: "done" }]);
  expect(await findRun(scope(), run.id)).toMatchObject({ state: "succeeded", answer: "model 8" });
});
