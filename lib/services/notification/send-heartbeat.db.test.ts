import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { destinations, notifications } from "#db/postgres/schema/notifications.ts";
import { buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import { buildMessage } from "#lib/notify/testing/build-message.ts";
import type { FakeReceiver } from "#lib/notify/testing/fake-receiver.ts";
import { startFakeReceiver } from "#lib/notify/testing/fake-receiver.ts";
import { buildDestination, testWebhookSecret } from "../destination/testing/build-destination.ts";
import { enqueueNotifications } from "./enqueue-notifications.ts";
import { sendHeartbeat } from "./send-heartbeat.ts";

const now = new Date("2100-05-01T00:00:00.000Z");
let stores: TestStores;
let receiver: FakeReceiver;
let workspaceId: string;

beforeAll(async () => {
  stores = openStores();
  receiver = await startFakeReceiver();
});
afterAll(() => Promise.all([receiver.close(), stores.close()]));
beforeEach(async () => {
  receiver.take();
  ({ id: workspaceId } = await buildWorkspace(stores.postgres));
});

const beat = (afterMs: number) =>
  sendHeartbeat({
    postgres: stores.postgres,
    guard: { allowedHosts: ["127.0.0.1"] },
    url: `${receiver.url}/ping/s3cret-token`,
    now: new Date(now.getTime() + afterMs),
    workspaceId,
  });

async function enqueue() {
  const id = await buildDestination(stores.postgres, workspaceId, {
    kind: "webhook",
    settings: { url: "https://example.com/", signingSecret: testWebhookSecret },
  });
  for (const sequence of [1, 2])
    await stores.postgres.transaction((tx) =>
      enqueueNotifications(tx, {
        workspaceId,
        message: buildMessage({ sequence }),
        destinationIds: [id],
        now,
        newId: randomUUID,
      }),
    );
  return id;
}

const minutes = 60_000;

test("while all that is due is done the switch is called", async () => {
  await enqueue();
  expect(await beat(5 * minutes)).toEqual({ kind: "sent" });
  expect(receiver.take().map(({ path }) => path)).toEqual(["/ping/s3cret-token"]);
});

test("a message that nobody tried to send keeps it back, and one that waits behind it does not count", async () => {
  await enqueue();
  expect(await beat(5 * minutes + 1)).toEqual({
    kind: "late",
    overdue: { monitors: 0, objectives: 0, incidents: 0, messages: 1, neglected: 0 },
  });
  expect(receiver.take()).toEqual([]);
});

test("what a receiver asked to wait for, and what waits for its next attempt, is not late", async () => {
  const id = await enqueue();
  const later = new Date(now.getTime() + 60 * minutes);
  await stores.postgres.db
    .update(destinations)
    .set({ pausedUntil: later })
    .where(eq(destinations.id, id));
  expect(await beat(30 * minutes)).toEqual({ kind: "sent" });
  await stores.postgres.db
    .update(destinations)
    .set({ pausedUntil: null })
    .where(eq(destinations.id, id));
  await stores.postgres.db
    .update(notifications)
    .set({ nextAt: later, state: "failed" })
    .where(eq(notifications.destinationId, id));
  expect(await beat(30 * minutes)).toEqual({ kind: "sent" });
});

test("a switch that does not answer with success is a failure, told without its address", async () => {
  receiver.reply(({ path }) => ({ status: 404, body: `no ${path}` }));
  const heartbeat = await beat(0);
  expect(heartbeat.kind).toBe("failed");
  expect(JSON.stringify(heartbeat)).not.toContain(receiver.url);
});
