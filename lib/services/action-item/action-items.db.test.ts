import { randomUUID } from "node:crypto";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { actionItems } from "#db/postgres/schema/action-items.ts";
import { incidents } from "#db/postgres/schema/incidents.ts";
import { destinations, notifications } from "#db/postgres/schema/notifications.ts";
import { buildUser } from "#db/testing/build-workspace.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { ActionItemDraft, ActionItemPatch } from "#lib/api/action-item.ts";
import type { DestinationKind } from "#lib/domain/destination.ts";
import type { CallContext } from "../context.ts";
import { createMonitor } from "../monitor/create-monitor.ts";
import { deleteMonitor } from "../monitor/delete-monitor.ts";
import { enableMonitor } from "../monitor/enable-monitor.ts";
import { updateMonitor } from "../monitor/update-monitor.ts";
import type { FaultyModel } from "../postmortem/testing/faulty-model.ts";
import { buildFaultyModel, faultFrom, missing } from "../postmortem/testing/faulty-model.ts";
import { createTeam } from "../team/create-team.ts";
import { createActionItem } from "./create-action-item.ts";
import { getActionItem } from "./get-action-item.ts";
import { listActionItems } from "./list-action-items.ts";
import { remindDueItems } from "./remind-due-items.ts";
import { runAcceptanceTests } from "./run-acceptance-tests.ts";
import { runDueTest } from "./run-due-test.ts";
import { testActionItem } from "./test-action-item.ts";
import { updateActionItem } from "./update-action-item.ts";

let stores: TestStores;
let bench: FaultyModel;
let ada: CallContext["actor"] & { kind: "user" };
let incident: number;
const call = () => bench.call(ada);
const create = async (draft: Partial<ActionItemDraft> = {}) =>
  (await createActionItem.call(call(), { title: "Watch x", kind: "detect", ...draft })).number;
const read = (item: number) => getActionItem.call(call(), { item });
const change = async (item: number, patch: Partial<ActionItemPatch>) =>
  updateActionItem.call(call(), { item, revision: (await read(item)).revision, ...patch });

async function buildDestination(kind: DestinationKind, isDefault: boolean): Promise<string> {
  const id = randomUUID();
  await stores.postgres.db.insert(destinations).values({
    id,
    workspaceId: bench.workspaceId,
    name: `${kind} ${id}`,
    kind,
    address: "somewhere",
    settings: {},
    sealed: "",
    isDefault,
    createdAt: bench.clock.now,
    updatedAt: bench.clock.now,
  });
  return id;
}

const sentOf = async (item: number) => {
  const rows = await stores.postgres.db
    .select({
      itemId: actionItems.id,
      destinationId: notifications.destinationId,
      message: notifications.message,
    })
    .from(notifications)
    .innerJoin(actionItems, eq(actionItems.id, notifications.incidentId))
    .where(and(eq(actionItems.workspaceId, bench.workspaceId), eq(actionItems.number, item)))
    .orderBy(notifications.position);
  return rows.map(({ destinationId, message }) => ({ destinationId, note: message.note, message }));
};

beforeAll(async () => {
  stores = openStores();
  bench = await buildFaultyModel(stores, "2034-05-01T00:00:00Z");
  ada = await bench.person("Ada Lovelace");
  incident = await bench.incident();
}, 240_000);
afterAll(() => stores.close());

describe("an acceptance test", () => {
  let monitorId: string;
  let revision = 1;
  let item: number;
  const edit = async (fire: number) => {
    ({ revision } = await updateMonitor.call(call(), {
      monitorId,
      revision,
      monitor: { ...missing(fire), name: "x missing" },
    }));
  };
  const runDue = async () => {
    let count = 0;
    while (await runDueTest(stores, { now: bench.clock.now, workspaceId: bench.workspaceId }))
      count += 1;
    return count;
  };

  test("passes where the replay finds the incident in time, and says when", async () => {
    ({ id: monitorId } = await createMonitor.call(call(), {
      model: bench.model.name,
      monitor: { ...missing(0.5), name: "x missing" },
    }));
    const acceptance = {
      incident,
      subject: { kind: "monitor" as const, monitorId },
      detectBy: { kind: "after_impact" as const, minutes: 13 * 60 },
    };
    item = await create({ incident, acceptance });
    expect((await read(item)).isTestDue).toBe(true);
    const { result } = await testActionItem.call(call(), { item });
    expect(result).toMatchObject({ verdict: "passed", monitorRevision: 1 });
    // Two windows of six hours, and a minute to settle.
    expect(bench.hourOf(result.firedAt)).toBeCloseTo(faultFrom + 12 + 1 / 60, 6);
    expect(bench.hourOf(result.deadline)).toBe(faultFrom + 13);
    expect((await read(item)).isTestDue).toBe(false);
  });

  test("fails where the same replay is too late for the deadline", async () => {
    const tight = await create({
      incident,
      acceptance: {
        incident,
        subject: { kind: "settings", question: missing(0.5) },
        detectBy: { kind: "at", at: bench.at(faultFrom + 12).toISOString() },
      },
    });
    const { result } = await testActionItem.call(call(), { item: tight });
    expect(result.verdict).toBe("failed");
    await change(tight, { state: "wont_do", reason: "too tight" });
  });

  test("closes its item when it passes, and opens it again once an edit of the monitor loses it, and tells the owner", async () => {
    const destinationId = await buildDestination("webhook", true);
    await buildDestination("pagerduty", true);
    expect((await change(item, { state: "done" })).state).toBe("done");
    // Looser than what was missing: it would not fire any more.
    await edit(0.95);
    expect((await read(item)).isTestDue).toBe(true);
    expect(await runDue()).toBe(1);
    const reopened = await read(item);
    expect(reopened).toMatchObject({ state: "open", testResult: { verdict: "failed" } });
    expect(reopened.events.map(({ kind }) => kind).slice(-2)).toEqual(["tested", "reopened"]);
    const sent = await sentOf(item);
    expect(sent.map((one) => one.destinationId)).toEqual([destinationId]);
    expect(sent[0]?.note).toMatch(/^Open again: its acceptance test passed and fails now/);
    expect(sent[0]?.message).toMatchObject({
      about: "action_item",
      kind: "reminded",
      state: "closed",
    });
    expect(await runDue()).toBe(0);
  });

  test("keeps its item open while it fails, and lets it be done once the monitor is mended", async () => {
    await expect(change(item, { state: "done" })).rejects.toMatchObject({ code: "conflict" });
    await edit(0.6);
    await runDue();
    expect((await read(item)).testResult?.verdict).toBe("passed");
    // That it passes again closes nothing by itself.
    expect((await read(item)).state).toBe("open");
    expect((await change(item, { state: "done" })).state).toBe("done");
  });

  test("is lost with a monitor that is switched off", async () => {
    await enableMonitor.call(call(), { monitorId, isEnabled: false });
    await runDue();
    expect(await read(item)).toMatchObject({ state: "open", testResult: { verdict: "failed" } });
    await enableMonitor.call(call(), { monitorId, isEnabled: true });
    await runDue();
    await change(item, { state: "done" });
  });

  test("runs with all others of the workspace, as a build does", async () => {
    const all = await runAcceptanceTests.call(call(), {});
    expect(all.results.map((one) => [one.item, one.result.verdict])).toEqual([[item, "passed"]]);
    expect([all.passedCount, all.failedCount, all.cannotSayCount]).toEqual([1, 0, 0]);
    expect((await runAcceptanceTests.call(call(), { model: bench.model.name })).passedCount).toBe(
      1,
    );
    await expect(runAcceptanceTests.call(call(), { model: "nope" })).rejects.toMatchObject({
      code: "not_found",
    });
  });

  test("says that it cannot say once the history is gone, and takes nothing back", async () => {
    const { now } = bench.clock;
    bench.clock.now = new Date(now.getTime() + 500 * 86_400_000);
    const { result, isReopened } = await testActionItem.call(call(), { item });
    expect(result.verdict).toBe("cannot_say");
    expect(result.sentence).toMatch(/no longer kept/);
    expect(isReopened).toBe(false);
    expect((await read(item)).state).toBe("done");
    bench.clock.now = now;
    await testActionItem.call(call(), { item });
  });

  test("says that it cannot say where nobody knows when the impact began", async () => {
    const where = and(eq(incidents.workspaceId, bench.workspaceId), eq(incidents.number, incident));
    await stores.postgres.db.update(incidents).set({ impactStartedAt: null }).where(where);
    const { result } = await testActionItem.call(call(), { item });
    expect(result).toMatchObject({ verdict: "cannot_say" });
    await stores.postgres.db
      .update(incidents)
      .set({ impactStartedAt: bench.at(faultFrom) })
      .where(where);
    await testActionItem.call(call(), { item });
  });

  test("is lost with a monitor that is deleted, unless somebody says why it is done all the same", async () => {
    await deleteMonitor.call(call(), { monitorId });
    await runDue();
    expect(await read(item)).toMatchObject({
      state: "open",
      testResult: { verdict: "failed", sentence: "Its monitor was deleted." },
    });
    const done = await change(item, { state: "done", reason: "the feed is retired" });
    expect(done).toMatchObject({ state: "done", stateReason: "the feed is retired" });
    await testActionItem.call(call(), { item });
    expect((await read(item)).state).toBe("done");
  });

  test.each<[string, () => Partial<ActionItemDraft>, RegExp]>([
    [
      "an incident that there is not",
      () => ({
        acceptance: {
          incident: 99,
          subject: { kind: "settings", question: missing(0.5) },
          detectBy: { kind: "after_impact", minutes: 60 },
        },
      }),
      /no incident 99/,
    ],
    [
      "a monitor that there is not",
      () => ({
        acceptance: {
          incident,
          subject: { kind: "monitor", monitorId: randomUUID() },
          detectBy: { kind: "after_impact", minutes: 60 },
        },
      }),
      /subject.monitorId/,
    ],
    [
      "a deadline before the impact",
      () => ({
        acceptance: {
          incident,
          subject: { kind: "settings", question: missing(0.5) },
          detectBy: { kind: "at", at: bench.at(faultFrom - 1).toISOString() },
        },
      }),
      /detectBy.at/,
    ],
    [
      "a contradiction in its settings",
      () => ({
        acceptance: {
          incident,
          subject: { kind: "settings", question: { ...missing(0.5), fireCount: 5 } },
          detectBy: { kind: "after_impact", minutes: 60 },
        },
      }),
      /fireCount/,
    ],
  ])("is refused for %s", async (_name, draft, message) => {
    await expect(create(draft())).rejects.toThrow(message);
  });
});

describe("an item", () => {
  test.each<[string, () => Promise<Partial<ActionItemDraft>>]>([
    [
      "a stranger as its owner",
      async () => ({ owner: { kind: "user", id: (await buildUser(stores.postgres)).id } }),
    ],
    ["a team of elsewhere", async () => ({ owner: { kind: "team", id: randomUUID() } })],
    ["a tracker that is no web address", async () => ({ trackerUrl: "javascript:alert(1)" })],
    ["a day that there is not", async () => ({ dueOn: "2034-02-30" })],
    ["no title", async () => ({ title: "  " })],
  ])("is refused for %s", async (_name, draft) => {
    await expect(create(await draft())).rejects.toThrow();
  });

  test("is edited from the revision that was read, and says what happened to it", async () => {
    const number = await create({ title: "Alone" });
    const patch = { item: number, revision: 1, priority: "p0" as const };
    expect(await updateActionItem.call(call(), patch)).toMatchObject({
      priority: "p0",
      revision: 2,
    });
    await expect(updateActionItem.call(call(), patch)).rejects.toMatchObject({ code: "stale" });
    // The same again is no edit.
    expect((await change(number, { priority: "p0", title: "Alone" })).revision).toBe(2);
    await expect(change(number, { state: "wont_do" })).rejects.toMatchObject({
      code: "invalid_request",
    });
    const over = await change(number, { state: "wont_do", reason: "the model is retired" });
    expect(over.events.map(({ text }) => text)).toEqual([
      "Ada Lovelace wrote it down",
      "Ada Lovelace changed the priority",
      "Ada Lovelace will not do it: the model is retired",
    ]);
  });
});

describe("reminders", () => {
  const remind = (iso: string) => {
    bench.clock.now = new Date(iso);
    return remindDueItems(stores, {
      now: bench.clock.now,
      workspaceId: bench.workspaceId,
      onError: (error) => {
        throw error;
      },
    });
  };

  test("go to the owner's team before, on the day and every week after, until it is done; also once the incident is closed", async () => {
    const teamDestination = await buildDestination("email", false);
    const { id: teamId } = await createTeam.call(bench.call({ ...ada, role: "admin" }), {
      name: "Feeds",
      memberIds: [ada.userId],
      escalationPolicyId: null,
      destinationIds: [teamDestination],
      models: [],
    });
    bench.clock.now = new Date("2034-07-01T12:00:00Z");
    const item = await create({
      incident,
      dueOn: "2034-07-10",
      owner: { kind: "team", id: teamId },
    });
    await stores.postgres.db
      .update(incidents)
      .set({ state: "closed", closedAt: bench.clock.now })
      .where(and(eq(incidents.workspaceId, bench.workspaceId), eq(incidents.number, incident)));
    expect(await remind("2034-07-07T08:59:00Z")).toBe(0);
    expect(await remind("2034-07-07T09:00:00Z")).toBe(1);
    expect(await remind("2034-07-07T09:00:01Z")).toBe(0);
    expect(await remind("2034-07-10T09:00:00Z")).toBe(1);
    expect((await listActionItems.call(call(), { overdue: "true" })).items).toEqual([]);
    expect(await remind("2034-07-17T09:00:00Z")).toBe(1);
    // A worker that stood still for weeks reminds once.
    expect(await remind("2034-08-02T10:00:00Z")).toBe(1);
    const sent = await sentOf(item);
    expect(sent.map(({ note, destinationId }) => [note, destinationId])).toEqual(
      ["due in 3 days", "due today", "7 days overdue", "23 days overdue"].map((words) => [
        `It is ${words}.`,
        teamDestination,
      ]),
    );
    const overdue = await listActionItems.call(call(), { overdue: "true" });
    expect(overdue.items.map(({ number, due }) => [number, due])).toEqual([
      [item, "23 days overdue"],
    ]);
    expect(overdue.owners[0]).toMatchObject({
      owner: "Feeds",
      open: 1,
      overdue: 1,
      oldestDueOn: "2034-07-10",
    });
    expect(overdue.counts.overdue).toBe(1);
    await change(item, { state: "done" });
    expect(await remind("2034-09-01T10:00:00Z")).toBe(0);
    expect((await read(item)).remindAt).toBeNull();
  });

  test("are not lost where nobody can be told: the item says so", async () => {
    await stores.postgres.db
      .update(destinations)
      .set({ isEnabled: false })
      .where(eq(destinations.workspaceId, bench.workspaceId));
    bench.clock.now = new Date("2034-10-01T12:00:00Z");
    const item = await create({ dueOn: "2034-10-10" });
    expect(await remind("2034-10-07T09:00:00Z")).toBe(1);
    expect((await read(item)).events.at(-1)?.text).toMatch(/nobody could be told/);
  });
});
