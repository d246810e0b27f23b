import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import { createLogger } from "#lib/log.ts";
import { buildMessage } from "#lib/notify/testing/build-message.ts";
import type { FakeReceiver } from "#lib/notify/testing/fake-receiver.ts";
import { startFakeReceiver } from "#lib/notify/testing/fake-receiver.ts";
import {
  buildDestination,
  testSealer,
  testWebhookSecret,
} from "#lib/services/destination/testing/build-destination.ts";
import type { Delivered } from "#lib/services/notification/deliver-notification.ts";
import { enqueueNotifications } from "#lib/services/notification/enqueue-notifications.ts";
import { startDeliveryLoop } from "./delivery-loop.ts";

// Far ahead: what other suites' workers take for due is long past.
const now = new Date("2100-04-01T00:00:00.000Z");
let stores: TestStores;
let receiver: FakeReceiver;

beforeAll(async () => {
  stores = openStores();
  receiver = await startFakeReceiver(({ path }) => (path === "/hangs" ? "hang" : { status: 204 }));
});
afterAll(() => Promise.all([receiver.close(), stores.close()]));

test("of many destinations some never answer: the others have everything at once, and stopping waits for what is on its way", async () => {
  const { id: workspaceId } = await buildWorkspace(stores.postgres);
  const build = (path: string) =>
    buildDestination(stores.postgres, workspaceId, {
      kind: "webhook",
      settings: { url: `${receiver.url}${path}`, signingSecret: testWebhookSecret },
    });
  const hanging = await Promise.all(Array.from({ length: 3 }, () => build("/hangs")));
  const quick = await Promise.all(Array.from({ length: 5 }, () => build("/quick")));
  for (let sequence = 1; sequence <= 8; sequence += 1) {
    await stores.postgres.transaction((tx) =>
      enqueueNotifications(tx, {
        workspaceId,
        message: buildMessage({ incidentId: randomUUID(), sequence }),
        destinationIds: sequence === 1 ? [...hanging, ...quick] : quick,
        now,
        newId: randomUUID,
      }),
    );
  }
  const done: Delivered[] = [];
  const loop = startDeliveryLoop({
    delivery: {
      postgres: stores.postgres,
      sealer: testSealer,
      guard: { allowedHosts: ["127.0.0.1"], timeoutMs: 20_000 },
      now: () => now,
      random: () => 0,
      workspaceId,
    },
    log: createLogger("delivery-test", "fatal"),
    onDone: (delivered) => done.push(delivered),
    idleMs: 20,
    concurrencyMax: 4,
  });
  await expect.poll(() => done.length, { timeout: 18_000 }).toBe(40);
  expect(done.every(({ state }) => state === "sent")).toBe(true);
  await loop.stop();
  expect(done.slice(40).map(({ state, failure }) => `${state} ${failure}`)).toEqual([
    "failed timeout",
    "failed timeout",
    "failed timeout",
  ]);
  const quickIds = receiver.take().filter(({ path }) => path === "/quick");
  expect(new Set(quickIds.map(({ headers }) => headers["webhook-id"])).size).toBe(40);
});
