import { randomUUID } from "node:crypto";
import { chmodSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EmbeddedPostgres } from "#db/embedded/start-postgres.ts";
import { startPostgres } from "#db/embedded/start-postgres.ts";
import type { PostgresPool } from "#db/postgres/client.ts";
import { createPostgres } from "#db/postgres/client.ts";
import { migratePostgres } from "#db/postgres/migrate.ts";
import { notifications } from "#db/postgres/schema/notifications.ts";
import { buildWorkspace } from "#db/testing/build-workspace.ts";
import { createLogger } from "#lib/log.ts";
import { buildMessage } from "#lib/notify/testing/build-message.ts";
import type { FakeReceiver } from "#lib/notify/testing/fake-receiver.ts";
import { startFakeReceiver } from "#lib/notify/testing/fake-receiver.ts";
import {
  buildDestination,
  testSealer,
  testWebhookSecret,
} from "#lib/services/destination/testing/build-destination.ts";
import { enqueueNotifications } from "#lib/services/notification/enqueue-notifications.ts";
import { startDeliveryLoop } from "./delivery-loop.ts";

let dataDir: string;
/** A server of its own: nothing else must feel it go. */
let server: EmbeddedPostgres;
let postgres: PostgresPool;
let receiver: FakeReceiver;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "plumbline-restart-"));
  chmodSync(dataDir, 0o711);
  server = await startPostgres({ dataDir });
  await migratePostgres(server.url);
  postgres = createPostgres({ url: server.url, application: "plumbline-restart" });
  receiver = await startFakeReceiver();
}, 120_000);
afterAll(async () => {
  await receiver?.close();
  await postgres?.close();
  await server?.stop();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
});

const began = performance.now();
/** Six times as fast, so that a lease of half a minute runs out in five seconds. */
const now = () => new Date(Date.UTC(2100, 0, 1) + 6 * (performance.now() - began));
const kinds = ["triggered", "updated", "resolved"] as const;
const [destinationCount, incidentCount] = [4, 4];

test("Postgres is killed and stopped while messages leave: each arrives, in order, and twice only what was on its way", async () => {
  const { id: workspaceId } = await buildWorkspace(postgres);
  const destinationIds = await Promise.all(
    Array.from({ length: destinationCount }, (_, i) =>
      buildDestination(postgres, workspaceId, {
        kind: "webhook",
        settings: { url: `${receiver.url}/${i}`, signingSecret: testWebhookSecret },
      }),
    ),
  );
  for (let incident = 0; incident < incidentCount; incident += 1) {
    const incidentId = randomUUID();
    for (const [i, kind] of kinds.entries())
      await postgres.transaction((tx) =>
        enqueueNotifications(tx, {
          workspaceId,
          message: buildMessage({ kind, sequence: i + 1, incidentId }),
          destinationIds,
          now: now(),
          newId: randomUUID,
        }),
      );
  }
  // In the middle of a message: it has arrived, and nobody has written that down.
  const signals = new Map<number, NodeJS.Signals>([
    [8, "SIGKILL"],
    [24, "SIGINT"],
  ]);
  let count = 0;
  receiver.reply(() => {
    count += 1;
    const signal = signals.get(count);
    const pid = server.pid();
    if (signal !== undefined && pid !== undefined) process.kill(pid, signal);
    return { status: 204 };
  });
  const loop = startDeliveryLoop({
    delivery: {
      postgres,
      sealer: testSealer,
      guard: { allowedHosts: ["127.0.0.1"], timeoutMs: 5_000 },
      now,
      random: () => 0,
      workspaceId,
    },
    log: createLogger("restart-test", "silent"),
    onDone: () => {},
    idleMs: 50,
  });
  const read = () => postgres.db.select().from(notifications);
  try {
    await expect
      .poll(
        async () => (await read().catch(() => [])).filter(({ state }) => state === "sent").length,
        { timeout: 90_000, interval: 250 },
      )
      .toBe(destinationCount * incidentCount * kinds.length);
  } finally {
    await loop.stop();
  }
  expect(server.restarts()).toBeGreaterThanOrEqual(2);
  const rows = await read();
  const received = receiver.take();
  const byId = Map.groupBy(received, ({ headers }) => headers["webhook-id"] ?? "");
  expect([...byId.keys()].toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
  const twice = [...byId].filter(([, all]) => all.length > 1);
  expect(twice.length).toBeGreaterThan(0);
  // At most what each destination was being sent when either stop came.
  expect(received.length - byId.size).toBeLessThanOrEqual(destinationCount * signals.size);
  for (const [id, all] of twice) {
    expect(new Set(all.map(({ body }) => body)).size).toBe(1);
    expect(rows.find((row) => row.id === id)?.possibleDuplicate).toBe(true);
  }
  const firsts = [...byId.values()].flatMap(([first]) => first ?? []);
  const stories = Map.groupBy(
    firsts.map(({ path, body }) => ({ path, event: JSON.parse(body) })),
    ({ path, event }) => `${path} ${event.data.incidentId}`,
  );
  expect(stories.size).toBe(destinationCount * incidentCount);
  for (const story of stories.values())
    expect(story.map(({ event }) => event.type)).toEqual(kinds.map((kind) => `incident.${kind}`));
}, 120_000);
