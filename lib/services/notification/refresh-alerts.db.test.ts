import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { incidents } from "#db/postgres/schema/incidents.ts";
import { destinations, notificationThreads } from "#db/postgres/schema/notifications.ts";
import { buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { IncidentMessage, MessageAlert } from "#lib/domain/notification.ts";
import { buildAlert, buildMessage } from "#lib/notify/testing/build-message.ts";
import type { FakeAlertmanager } from "#lib/notify/testing/fake-alertmanager.ts";
import { startFakeAlertmanager } from "#lib/notify/testing/fake-alertmanager.ts";
import { buildDestination, testSealer } from "../destination/testing/build-destination.ts";
import type { DeliveryContext } from "./deliver-notification.ts";
import { deliverNotification, takeNotification } from "./deliver-notification.ts";
import { enqueueNotifications } from "./enqueue-notifications.ts";
import { refreshAlerts } from "./refresh-alerts.ts";

const minute = 60_000;
// Far ahead: what other suites' workers take for due is long past.
const start = new Date("2101-01-01T00:00:00.000Z");
let nowMs = start.getTime();
const now = () => new Date(nowMs);

let stores: TestStores;
let alertmanager: FakeAlertmanager;
let workspaceId: string;
let incidentId: string;
let destinationId: string;
let context: DeliveryContext;

beforeAll(() => {
  stores = openStores();
});
beforeEach(async () => {
  nowMs = start.getTime();
  alertmanager = await startFakeAlertmanager(now);
  ({ id: workspaceId } = await buildWorkspace(stores.postgres));
  incidentId = randomUUID();
  const at = now();
  await stores.postgres.db.insert(incidents).values({
    id: incidentId,
    workspaceId,
    number: 12,
    groupKey: incidentId,
    mode: "real",
    endsByHand: false,
    title: "eta drifts",
    state: "triggered",
    severity: "sev2",
    causeClass: "data_drift",
    environment: "production",
    segmentKey: "",
    segmentValue: "",
    destinationIds: [],
    detectedAt: at,
    notifyFrom: at,
    createdAt: at,
    updatedAt: at,
  });
  destinationId = await buildAlertmanager();
  context = {
    postgres: stores.postgres,
    sealer: testSealer,
    guard: { allowedHosts: ["127.0.0.1"], timeoutMs: 1_000 },
    now,
    random: () => 0,
    workspaceId,
  };
});
afterEach(async () => {
  await alertmanager.close();
  // What is still open must not be told again by another test's clock.
  await stores.postgres.db
    .delete(notificationThreads)
    .where(eq(notificationThreads.workspaceId, workspaceId));
});
afterAll(() => stores.close());

const buildAlertmanager = (url = `${alertmanager.url}/am/`) =>
  buildDestination(stores.postgres, workspaceId, {
    kind: "alertmanager",
    settings: { url, bearerToken: "alertmanager-token", api: "alerts" },
  });

const alertOf = (target: string, state: MessageAlert["state"] = "firing") =>
  buildAlert({
    alertId: randomUUID(),
    target,
    state,
    startedAt: new Date(start.getTime() - minute).toISOString(),
    endedAt: state === "resolved" ? now().toISOString() : null,
  });

async function tell(
  kind: IncidentMessage["kind"],
  sequence: number,
  overrides: Partial<IncidentMessage> = {},
): Promise<string> {
  const message = buildMessage({ kind, sequence, incidentId, ...overrides });
  await stores.postgres.transaction((tx) =>
    enqueueNotifications(tx, {
      workspaceId,
      message,
      destinationIds: [destinationId],
      now: now(),
      newId: randomUUID,
    }),
  );
  return deliver();
}

async function deliver(): Promise<string> {
  const claim = await takeNotification(context);
  if (claim === null) return "nothing is due";
  return (await deliverNotification(context, claim)).state;
}

test("an alert goes on firing as long as it is told again, and ends by itself when nobody does", async () => {
  expect(await tell("triggered", 1, { alerts: [alertOf("distance")] })).toBe("sent");
  expect(alertmanager.firing(now())).toEqual(["Drift of all features distance sev2"]);
  expect(await refreshAlerts(context)).toBeNull();
  for (let i = 0; i < 12; i += 1) {
    nowMs += 10 * minute;
    expect(await refreshAlerts(context)).toMatchObject({ alertCount: 1, failure: null });
    expect(await refreshAlerts(context)).toBeNull();
    expect(alertmanager.firing(now())).toHaveLength(1);
  }
  // Posted once, and twelve times again.
  expect(alertmanager.take()).toHaveLength(13);
  nowMs += 59 * minute;
  expect(alertmanager.firing(now())).toHaveLength(1);
  nowMs += minute;
  expect(alertmanager.firing(now())).toEqual([]);
});

test("what clears, and what is called otherwise since its severity changed, ends there; the end takes all of it back", async () => {
  await tell("triggered", 1, {
    alerts: [alertOf("distance"), alertOf("town")],
    firingCount: 2,
  });
  expect(alertmanager.firing(now())).toHaveLength(2);
  nowMs += minute;
  await tell("updated", 2, { alerts: [alertOf("distance"), alertOf("town", "resolved")] });
  expect(alertmanager.firing(now())).toEqual(["Drift of all features distance sev2"]);
  nowMs += minute;
  await tell("updated", 3, { alerts: [alertOf("distance")], severity: "sev1" });
  expect(alertmanager.firing(now())).toEqual(["Drift of all features distance sev1"]);
  // That somebody works on it has no word there.
  expect(await tell("acknowledged", 4, { alerts: [alertOf("distance")] })).toBe("cancelled");
  nowMs += minute;
  expect(await tell("resolved", 5, { alerts: [], state: "resolved", firingCount: 0 })).toBe("sent");
  expect(alertmanager.firing(now())).toEqual([]);
  nowMs += 30 * minute;
  expect(await refreshAlerts(context)).toBeNull();
});

test("what a long list leaves out is not over", async () => {
  await tell("triggered", 1, { alerts: [alertOf("distance"), alertOf("town")], firingCount: 2 });
  nowMs += minute;
  await tell("updated", 2, { alerts: [alertOf("age")], firingCount: 3 });
  expect(alertmanager.firing(now())).toHaveLength(3);
  nowMs += minute;
  await tell("updated", 3, {
    alerts: [alertOf("age"), alertOf("town", "resolved")],
    firingCount: 2,
  });
  expect(alertmanager.firing(now()).map((name) => name.split(" ").at(-2))).toEqual([
    "age",
    "distance",
  ]);
});

test("one that never heard of it is told of no end, and a test takes itself back", async () => {
  expect(await tell("resolved", 1, { state: "resolved" })).toBe("cancelled");
  const id = incidentId;
  incidentId = randomUUID();
  expect(await tell("test", 1, { alerts: [], title: "A test" })).toBe("sent");
  incidentId = id;
  expect(alertmanager.firing(now())).toEqual(["A test sev2"]);
  nowMs += minute;
  expect(alertmanager.firing(now())).toEqual([]);
  nowMs += 30 * minute;
  expect(await refreshAlerts(context)).toBeNull();
});

test("a trigger whose answer was lost is taken back all the same", async () => {
  alertmanager.reply((received) => {
    alertmanager.usual(received);
    return "reset";
  });
  expect(await tell("triggered", 1, { alerts: [alertOf("distance")] })).toBe("failed");
  alertmanager.reply(alertmanager.usual);
  expect(alertmanager.firing(now())).toHaveLength(1);
  nowMs += minute;
  expect(await deliver()).toBe("sent");
  expect(await tell("resolved", 2, { alerts: [], state: "resolved", firingCount: 0 })).toBe("sent");
  expect(alertmanager.firing(now())).toEqual([]);
});

test("one that fails is tried again and shown, keeps no page waiting and no other from its turn", async () => {
  await tell("triggered", 1, { alerts: [alertOf("distance")] });
  const first = destinationId;
  destinationId = await buildAlertmanager();
  const second = destinationId;
  await tell("updated", 2, { alerts: [alertOf("distance")] });
  nowMs += 10 * minute;
  alertmanager.reply(() => ({ status: 503, body: "no" }));
  const failed = await refreshAlerts(context);
  expect(failed).toMatchObject({ failure: expect.stringContaining("Not told again") });
  alertmanager.reply(alertmanager.usual);
  const other = [first, second].find((id) => id !== failed?.destinationId);
  expect(await refreshAlerts(context)).toMatchObject({ destinationId: other, failure: null });
  expect(await refreshAlerts(context)).toMatchObject({
    destinationId: failed?.destinationId,
    failure: null,
  });
  const [row] = await stores.postgres.db
    .select()
    .from(destinations)
    .where(eq(destinations.id, failed?.destinationId ?? ""));
  expect(row).toMatchObject({ leasedUntil: null, pausedUntil: null });
  expect(row?.lastFailure).toBe("Not told again: no");
});

test("an incident that is over, and a destination that is off, are not told again", async () => {
  await tell("triggered", 1, { alerts: [alertOf("distance")] });
  nowMs += 10 * minute;
  await stores.postgres.db
    .update(destinations)
    .set({ isEnabled: false })
    .where(eq(destinations.id, destinationId));
  expect(await refreshAlerts(context)).toBeNull();
  await stores.postgres.db
    .update(destinations)
    .set({ isEnabled: true })
    .where(eq(destinations.id, destinationId));
  await stores.postgres.db
    .update(incidents)
    .set({ state: "resolved", resolvedAt: now() })
    .where(eq(incidents.id, incidentId));
  expect(await refreshAlerts(context)).toBeNull();
});

test("nobody else sends there meanwhile: nothing that was just taken back is told again", async () => {
  await tell("triggered", 1, { alerts: [alertOf("distance")] });
  nowMs += 10 * minute;
  let during = "";
  alertmanager.reply((received) => {
    during = received.body;
    return "hang";
  });
  const slow = refreshAlerts(context);
  await expect.poll(() => during).not.toBe("");
  alertmanager.reply(alertmanager.usual);
  expect(await tell("resolved", 2, { alerts: [], state: "resolved", firingCount: 0 })).toBe(
    "nothing is due",
  );
  expect(await slow).toMatchObject({ failure: expect.any(String) });
  expect(await deliver()).toBe("sent");
  expect(alertmanager.firing(now())).toEqual([]);
});
