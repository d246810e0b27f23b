import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { asc, eq, sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { createPostgres } from "#db/postgres/client.ts";
import {
  destinations,
  notificationAttempts,
  notifications,
} from "#db/postgres/schema/notifications.ts";
import { buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { IncidentMessage } from "#lib/domain/notification.ts";
import { buildMessage } from "#lib/notify/testing/build-message.ts";
import type { FakePagerduty } from "#lib/notify/testing/fake-pagerduty.ts";
import { startFakePagerduty } from "#lib/notify/testing/fake-pagerduty.ts";
import type { FakeReceiver } from "#lib/notify/testing/fake-receiver.ts";
import { startFakeReceiver } from "#lib/notify/testing/fake-receiver.ts";
import type { FakeSlack } from "#lib/notify/testing/fake-slack.ts";
import {
  fakeSlackChannel,
  fakeSlackHook,
  fakeSlackToken,
  startFakeSlack,
} from "#lib/notify/testing/fake-slack.ts";
import { closeSettings } from "../destination/open-settings.ts";
import {
  buildDestination,
  testRoutingKey,
  testSealer,
  testWebhookSecret,
} from "../destination/testing/build-destination.ts";
import type { DeliveryContext } from "./deliver-notification.ts";
import { deliverNotification, takeNotification } from "./deliver-notification.ts";
import { enqueueNotifications } from "./enqueue-notifications.ts";

// Far ahead: what other suites' workers take for due is long past.
const start = new Date("2100-01-01T00:00:00.000Z");
let nowMs = start.getTime();
const now = () => new Date(nowMs);
const pass = (ms: number) => {
  nowMs += ms;
};

let stores: TestStores;
let workspaceId: string;
let context: DeliveryContext;
let pagerduty: FakePagerduty;
let slack: FakeSlack;
let webhook: FakeReceiver;
const children = new Set<ChildProcess>();

beforeAll(async () => {
  stores = openStores();
  [pagerduty, slack, webhook] = await Promise.all([
    startFakePagerduty(),
    startFakeSlack(),
    startFakeReceiver(),
  ]);
});
beforeEach(async () => {
  nowMs = start.getTime();
  ({ id: workspaceId } = await buildWorkspace(stores.postgres));
  context = {
    postgres: stores.postgres,
    sealer: testSealer,
    guard: { allowedHosts: ["127.0.0.1"], timeoutMs: 1_000 },
    now,
    random: () => 0,
    workspaceId,
  };
});
afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  children.clear();
  pagerduty.reply(pagerduty.usual);
  slack.reply(slack.usual);
  webhook.reply(() => ({ status: 204 }));
  pagerduty.open.clear();
  slack.posts.splice(0);
  // Absence is asserted: what a test did not expect is a failure.
  for (const each of [pagerduty, slack, webhook])
    expect(each.take().map(({ path, body }) => `${path} ${body.slice(0, 200)}`)).toEqual([]);
});
afterAll(async () => {
  await Promise.all([pagerduty.close(), slack.close(), webhook.close(), stores.close()]);
});

const toPagerduty = () =>
  buildDestination(stores.postgres, workspaceId, {
    kind: "pagerduty",
    settings: { routingKey: testRoutingKey, eventsUrl: pagerduty.url },
  });
const toWebhook = (url = `${webhook.url}/hook`) =>
  buildDestination(stores.postgres, workspaceId, {
    kind: "webhook",
    settings: { url, signingSecret: testWebhookSecret },
  });
const toSlackHook = () =>
  buildDestination(stores.postgres, workspaceId, {
    kind: "slack_webhook",
    settings: { url: fakeSlackHook(slack.url) },
  });
const toSlackBot = () =>
  buildDestination(stores.postgres, workspaceId, {
    kind: "slack_bot",
    settings: {
      botToken: fakeSlackToken,
      signingSecret: "signing-secret",
      channel: fakeSlackChannel,
      apiUrl: `${slack.url}/api`,
    },
  });

let incidentId = randomUUID();
beforeEach(() => {
  incidentId = randomUUID();
});

async function enqueue(
  destinationIds: string[],
  kind: IncidentMessage["kind"],
  sequence: number,
  overrides: Partial<IncidentMessage> = {},
) {
  const state = kind === "resolved" ? "resolved" : "triggered";
  const message = buildMessage({ kind, sequence, incidentId, state, ...overrides });
  await stores.postgres.transaction((tx) =>
    enqueueNotifications(tx, {
      workspaceId,
      message,
      destinationIds,
      now: now(),
      newId: randomUUID,
    }),
  );
}

/** Sends what is due now, one after the other. */
async function deliverDue(): Promise<string[]> {
  const states: string[] = [];
  for (;;) {
    const claim = await takeNotification(context);
    if (claim === null) return states;
    const { kind, state } = await deliverNotification(context, claim);
    states.push(`${kind} ${state}`);
  }
}

/** The same with the time that passes between: until nothing waits, or so much has gone by. */
async function deliverOver(ms: number): Promise<void> {
  for (const end = nowMs + ms; nowMs < end; pass(1_000)) await deliverDue();
}

const rows = () =>
  stores.postgres.db
    .select()
    .from(notifications)
    .where(eq(notifications.workspaceId, workspaceId))
    .orderBy(asc(notifications.position));
const told = async () => (await rows()).map(({ kind, state }) => `${kind} ${state}`);
const attemptsOf = (id: string) =>
  stores.postgres.db
    .select()
    .from(notificationAttempts)
    .where(eq(notificationAttempts.notificationId, id))
    .orderBy(asc(notificationAttempts.attempt));
const actions = () => pagerduty.events().map(({ event_action }) => event_action);

describe("enqueued", () => {
  test("with the change that it tells of, or not at all", async () => {
    const id = await toWebhook();
    const work = stores.postgres.transaction(async (tx) => {
      const message = buildMessage({ incidentId });
      const request = { workspaceId, message, destinationIds: [id], now: now(), newId: randomUUID };
      await enqueueNotifications(tx, request);
      throw new Error("the change failed");
    });
    await expect(work).rejects.toThrow("the change failed");
    expect(await rows()).toEqual([]);
  });

  test("once for the same change, and never to where it came from", async () => {
    const [here, there] = [await toWebhook(), await toWebhook()];
    const message = buildMessage({ incidentId });
    for (let again = 0; again < 2; again += 1) {
      await stores.postgres.transaction((tx) =>
        enqueueNotifications(tx, {
          workspaceId,
          message,
          destinationIds: [here, there, here],
          notDestinationIds: [there],
          now: now(),
          newId: randomUUID,
        }),
      );
    }
    expect((await rows()).map(({ destinationId }) => destinationId)).toEqual([here]);
  });

  test("whatever people wrote: it never undoes the change that it tells of", async () => {
    const id = await toWebhook();
    await enqueue([id], "triggered", 1, { title: "a\u0000b \ud800 c", answer: "\udfff" });
    expect(await deliverDue()).toEqual(["triggered sent"]);
    expect(webhook.take()[0]?.body).toContain("a b");
  });

  test("to a destination of another workspace it is a dead row, and is sent nowhere", async () => {
    const other = await buildWorkspace(stores.postgres);
    const theirs = await buildDestination(stores.postgres, other.id, {
      kind: "webhook",
      settings: { url: `${webhook.url}/theirs`, signingSecret: testWebhookSecret },
    });
    await enqueue([theirs, randomUUID()], "triggered", 1);
    expect(await told()).toEqual(["triggered dead", "triggered dead"]);
    expect(await deliverDue()).toEqual([]);
  });
});

describe("sent", () => {
  test("to PagerDuty: what triggers, acknowledges and resolves has one key", async () => {
    const id = await toPagerduty();
    await enqueue([id], "triggered", 1);
    await deliverDue();
    await enqueue([id], "acknowledged", 2);
    await enqueue([id], "resolved", 3);
    await deliverOver(3_000);
    const events = pagerduty.events();
    expect(actions()).toEqual(["trigger", "acknowledge", "resolve"]);
    expect(new Set(events.map(({ dedup_key }) => dedup_key)).size).toBe(1);
    expect(pagerduty.open.size).toBe(0);
    pagerduty.take();
  });

  test("to PagerDuty: the resolve goes with the routing key of the trigger even after an edit", async () => {
    const id = await toPagerduty();
    await enqueue([id], "triggered", 1);
    await deliverDue();
    const settings = { routingKey: "f".repeat(32), eventsUrl: pagerduty.url };
    await stores.postgres.db
      .update(destinations)
      .set(closeSettings(testSealer, id, { kind: "pagerduty", settings }))
      .where(eq(destinations.id, id));
    await enqueue([id], "resolved", 2);
    await deliverOver(2_000);
    expect(pagerduty.events().map((event) => event.routing_key)).toEqual([
      testRoutingKey,
      testRoutingKey,
    ]);
    expect(pagerduty.open.size).toBe(0);
    // The next incident goes with the new one.
    await enqueue([id], "reopened", 3);
    await deliverOver(2_000);
    expect(pagerduty.events().at(-1)?.routing_key).toBe("f".repeat(32));
    pagerduty.take();
  });

  test("to PagerDuty: nothing where it was never told of the incident", async () => {
    const id = await toPagerduty();
    await enqueue([id], "acknowledged", 4);
    await enqueue([id], "resolved", 5);
    await deliverOver(2_000);
    expect(await told()).toEqual(["acknowledged cancelled", "resolved cancelled"]);
  });

  test("to a webhook: signed, with the row's id", async () => {
    const id = await toWebhook();
    await enqueue([id], "triggered", 1);
    await deliverDue();
    const [row] = await rows();
    const [got] = webhook.take();
    expect(got?.headers["webhook-id"]).toBe(row?.id);
    expect(got?.headers["webhook-signature"]).toMatch(/^v1,/);
    expect(row).toMatchObject({ state: "sent", status: 204, attempt: 1, possibleDuplicate: false });
  });

  test("to Slack by a webhook: refused for its form it goes once more as plain text", async () => {
    const id = await toSlackHook();
    let calls = 0;
    slack.reply((received) => {
      calls += 1;
      return calls === 1 ? { status: 400, body: "invalid_blocks" } : slack.usual(received);
    });
    await enqueue([id], "triggered", 1);
    expect(await deliverDue()).toEqual(["triggered sent"]);
    const [first, second] = slack.take().map(({ body }) => JSON.parse(body));
    expect(first.blocks).toBeDefined();
    expect(second.blocks).toBeUndefined();
    expect(second.text).toContain("eta drifts");
  });

  test("to Slack by a bot: one message that is updated, and a thread that tells", async () => {
    const id = await toSlackBot();
    await enqueue([id], "triggered", 1);
    await enqueue([id], "escalated", 2, { note: "Nobody acknowledged within 30 min." });
    await enqueue([id], "updated", 3, { title: "eta drifts on 3 of 5 features" });
    await enqueue([id], "resolved", 4);
    // Not taken back before it left.
    expect(await told()).toHaveLength(4);
    await stores.postgres.db.execute(
      sql`UPDATE notifications SET attempt = 1 WHERE workspace_id = ${workspaceId} AND sequence = 1`,
    );
    await deliverOver(8_000);
    const [root, escalated, resolved] = slack.posts;
    expect(slack.posts).toHaveLength(3);
    expect(root?.text).toContain("Resolved");
    expect(JSON.stringify(root?.blocks)).not.toContain("incident_acknowledge");
    expect(escalated).toMatchObject({ threadTs: root?.ts, isBroadcast: true });
    expect(escalated?.text).toContain("Nobody acknowledged");
    expect(resolved).toMatchObject({ threadTs: root?.ts, isBroadcast: false });
    slack.take();
  });

  test("to Slack by a bot: a message that somebody deleted is posted anew", async () => {
    const id = await toSlackBot();
    await enqueue([id], "triggered", 1);
    await deliverDue();
    slack.posts.splice(0);
    await enqueue([id], "updated", 2);
    await deliverOver(2_000);
    expect(slack.posts).toMatchObject([{ threadTs: null }]);
    slack.take();
  });
});

describe("in order", () => {
  test("of one incident at one destination, while another incident does not wait", async () => {
    const id = await toWebhook();
    const first = incidentId;
    await enqueue([id], "triggered", 1);
    webhook.reply(({ body }) => ({ status: body.includes(first) ? 500 : 204 }));
    await deliverDue();
    await enqueue([id], "acknowledged", 2);
    await enqueue([id], "triggered", 1, { incidentId: randomUUID() });
    expect(await deliverDue()).toEqual(["triggered sent"]);
    webhook.reply(() => ({ status: 204 }));
    pass(5_000);
    expect(await deliverDue()).toEqual(["triggered sent", "acknowledged sent"]);
    expect(webhook.take()).toHaveLength(4);
  });

  test("an update that a newer one repeats is put away, a trigger and a resolve never", async () => {
    const id = await toWebhook();
    webhook.reply(() => ({ status: 500 }));
    await enqueue([id], "triggered", 1);
    await deliverDue();
    for (const sequence of [2, 3, 4]) await enqueue([id], "updated", sequence);
    await enqueue([id], "resolved", 5);
    webhook.reply(() => ({ status: 204 }));
    await deliverOver(8_000);
    expect(await told()).toEqual([
      "triggered sent",
      "updated cancelled",
      "updated cancelled",
      "updated sent",
      "resolved sent",
    ]);
    expect((await rows())[1]?.answer).toContain("newer update");
    webhook.take();
  });

  test("what is over before it could be told is told all the same: first that it fired, then that it is over", async () => {
    const id = await toPagerduty();
    await enqueue([id], "triggered", 1);
    await enqueue([id], "updated", 2);
    await enqueue([id], "resolved", 3);
    await deliverOver(3_000);
    expect(await told()).toEqual(["triggered sent", "updated sent", "resolved sent"]);
    expect(actions()).toEqual(["trigger", "trigger", "resolve"]);
    expect(pagerduty.open.size).toBe(0);
    pagerduty.take();
  });

  test("a resolve never takes back a trigger that may have left", async () => {
    const id = await toPagerduty();
    pagerduty.reply(() => "reset");
    await enqueue([id], "triggered", 1);
    await deliverDue();
    await enqueue([id], "resolved", 2);
    pagerduty.reply(pagerduty.usual);
    await deliverOver(32_000);
    expect(actions()).toEqual(["trigger", "trigger", "resolve"]);
    pagerduty.take();
  });
});

describe("a destination that is off or gone", () => {
  test("hears only that what it was told is over", async () => {
    const id = await toPagerduty();
    await enqueue([id], "triggered", 1);
    await deliverDue();
    await stores.postgres.db
      .update(destinations)
      .set({ deletedAt: now(), isEnabled: false })
      .where(eq(destinations.id, id));
    await enqueue([id], "updated", 2);
    await enqueue([id], "resolved", 3);
    await deliverOver(3_000);
    expect(await told()).toEqual(["triggered sent", "updated dead", "resolved sent"]);
    expect(pagerduty.open.size).toBe(0);
    pagerduty.take();
  });

  test("is told nothing while a person has it off, nor of the end of what it was not told", async () => {
    const id = await toWebhook();
    const off = { isEnabled: false };
    await stores.postgres.db.update(destinations).set(off).where(eq(destinations.id, id));
    await enqueue([id], "triggered", 1);
    await deliverDue();
    await enqueue([id], "resolved", 2);
    await deliverDue();
    expect(await told()).toEqual(["triggered cancelled", "resolved cancelled"]);
  });

  test("by 410: it is switched off, and says why", async () => {
    const id = await toWebhook();
    webhook.reply(() => ({ status: 410 }));
    await enqueue([id], "triggered", 1);
    await enqueue([id], "triggered", 1, { incidentId: randomUUID() });
    expect(await deliverDue()).toEqual(["triggered dead", "triggered dead"]);
    expect(webhook.take()).toHaveLength(1);
    const [row] = await stores.postgres.db
      .select()
      .from(destinations)
      .where(eq(destinations.id, id));
    expect(row).toMatchObject({ isEnabled: false, disabledReason: expect.stringContaining("410") });
  });

  test("whose secrets do not open any more says so, and stops no other", async () => {
    const [broken, whole] = [await toWebhook(), await toWebhook()];
    await stores.postgres.db
      .update(destinations)
      .set({ sealed: "v1.a.b.c" })
      .where(eq(destinations.id, broken));
    await enqueue([broken, whole], "triggered", 1);
    await deliverDue();
    const byId = new Map((await rows()).map((row) => [row.destinationId, row]));
    expect(byId.get(whole)?.state).toBe("sent");
    expect(byId.get(broken)).toMatchObject({
      state: "failed",
      answer: expect.stringContaining("PLUMBLINE_SECRET"),
    });
    webhook.take();
  });
});

describe("a receiver that fails", () => {
  test("with 429 has the whole destination rest as long as it asks, and no other", async () => {
    const [id, other] = [await toSlackHook(), await toWebhook()];
    slack.reply(() => ({
      status: 429,
      body: '{"retry_after":30,"ok":false,"error":"rate_limited"}',
      headers: { "retry-after": "30" },
    }));
    await enqueue([id], "triggered", 1);
    await deliverDue();
    slack.reply(slack.usual);
    await enqueue([id, other], "triggered", 1, { incidentId: randomUUID() });
    expect(await deliverDue()).toEqual(["triggered sent"]);
    expect(webhook.take()).toHaveLength(1);
    pass(29_000);
    expect(await deliverDue()).toEqual([]);
    await deliverOver(4_000);
    expect(slack.posts).toHaveLength(2);
    slack.take();
  });

  test("with 500 for hours is tried by its schedule, each attempt is kept, and given up it can be seen", async () => {
    const id = await toWebhook();
    webhook.reply(() => ({ status: 500, body: "broken" }));
    await enqueue([id], "triggered", 1);
    for (const seconds of [0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000]) {
      pass(seconds * 1_000);
      expect(await deliverDue()).toEqual(["triggered failed"]);
    }
    pass(86_400_000);
    expect(await deliverDue()).toEqual(["triggered dead"]);
    const got = webhook.take();
    expect(got).toHaveLength(10);
    expect(new Set(got.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect(new Set(got.map(({ headers }) => headers["webhook-timestamp"])).size).toBe(10);
    const [row] = await rows();
    expect(row).toMatchObject({
      state: "dead",
      failure: "server_error",
      status: 500,
      answer: "broken",
    });
    expect(await attemptsOf(row?.id ?? "")).toHaveLength(10);
  });

  test("by a reset after everything was written is told again, marked as a possible duplicate", async () => {
    const id = await toSlackHook();
    slack.reply(() => "reset");
    await enqueue([id], "triggered", 1);
    await deliverDue();
    slack.reply(slack.usual);
    await deliverOver(7_000);
    expect(await rows()).toMatchObject([{ state: "sent", possibleDuplicate: true, attempt: 2 }]);
    expect(slack.take()).toHaveLength(2);
  });

  test("by never answering keeps no other waiting", async () => {
    const [hanging, quick] = [await toWebhook(`${webhook.url}/hangs`), await toWebhook()];
    webhook.reply(({ path }) => (path === "/hangs" ? "hang" : { status: 204 }));
    await enqueue([hanging], "triggered", 1);
    const slow = await takeNotification(context);
    if (slow === null) throw new Error("nothing taken");
    const sending = deliverNotification(context, slow);
    await enqueue([hanging, quick], "triggered", 2);
    // While the one hangs: its own second message waits, that of the other is gone at once.
    expect(await deliverDue()).toEqual(["triggered sent"]);
    expect(await sending).toMatchObject({ state: "failed", failure: "timeout" });
    webhook.take();
  });
});

function startChild(until: "take" | "deliver"): ChildProcess {
  const script = fileURLToPath(new URL("./testing/deliver-child.ts", import.meta.url));
  const args = [script, inject("databaseUrl"), workspaceId, now().toISOString(), until];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
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

const leaseMs = 30_000;

describe("a worker that is killed", () => {
  test("before it sends: the message is delivered, with the same id", async () => {
    await enqueue([await toWebhook()], "triggered", 1);
    const child = startChild("take");
    await heard(child, "taken");
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(webhook.received).toEqual([]);
    expect(await deliverDue()).toEqual([]);
    pass(leaseMs);
    expect(await deliverDue()).toEqual(["triggered sent"]);
    const [row] = await rows();
    expect(webhook.take().map(({ headers }) => headers["webhook-id"])).toEqual([row?.id]);
    expect(await attemptsOf(row?.id ?? "")).toMatchObject([
      { outcome: "unknown" },
      { outcome: "sent" },
    ]);
  });

  test("after it sent and before that is kept: delivered again, with the same id and key, and marked", async () => {
    const [hook, page, post] = [await toWebhook(), await toPagerduty(), await toSlackHook()];
    for (const [id, fake, usual] of [
      [hook, webhook, () => ({ status: 204 })],
      [page, pagerduty, pagerduty.usual],
      [post, slack, slack.usual],
    ] as const) {
      await enqueue([id], "triggered", 1);
      // Killed while the receiver has the whole message and has not answered.
      fake.reply(() => "hang");
      const child = startChild("deliver");
      await expect.poll(() => fake.received.length, { timeout: 30_000 }).toBe(1);
      child.kill("SIGKILL");
      await once(child, "exit");
      fake.reply(usual);
      pass(leaseMs);
      expect(await deliverDue()).toEqual(["triggered sent"]);
    }
    const ids = webhook.take().map(({ headers }) => headers["webhook-id"]);
    expect(ids).toEqual([ids[0], ids[0]]);
    const keys = pagerduty.events().map(({ dedup_key }) => dedup_key);
    expect(keys).toEqual([keys[0], keys[0]]);
    expect(pagerduty.open.size).toBe(1);
    expect(pagerduty.take()).toHaveLength(2);
    expect(slack.take()).toHaveLength(2);
    expect((await rows()).map(({ possibleDuplicate }) => possibleDuplicate)).toEqual([
      true,
      true,
      true,
    ]);
  });

  test("after it was kept: delivered once, and not tried again", async () => {
    await enqueue([await toWebhook()], "triggered", 1);
    const child = startChild("deliver");
    await heard(child, "delivered");
    child.kill("SIGKILL");
    await once(child, "exit");
    await deliverOver(leaseMs * 2);
    expect(webhook.take()).toHaveLength(1);
    expect(await told()).toEqual(["triggered sent"]);
  });
});

test("connections that Postgres drops while a message is on its way lose nothing", async () => {
  const application = `plumbline-drop-${workspaceId}`;
  const postgres = createPostgres({
    url: inject("databaseUrl"),
    application,
    onIdleError: () => {},
  });
  try {
    await enqueue([await toWebhook()], "triggered", 1);
    const claim = await takeNotification({ ...context, postgres });
    if (claim === null) throw new Error("nothing taken");
    await stores.postgres.db.execute(
      sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = ${application}`,
    );
    await deliverNotification({ ...context, postgres }, claim).catch(() => {});
    pass(leaseMs);
    await deliverDue();
    expect(await told()).toEqual(["triggered sent"]);
    const ids = webhook.take().map(({ headers }) => headers["webhook-id"]);
    expect(new Set(ids).size).toBe(1);
  } finally {
    await postgres.close();
  }
});

describe("a page that a destination refuses for good", () => {
  const toDefault = (path: string) =>
    buildDestination(
      stores.postgres,
      workspaceId,
      {
        kind: "webhook",
        settings: { url: `${webhook.url}${path}`, signingSecret: testWebhookSecret },
      },
      { isDefault: true, name: path },
    );

  test("goes to those that hear of everything, with the reason, and so does the rest of it", async () => {
    const [page, all] = [await toPagerduty(), await toDefault("/all")];
    pagerduty.reply(() => ({ status: 403, body: "no such key" }));
    await enqueue([page], "triggered", 1);
    expect(await deliverDue()).toEqual(["triggered dead", "triggered sent"]);
    await enqueue([page], "resolved", 2);
    pagerduty.reply(pagerduty.usual);
    await deliverOver(2_000);
    pagerduty.take();
    const bodies = webhook.take().map(({ body }) => JSON.parse(body));
    expect(bodies.map(({ type }) => type)).toEqual(["incident.triggered", "incident.resolved"]);
    expect(bodies[0].data.note).toMatch(/could not be told: no such key/);
    expect((await rows()).filter(({ destinationId }) => destinationId === all)).toHaveLength(2);
  });

  test("is not told twice to who heard of it already, nor in circles", async () => {
    const ids = [await toDefault("/a"), await toDefault("/b"), await toPagerduty()];
    webhook.reply(() => ({ status: 410 }));
    pagerduty.reply(() => ({ status: 403 }));
    await enqueue(ids, "triggered", 1);
    await deliverOver(2_000);
    expect(await told()).toEqual(["triggered dead", "triggered dead", "triggered dead"]);
    webhook.take();
    pagerduty.take();
  });

  test("that only changes what was told goes to nobody else", async () => {
    const page = await toPagerduty();
    await toDefault("/all");
    await enqueue([page], "triggered", 1);
    await deliverDue();
    pagerduty.reply(() => ({ status: 403 }));
    await enqueue([page], "resolved", 2);
    await deliverOver(2_000);
    expect(await told()).toEqual(["triggered sent", "resolved dead"]);
    pagerduty.take();
  });
});

test("a store that is away for a moment on the way costs a try, and no page", async () => {
  await enqueue([await toPagerduty()], "triggered", 1);
  const claim = await takeNotification(context);
  if (claim === null) throw new Error("nothing taken");
  const db = Object.create(stores.postgres.db, {
    insert: {
      value: () => {
        throw new Error("the store is away");
      },
    },
  });
  const away = { ...context, postgres: { ...stores.postgres, db } };
  expect(await deliverNotification(away, claim)).toMatchObject({ state: "failed" });
  pass(30_000);
  expect(await deliverDue()).toEqual(["triggered sent"]);
  expect(pagerduty.take()).toHaveLength(1);
});

test("two workers at once send each message once, and one at a time to a destination", async () => {
  const ids = await Promise.all([toWebhook(`${webhook.url}/a`), toWebhook(`${webhook.url}/b`)]);
  for (let index = 0; index < 10; index += 1)
    await enqueue(ids, "triggered", 1, { incidentId: randomUUID() });
  await Promise.all([deliverDue(), deliverDue(), deliverDue()]);
  await deliverDue();
  const got = webhook.take().map(({ headers }) => headers["webhook-id"]);
  expect(got).toHaveLength(20);
  expect(new Set(got).size).toBe(20);
  expect((await rows()).every(({ attempt }) => attempt === 1)).toBe(true);
});

test("a worker that was too slow writes its attempt down, and leaves the message to who has it now", async () => {
  await enqueue([await toWebhook()], "triggered", 1);
  const slow = await takeNotification(context);
  if (slow === null) throw new Error("nothing taken");
  pass(leaseMs);
  const quick = await takeNotification(context);
  if (quick === null) throw new Error("nothing taken");
  webhook.reply(() => ({ status: 500 }));
  await deliverNotification(context, slow);
  expect((await rows())[0]?.state).toBe("sending");
  webhook.reply(() => ({ status: 204 }));
  await deliverNotification(context, quick);
  const [row] = await rows();
  expect(row).toMatchObject({ state: "sent", attempt: 2, possibleDuplicate: true });
  expect(await attemptsOf(row?.id ?? "")).toMatchObject([
    { outcome: "retry" },
    { outcome: "sent" },
  ]);
  webhook.take();
});
