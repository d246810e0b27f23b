import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { auditLog } from "#db/postgres/schema/keys.ts";
import { destinations, notifications } from "#db/postgres/schema/notifications.ts";
import { buildUser, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import { buildMessage } from "#lib/notify/testing/build-message.ts";
import type { FakeReceiver } from "#lib/notify/testing/fake-receiver.ts";
import { startFakeReceiver } from "#lib/notify/testing/fake-receiver.ts";
import type { CallContext } from "../context.ts";
import type { DeliveryContext } from "../notification/deliver-notification.ts";
import { deliverNotification, takeNotification } from "../notification/deliver-notification.ts";
import { enqueueNotifications } from "../notification/enqueue-notifications.ts";
import { getNotification } from "../notification/get-notification.ts";
import { listNotifications } from "../notification/list-notifications.ts";
import { replayNotification } from "../notification/replay-notification.ts";
import { createDestination } from "./create-destination.ts";
import { deleteDestination } from "./delete-destination.ts";
import { listDestinations } from "./list-destinations.ts";
import { rotateDestinationSecret } from "./rotate-destination-secret.ts";
import { testDestination } from "./test-destination.ts";
import { testRoutingKey, testSealer } from "./testing/build-destination.ts";
import { updateDestination } from "./update-destination.ts";

// Far ahead: what other suites' workers take for due is long past.
const now = new Date("2100-02-01T00:00:00.000Z");
const at = (ms: number) => new Date(now.getTime() + ms);
let stores: TestStores;
let receiver: FakeReceiver;
let workspace: { id: string; slug: string };
let call: CallContext;

beforeAll(async () => {
  stores = openStores();
  receiver = await startFakeReceiver();
});
afterAll(() => Promise.all([receiver.close(), stores.close()]));
beforeEach(async () => {
  receiver.reply(() => ({ status: 204 }));
  receiver.take();
  workspace = await buildWorkspace(stores.postgres);
  const { id } = await buildUser(stores.postgres, { workspaceId: workspace.id, role: "admin" });
  call = {
    postgres: stores.postgres,
    clickhouse: stores.clickhouse,
    workspaceId: workspace.id,
    actor: { kind: "user", userId: id, role: "admin" },
    now,
    outgoing: { sealer: testSealer, allowedHosts: ["127.0.0.1"] },
  };
});

const createHook = async (name = "hook") =>
  createDestination.call(call, {
    kind: "webhook",
    name,
    settings: { url: `${receiver.url}/in/s3cret-path` },
  });

async function deliver(ms = 0) {
  const context: DeliveryContext = {
    postgres: stores.postgres,
    sealer: testSealer,
    guard: { allowedHosts: ["127.0.0.1"] },
    now: () => at(ms),
    random: () => 0,
    workspaceId: workspace.id,
  };
  for (;;) {
    const claim = await takeNotification(context);
    if (claim === null) return;
    await deliverNotification(context, claim);
  }
}

const stored = async (id: string) =>
  (await stores.postgres.db.select().from(destinations).where(eq(destinations.id, id)))[0];

describe("a destination", () => {
  test("keeps its secrets sealed, and no answer, list or audit entry says them", async () => {
    const { destination, secret } = await createHook();
    expect(secret).toMatch(/^whsec_/);
    expect(destination).toMatchObject({
      name: "hook",
      kind: "webhook",
      address: `127.0.0.1:${new URL(receiver.url).port}/…`,
      settings: {},
      secrets: ["url", "signingSecret"],
      isEnabled: true,
      isDefault: true,
    });
    const audit = await stores.postgres.db
      .select()
      .from(auditLog)
      .where(eq(auditLog.workspaceId, workspace.id));
    const seen = JSON.stringify([
      destination,
      await listDestinations.call(call, {}),
      audit,
      await stored(destination.id),
    ]);
    expect(seen).not.toContain("s3cret-path");
    expect(seen).not.toContain(secret?.slice(6) ?? "none");
    expect(audit.map(({ action }) => action)).toEqual(["destination.create"]);
  });

  test.each([
    [{ kind: "webhook", name: "a", settings: { url: "http://example.com/" } }, /without TLS/],
    [{ kind: "webhook", name: "a", settings: { url: "https://10.0.0.1/" } }, /private network/],
    [{ kind: "slack_webhook", name: "a", settings: { url: "ftp://example.com/" } }, /https/],
    [{ kind: "pagerduty", name: "a", settings: { routingKey: "x" } }, /32 letters/],
    [{ kind: "pagerduty", name: "", settings: { routingKey: testRoutingKey } }, /name|>=1/],
    [{ kind: "smoke", name: "a", settings: {} }, /kind|input/i],
  ])("%j is refused with what was expected", async (input, why) => {
    await expect(createDestination.call(call, input)).rejects.toThrow(why);
  });

  test("has a name of its own among those that there are", async () => {
    const { destination } = await createHook("Team");
    await expect(createHook("team")).rejects.toMatchObject({ code: "conflict" });
    await deleteDestination.call(call, { destinationId: destination.id });
    await createHook("team");
  });

  test("is edited without its secrets being told again; null takes an optional one away", async () => {
    const settings = { routingKey: testRoutingKey, webhookSecret: "a-secret" };
    const created = await createDestination.call(call, { kind: "pagerduty", name: "p", settings });
    const { id } = created.destination;
    expect(created.destination.secrets).toEqual(["routingKey", "webhookSecret"]);
    const eu = "https://events.eu.pagerduty.com";
    const { destination } = await updateDestination.call(call, {
      destinationId: id,
      name: "page",
      settings: { eventsUrl: eu, webhookSecret: null },
    });
    expect(destination).toMatchObject({
      name: "page",
      secrets: ["routingKey"],
      settings: { eventsUrl: eu },
      address: "events.eu.pagerduty.com, key …cdef",
    });
    const wrong = { destinationId: id, settings: { routingKey: 7 } };
    await expect(updateDestination.call(call, wrong)).rejects.toMatchObject({
      code: "invalid_request",
      details: [{ path: "settings.routingKey", message: expect.stringMatching(/string/) }],
    });
  });

  test("whose receiver was gone is switched on again by a person", async () => {
    const { destination } = await createHook();
    const id = { destinationId: destination.id };
    receiver.reply(() => ({ status: 410 }));
    await testDestination.call(call, id);
    await deliver();
    const [off] = (await listDestinations.call(call, {})).destinations;
    expect(off).toMatchObject({ isEnabled: false, deadCount: 1 });
    await expect(testDestination.call(call, id)).rejects.toMatchObject({ code: "conflict" });
    const on = await updateDestination.call(call, { ...id, isEnabled: true });
    expect(on.destination).toMatchObject({ isEnabled: true, disabledReason: "" });
  });

  test("of another workspace is not found", async () => {
    const { destination } = await createHook();
    const other = await buildWorkspace(stores.postgres);
    const theirs = { ...call, workspaceId: other.id };
    const id = { destinationId: destination.id };
    for (const service of [
      updateDestination,
      deleteDestination,
      rotateDestinationSecret,
      testDestination,
    ])
      await expect(service.call(theirs, id)).rejects.toMatchObject({ code: "not_found" });
    expect((await listDestinations.call(theirs, {})).destinations).toEqual([]);
  });

  test("is one of fifty at most", async () => {
    await Promise.all(Array.from({ length: 50 }, (_, index) => createHook(`h${index}`)));
    await expect(createHook("one more")).rejects.toMatchObject({ code: "limit_exceeded" });
  });
});

test("a rotated secret signs beside the one before for a day, and then alone", async () => {
  const { destination } = await createHook();
  const id = { destinationId: destination.id };
  const rotated = await rotateDestinationSecret.call(call, id);
  expect(rotated.secret).toMatch(/^whsec_/);
  const dayMs = 86_400_000;
  await testDestination.call(call, id);
  await deliver(dayMs - 1);
  await testDestination.call({ ...call, now: at(dayMs) }, id);
  await deliver(dayMs + 1);
  const counts = receiver
    .take()
    .map(({ headers }) => headers["webhook-signature"]?.split(" ").length);
  expect(counts).toEqual([2, 1]);
});

test("a test goes the way of every message, and says what the receiver answered", async () => {
  const { destination } = await createHook();
  receiver.reply(() => ({ status: 500, body: "not today" }));
  const { notificationIds } = await testDestination.call(call, { destinationId: destination.id });
  await deliver();
  const [notificationId] = notificationIds;
  const { notification, attempts } = await getNotification.call(call, { notificationId });
  expect(notification).toMatchObject({
    kind: "test",
    state: "failed",
    status: 500,
    answer: "not today",
    nextAt: at(5_000).toISOString(),
    incidentNumber: 0,
  });
  expect(attempts).toMatchObject([{ attempt: 1, outcome: "retry", answer: "not today" }]);
  const [got] = receiver.take();
  expect(got?.headers["webhook-id"]).toBe(notificationId);
  expect(JSON.parse(got?.body ?? "")).toMatchObject({ type: "incident.test" });
});

describe("what was given up", () => {
  async function giveUp(destinationId: string, overrides = {}) {
    const message = buildMessage({ incidentId: randomUUID(), ...overrides });
    await stores.postgres.transaction((tx) =>
      enqueueNotifications(tx, {
        workspaceId: workspace.id,
        message,
        destinationIds: [destinationId],
        now,
        newId: randomUUID,
      }),
    );
    await stores.postgres.db
      .update(notifications)
      .set({ state: "dead", finishedAt: now, attempt: 10 })
      .where(eq(notifications.incidentId, message.incidentId));
    const { notifications: rows } = await listNotifications.call(call, {
      incidentId: message.incidentId,
    });
    return { notificationId: rows[0]?.id ?? "", incidentId: message.incidentId };
  }

  test("is sent once more with its id, and its attempts count anew", async () => {
    const { destination } = await createHook();
    const { notificationId } = await giveUp(destination.id);
    await replayNotification.call(call, { notificationId });
    receiver.reply(() => ({ status: 500 }));
    await deliver();
    const { notification } = await getNotification.call(call, { notificationId });
    expect(notification).toMatchObject({
      state: "failed",
      attempt: 11,
      nextAt: at(5_000).toISOString(),
    });
    receiver.reply(() => ({ status: 204 }));
    await deliver(5_000);
    expect(receiver.take().map(({ headers }) => headers["webhook-id"])).toEqual([
      notificationId,
      notificationId,
    ]);
    await expect(replayNotification.call(call, { notificationId })).rejects.toMatchObject({
      code: "conflict",
    });
  });

  test("of an incident that is over is not sent to PagerDuty again: nothing would close it", async () => {
    const settings = { routingKey: testRoutingKey };
    const created = await createDestination.call(call, { kind: "pagerduty", name: "p", settings });
    const { notificationId, incidentId } = await giveUp(created.destination.id);
    await stores.postgres.transaction((tx) =>
      enqueueNotifications(tx, {
        workspaceId: workspace.id,
        message: buildMessage({ incidentId, kind: "resolved", sequence: 2 }),
        destinationIds: [created.destination.id],
        now,
        newId: randomUUID,
      }),
    );
    await expect(replayNotification.call(call, { notificationId })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("resolved since"),
    });
  });

  test("of another workspace is not found", async () => {
    const { destination } = await createHook();
    const { notificationId } = await giveUp(destination.id);
    const other = await buildWorkspace(stores.postgres);
    const theirs = { ...call, workspaceId: other.id };
    for (const service of [getNotification, replayNotification])
      await expect(service.call(theirs, { notificationId })).rejects.toMatchObject({
        code: "not_found",
      });
    expect((await listNotifications.call(theirs, {})).notifications).toEqual([]);
  });
});

test("the log is read page by page, newest first, and by state", async () => {
  const { destination } = await createHook();
  for (let index = 0; index < 3; index += 1)
    await testDestination.call(call, { destinationId: destination.id });
  const first = await listNotifications.call(call, { limit: 2 });
  const second = await listNotifications.call(call, { limit: 2, cursor: first.next });
  expect([first.notifications.length, second.notifications.length, second.next]).toEqual([
    2,
    1,
    null,
  ]);
  const ids = [...first.notifications, ...second.notifications].map(({ id }) => id);
  expect(new Set(ids).size).toBe(3);
  expect((await listNotifications.call(call, { state: "sent" })).notifications).toEqual([]);
  await deliver();
  expect((await listNotifications.call(call, { state: "sent" })).notifications).toHaveLength(3);
  expect((await listDestinations.call(call, {})).destinations).toMatchObject([
    { sentCount: 3, waitingCount: 0, lastSentAt: now.toISOString() },
  ]);
});
