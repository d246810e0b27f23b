import { randomUUID } from "node:crypto";
import { asc, eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { findIncidentRow, listTimeline } from "#db/postgres/queries/incident.ts";
import { countFindings } from "#db/postgres/queries/incident-audit.ts";
import { countOverdue } from "#db/postgres/queries/overdue.ts";
import { incidents } from "#db/postgres/schema/incidents.ts";
import { destinations, notifications } from "#db/postgres/schema/notifications.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import { buildDestination, testWebhookSecret } from "../destination/testing/build-destination.ts";
import { auditIncidents } from "./audit-incidents.ts";
import type { Bench } from "./testing/alerting-bench.ts";
import { at, outcomeOf, setUpBench } from "./testing/alerting-bench.ts";

let stores: TestStores;
let bench: Bench;
let destinationId: string;

/** Minutes after the alert fired. */
const minute = (count: number) => new Date(at(1).getTime() + count * 60_000);

beforeAll(() => {
  stores = openStores();
});
afterAll(() => stores.close());
beforeEach(async () => {
  bench = await setUpBench(stores);
  destinationId = await build({ isDefault: true });
  // Its messages go to an outbox that loses them: nobody hears.
  await bench.apply(bench.monitor(), [outcomeOf("F", 0)]);
});

const build = (overrides: Parameters<typeof buildDestination>[3] = {}) =>
  buildDestination(
    stores.postgres,
    bench.workspaceId,
    {
      kind: "webhook",
      settings: { url: "https://example.com/", signingSecret: testWebhookSecret },
    },
    overrides,
  );
const scope = () => ({ pg: stores.postgres.db, workspaceId: bench.workspaceId });
const audit = (now: Date) =>
  auditIncidents(stores.postgres, {
    workspaceId: bench.workspaceId,
    now,
    newId: randomUUID,
    onError: (error) => {
      throw error;
    },
  });
const told = async () =>
  (
    await stores.postgres.db
      .select()
      .from(notifications)
      .where(eq(notifications.workspaceId, bench.workspaceId))
      .orderBy(asc(notifications.position))
  )
    // The monitor names a destination that there is not: what goes there is dead from the start.
    .filter(({ answer }) => answer === "")
    .map(({ kind, message, destinationId: to }) => [kind, message.note, to]);
const incident = async () => {
  const row = await findIncidentRow(scope(), { number: 1 });
  if (row === null) throw new Error("There is one incident.");
  return row;
};
const change = async (values: Partial<typeof incidents.$inferInsert>) =>
  stores.postgres.db
    .update(incidents)
    .set(values)
    .where(eq(incidents.id, (await incident()).id));
const deliver = (state: "sent" | "dead") =>
  stores.postgres.db
    .update(notifications)
    .set({ state })
    .where(eq(notifications.workspaceId, bench.workspaceId));
const overdue = async (now: Date) =>
  (
    await countOverdue(stores.postgres.db, {
      lateBefore: new Date(now.getTime() - 5 * 60_000),
      workspaceId: bench.workspaceId,
    })
  ).neglected;

const unheard = "Nobody would have acted on it: no message of it arrived anywhere; it has no owner";

test("an incident that reached nobody is told to those that hear of everything, once, with what it lacks", async () => {
  expect(await audit(minute(10))).toBe(0);
  expect(await audit(minute(11))).toBe(1);
  expect(await told()).toEqual([
    ["triggered", null, destinationId],
    ["escalated", unheard, destinationId],
  ]);
  const { id, destinationIds } = await incident();
  expect(destinationIds).toContain(destinationId);
  const texts = (await listTimeline(scope(), id)).map(({ kind, text }) => `${kind} ${text}`);
  expect(texts).toContain(`escalated ${unheard}`);
  await deliver("sent");
  expect(await audit(minute(12))).toBe(0);
  expect(await audit(minute(400))).toBe(0);
});

test("one that still reaches nobody is told again after four hours, and keeps the heartbeat back", async () => {
  expect(await overdue(minute(20))).toBe(0);
  expect(await overdue(minute(21))).toBe(1);
  await audit(minute(21));
  // It waits to be sent: whether it is late is asked of the message.
  expect(await overdue(minute(22))).toBe(0);
  await deliver("dead");
  expect(await overdue(minute(22))).toBe(1);
  expect(await audit(minute(240))).toBe(0);
  expect(await audit(minute(262))).toBe(1);
});

test("an acknowledgement that ran out and was never taken back is taken back", async () => {
  await audit(minute(11));
  await deliver("sent");
  await change({
    state: "acknowledged",
    acknowledgedAt: minute(12),
    acknowledgedBy: "Ada",
    ackUntil: minute(270),
    tickAt: null,
  });
  expect(await audit(minute(275))).toBe(0);
  expect(await audit(minute(281))).toBe(1);
  expect((await incident()).state).toBe("triggered");
  expect((await told()).slice(-2).map(([kind]) => kind)).toEqual(["escalated", "reminded"]);
  expect((await told()).at(-2)?.[1]).toContain("its acknowledgement ran out");
});

test("one that time will do nothing to is found, though it was told", async () => {
  await audit(minute(11));
  await deliver("sent");
  await change({ tickAt: null });
  expect(await audit(minute(300))).toBe(1);
  expect((await told()).at(-1)?.[1]).toContain("nobody is to be paged next");
  expect((await incident()).tickAt).not.toBeNull();
});

test("without a default the oldest destination hears; what is over, held back or told to nobody at all is left alone", async () => {
  await stores.postgres.db
    .update(destinations)
    .set({ isDefault: false, isEnabled: false })
    .where(eq(destinations.workspaceId, bench.workspaceId));
  expect(await audit(minute(11))).toBe(0);
  const other = await build();
  await change({ isHeld: true });
  expect(await audit(minute(11))).toBe(0);
  await change({ isHeld: false, state: "resolved", resolvedAt: minute(5) });
  expect(await audit(minute(11))).toBe(0);
  await change({ state: "triggered", resolvedAt: null });
  expect(await audit(minute(11))).toBe(1);
  expect((await told()).map(([, , to]) => to)).toEqual([other, other]);
});

test("what each lacks is counted, an owner too", async () => {
  const before = await countFindings(stores.postgres.db, minute(-1_000_000));
  expect(before).toEqual({ unheard: 0, stalled: 0, ack_expired: 0, unowned: 0 });
  const counts = await countFindings(stores.postgres.db, minute(11));
  expect(counts.unheard).toBeGreaterThanOrEqual(1);
  expect(counts.unowned).toBeGreaterThanOrEqual(1);
});
