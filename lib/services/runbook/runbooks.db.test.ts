import { randomUUID } from "node:crypto";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runbookVersions } from "#db/postgres/schema/runbooks.ts";
import { buildUser, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { Role } from "#lib/domain/role.ts";
import type { CallContext } from "../context.ts";
import { createIncident } from "../incident/create-incident.ts";
import { getIncident } from "../incident/get-incident.ts";
import type { Bench } from "../incident/testing/alerting-bench.ts";
import { at, feature, outcomeOf, setUpBench } from "../incident/testing/alerting-bench.ts";
import { addReadyRunbooks } from "./add-ready-runbooks.ts";
import { archiveRunbook } from "./archive-runbook.ts";
import { askStep } from "./ask-step.ts";
import { attachRunbook } from "./attach-runbook.ts";
import { checkOffStep } from "./check-off-step.ts";
import { createRunbook } from "./create-runbook.ts";
import { getRunbook } from "./get-runbook.ts";
import { getRunbookDiff } from "./get-runbook-diff.ts";
import { listIncidentRunbooks } from "./list-incident-runbooks.ts";
import { listRunbookVersions } from "./list-runbook-versions.ts";
import { listRunbooks } from "./list-runbooks.ts";
import { updateRunbook } from "./update-runbook.ts";

const stepOf = (id: string, title: string) => `~~~step manual ${id}\ntitle: ${title}\n~~~\n`;
const body = `${stepOf("triage", "Triage")}${stepOf("mitigate", "Mitigate")}`;

let stores: TestStores;
let bench: Bench;
let userId: string;
const call = (
  now = at(2),
  role: Role = "editor",
  workspaceId = bench.workspaceId,
): CallContext => ({
  ...stores,
  workspaceId,
  actor: { kind: "user", userId, role },
  now,
});

beforeAll(async () => {
  stores = openStores();
  bench = await setUpBench(stores);
  userId = (await buildUser(stores.postgres, { workspaceId: bench.workspaceId, name: "Ada" })).id;
});
afterAll(() => stores.close());

const write = (over: object = {}) =>
  createRunbook.call(call(), { title: `Runbook ${randomUUID()}`, body, ...over });

describe("a runbook", () => {
  test("keeps every version whole, with what changed between", async () => {
    const made = await write({ note: "the first" });
    expect(made).toMatchObject({ version: 1, revision: 1, attachSentence: "by hand only" });
    const { id: runbookId, title } = made;
    const second = body.replace("Mitigate", "Stop the harm");
    const edit = { runbookId, title, body: second, note: "plainer" };
    const saved = await updateRunbook.call(call(at(3)), { ...edit, revision: 1 });
    expect(saved).toMatchObject({ version: 2, revision: 2, body: second, writtenBy: "Ada" });
    const settings = { ...edit, revision: 2, reviewBy: "2026-11-20" };
    expect(await updateRunbook.call(call(at(4)), settings)).toMatchObject({
      version: 2,
      revision: 3,
      review: "due",
    });
    const { versions } = await listRunbookVersions.call(call(), { runbookId });
    expect(versions.map(({ version, note }) => [version, note])).toEqual([
      [2, "plainer"],
      [1, "the first"],
    ]);
    const diff = await getRunbookDiff.call(call(), { runbookId, from: 1, until: 2 });
    expect(diff).toMatchObject({ addedCount: 1, removedCount: 1 });
    await expect(
      getRunbookDiff.call(call(), { runbookId, from: 1, until: 9 }),
    ).rejects.toMatchObject({ code: "not_found" });
  });

  test("is not saved over what somebody else saved since, and nothing of theirs is lost", async () => {
    const { id: runbookId, title } = await write();
    const edit = (text: string) =>
      updateRunbook.call(call(), { runbookId, title, body: `${text}\n${body}`, revision: 1 });
    const both = await Promise.allSettled([edit("One."), edit("Two.")]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const refused = both.find(({ status }) => status === "rejected");
    expect(refused).toMatchObject({ reason: { code: "stale" } });
    expect(await getRunbook.call(call(), { runbookId })).toMatchObject({ version: 2 });
  });

  test("that can't be read is refused with the line of each problem", async () => {
    await expect(
      createRunbook.call(call(), { title: "T", body: "~~~step manual\n~~~\n~~~step sql x\n~~~" }),
    ).rejects.toMatchObject({
      code: "invalid_request",
      details: [
        { path: "body", message: expect.stringContaining("line 1:") },
        { path: "body", message: expect.stringContaining("line 3:") },
      ],
    });
  });

  test("is owned by a member or a team of the workspace, not by both", async () => {
    for (const owner of [
      { ownerUserId: randomUUID() },
      { ownerTeamId: randomUUID() },
      { ownerUserId: userId, ownerTeamId: randomUUID() },
    ])
      await expect(write(owner)).rejects.toMatchObject({ code: "invalid_request" });
    expect(await write({ ownerUserId: userId })).toMatchObject({ owner: { name: "Ada" } });
  });

  test("is put away and taken back with its history", async () => {
    const { id: runbookId, title } = await write();
    await archiveRunbook.call(call(), { runbookId, isArchived: true });
    const listed = async (state: string) =>
      (await listRunbooks.call(call(), { state })).runbooks.some(({ id }) => id === runbookId);
    expect([await listed("current"), await listed("archived")]).toEqual([false, true]);
    await expect(
      updateRunbook.call(call(), { runbookId, title, body, revision: 2 }),
    ).rejects.toMatchObject({ code: "conflict" });
    const back = await archiveRunbook.call(call(), { runbookId, isArchived: false });
    expect(back).toMatchObject({ archivedAt: null, version: 1, body });
  });

  test("is read by viewers and written by editors", async () => {
    const { id: runbookId, title } = await write();
    const viewer = call(at(2), "viewer");
    expect(await getRunbook.call(viewer, { runbookId })).toMatchObject({ title });
    const forbidden = { code: "forbidden" };
    await expect(createRunbook.call(viewer, { title, body })).rejects.toMatchObject(forbidden);
    await expect(
      archiveRunbook.call(viewer, { runbookId, isArchived: true }),
    ).rejects.toMatchObject(forbidden);
  });

  test("of the ready ones is added once, by however many people at once", async () => {
    const { id } = await buildWorkspace(stores.postgres);
    const there = call(at(2), "editor", id);
    const added = await Promise.all([
      addReadyRunbooks.call(there, {}),
      addReadyRunbooks.call(there, {}),
    ]);
    expect(added.reduce((sum, { addedCount }) => sum + addedCount, 0)).toBe(11);
    const { runbooks, readyCount } = await listRunbooks.call(there, {});
    expect([runbooks.length, readyCount]).toEqual([11, 0]);
    expect(await addReadyRunbooks.call(there, {})).toEqual({ addedCount: 0 });
  });
});

describe("an incident", () => {
  const found = async (incident: number) =>
    (await listIncidentRunbooks.call(call(), { incident })).runbooks;
  const fire = async (causeClass: "data_drift" | "volume", column: string) => {
    await bench.apply(bench.monitor({ causeClass, name: column }), [
      outcomeOf("F", 0, feature(column)),
    ]);
  };

  test("is given the runbooks that fit when it opens, the closest first, frozen as they are", async () => {
    const plain = await write({ attachRule: { causeClasses: ["data_drift"] } });
    const closer = await write({
      attachRule: { causeClasses: ["data_drift"], models: [bench.model.name] },
    });
    await write({ attachRule: { causeClasses: ["schema"] } });
    const off = await write({ attachRule: { causeClasses: ["data_drift"] }, isEnabled: false });
    await fire("data_drift", "a");
    const runbooks = await found(1);
    expect(runbooks.map(({ runbookId, reason }) => [runbookId, reason])).toEqual([
      [closer.id, `data drift, model ${bench.model.name}`],
      [plain.id, "data drift"],
    ]);
    expect(runbooks.some(({ runbookId }) => runbookId === off.id)).toBe(false);
    const { timeline } = await getIncident.call(call(), { incident: 1 });
    expect(timeline.filter(({ kind }) => kind === "runbook_attached")).toHaveLength(2);

    await updateRunbook.call(call(), {
      runbookId: plain.id,
      title: plain.title,
      body: stepOf("new", "Something else"),
      revision: 1,
    });
    const [, frozen] = await found(1);
    expect(frozen).toMatchObject({ version: 1, newestVersion: 2, body, nextStepId: "triage" });
  });

  test("that a person declares is given what fits its cause, and more by hand", async () => {
    const rule = await write({ attachRule: { causeClasses: ["fairness"] } });
    const { number: incident } = await createIncident.call(call(), {
      title: "Somebody called",
      reason: "two calls",
      severity: "sev2",
      causeClass: "fairness",
    });
    expect((await found(incident)).map(({ runbookId }) => runbookId)).toEqual([rule.id]);
    const other = await write();
    const twice = { incident, runbookId: other.id };
    await attachRunbook.call(call(), twice);
    const { runbooks } = await attachRunbook.call(call(), twice);
    expect(runbooks.map(({ runbookId }) => runbookId)).toEqual([rule.id, other.id]);
    await archiveRunbook.call(call(), { runbookId: rule.id, isArchived: true });
    await expect(
      attachRunbook.call(call(), { incident, runbookId: rule.id }),
    ).rejects.toMatchObject({ code: "conflict" });
    expect(await found(incident)).toHaveLength(2);
  });

  test("keeps all that several people check off at once, with who and when", async () => {
    const { id: runbookId } = await write();
    const { number: incident } = await createIncident.call(call(), {
      title: "Worked on by many",
      reason: "a test",
      severity: "sev3",
    });
    await attachRunbook.call(call(), { incident, runbookId });
    const check = (stepId: string, note: string) =>
      checkOffStep.call(call(), { incident, runbookId, stepId, outcome: "done", note });
    await Promise.all([
      ...Array.from({ length: 6 }, (_, i) => check("triage", `seen ${i}`)),
      check("mitigate", "rolled back"),
    ]);
    const [runbook] = await found(incident);
    expect(runbook?.records).toHaveLength(7);
    expect(new Set(runbook?.records.map(({ note }) => note)).size).toBe(7);
    expect(runbook?.records.every(({ by }) => by === "Ada")).toBe(true);
    expect(runbook).toMatchObject({
      nextStepId: null,
      steps: [
        { id: "triage", state: "done" },
        { id: "mitigate", state: "done" },
      ],
    });
    const { timeline } = await getIncident.call(call(), { incident });
    expect(timeline.filter(({ kind }) => kind === "step_done")).toHaveLength(7);
  });

  test("takes a step back, or leaves one out, with a reason and not without", async () => {
    const { id: runbookId } = await write();
    const { number: incident } = await createIncident.call(call(), {
      title: "Worked on",
      reason: "a test",
      severity: "sev3",
    });
    await attachRunbook.call(call(), { incident, runbookId });
    const say = (outcome: string, note = "", stepId = "triage") =>
      checkOffStep.call(call(), { incident, runbookId, stepId, outcome, note });
    await expect(say("skipped")).rejects.toMatchObject({ details: [{ path: "note" }] });
    expect((await say("done")).runbooks[0]?.nextStepId).toBe("mitigate");
    const back = await say("reopened", "the wrong incident");
    expect(back.runbooks[0]).toMatchObject({ nextStepId: "triage" });
    expect(back.runbooks[0]?.records).toHaveLength(2);
    await expect(say("done", "", "nowhere")).rejects.toMatchObject({ code: "not_found" });
    await expect(
      askStep.call(call(), { incident, runbookId, stepId: "triage" }),
    ).rejects.toMatchObject({ details: [{ path: "stepId" }] });
    const stranger = { incident, runbookId: randomUUID(), stepId: "triage", outcome: "done" };
    await expect(checkOffStep.call(call(), stranger)).rejects.toMatchObject({ code: "not_found" });
  });
});

test("what was written of a version stays as it was written", async () => {
  const { id: runbookId } = await write();
  const mine = eq(runbookVersions.runbookId, runbookId);
  const { db } = stores.postgres;
  const before = await db.select().from(runbookVersions).where(mine);
  await updateRunbook.call(call(), { runbookId, title: "T", body, revision: 1 });
  const after = await db
    .select()
    .from(runbookVersions)
    .where(and(mine, eq(runbookVersions.version, 1)));
  expect(after).toEqual(before);
});
