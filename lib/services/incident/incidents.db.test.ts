import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { incidentTimeline } from "#db/postgres/schema/incidents.ts";
import { auditLog } from "#db/postgres/schema/keys.ts";
import { buildUser } from "#db/testing/build-workspace.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { Role } from "#lib/domain/role.ts";
import { listAlerts } from "../alert/list-alerts.ts";
import type { CallContext } from "../context.ts";
import { getFleet } from "../fleet/get-fleet.ts";
import { addNote } from "../timeline/add-note.ts";
import { actOnIncident } from "./act-on-incident.ts";
import { createIncident } from "./create-incident.ts";
import { getEvidence } from "./get-evidence.ts";
import { getIncident } from "./get-incident.ts";
import { listIncidents } from "./list-incidents.ts";
import type { Bench } from "./testing/alerting-bench.ts";
import { at, feature, outcomeOf, setUpBench } from "./testing/alerting-bench.ts";
import { updateIncident } from "./update-incident.ts";

let stores: TestStores;
let bench: Bench;
let userId: string;
const call = (now: Date, role: Role = "editor"): CallContext => ({
  ...stores,
  workspaceId: bench.workspaceId,
  actor: { kind: "user", userId, role },
  now,
});

beforeAll(async () => {
  stores = openStores();
  bench = await setUpBench(stores);
  userId = (await buildUser(stores.postgres, { workspaceId: bench.workspaceId, name: "Ada" })).id;
  // 1: drift of two features. 2: late data, which explains nothing of it, since 1 was told. 3: declared.
  const drift = bench.monitor({ ownerUserId: userId, runbookUrl: "https://wiki.example/drift" });
  await bench.apply(drift, [outcomeOf("F", 0, feature("a")), outcomeOf("F", 0, feature("b"))]);
  await bench.tick(at(1.1));
  await bench.apply(
    bench.monitor({ causeClass: "volume", name: "Volume" }),
    [outcomeOf("F", 0)],
    at(1.2),
  );
  await createIncident.call(call(at(1.3)), {
    title: "Arrivals in the past",
    reason: "two calls",
    severity: "sev1",
    model: bench.model.name,
  });
});
afterAll(() => stores.close());

const numbers = async (filter: object) => {
  const { incidents } = await listIncidents.call(call(at(2)), filter);
  return incidents.map(({ number }) => number);
};

describe("the list", () => {
  test("is asked by state, severity, model, cause and owner, newest first and page by page", async () => {
    expect(await numbers({})).toEqual([3, 2, 1]);
    expect(await numbers({ state: "open" })).toEqual([3, 2, 1]);
    expect(await numbers({ state: "resolved" })).toEqual([]);
    expect(await numbers({ severity: "sev1" })).toEqual([3]);
    expect(await numbers({ causeClass: "volume" })).toEqual([2]);
    expect(await numbers({ owner: "me" })).toEqual([1]);
    expect(await numbers({ owner: "nobody" })).toEqual([3, 2]);
    expect(await numbers({ model: bench.model.name })).toEqual([3, 2, 1]);
    expect(await numbers({ model: "another" })).toEqual([]);
    const page = await listIncidents.call(call(at(2)), { limit: 2 });
    expect(page).toMatchObject({ next: 2, counts: { open: 3, triggered: 3, unowned: 2 } });
    expect(await numbers({ limit: 2, before: page.next })).toEqual([1]);
  });

  test("says of each what is broken, how many alerts fire, and who owns it", async () => {
    const { incidents } = await listIncidents.call(call(at(2)), { causeClass: "data_drift" });
    expect(incidents).toMatchObject([
      {
        answer: `${bench.model.name} in production: data drift on a, b. PSI 0.5.`,
        firingCount: 2,
        alertCount: 2,
        owner: { kind: "user", id: userId, name: "Ada" },
        model: bench.model.name,
        segment: null,
      },
    ]);
  });

  test("of alerts has the incident of each", async () => {
    const { alerts } = await listAlerts.call(call(at(2)), { state: "firing" });
    expect(alerts.map(({ target, incident }) => [target, incident?.number])).toEqual([
      ["the whole model, version 1", 2],
      ...alerts.slice(1).map(({ target }) => [target, 1]),
    ]);
    const first = await listAlerts.call(call(at(2)), { limit: 2 });
    const rest = await listAlerts.call(call(at(2)), { limit: 2, cursor: first.next ?? "" });
    expect([first.alerts.length, rest.alerts.length, rest.next]).toEqual([2, 1, null]);
    await expect(listAlerts.call(call(at(2)), { cursor: "x" })).rejects.toMatchObject({
      code: "invalid_request",
      details: [{ path: "cursor" }],
    });
  });

  test("of models names the worst incident of each", async () => {
    const { models } = await getFleet.call(call(at(2)), {});
    expect(models).toMatchObject([{ incident: { number: 3, severity: "sev1", openCount: 3 } }]);
  });
});

describe("one incident", () => {
  test("has its alerts with evidence, and its runbook", async () => {
    const incident = await getIncident.call(call(at(2)), { incident: "1" });
    expect(incident).toMatchObject({ number: 1, runbookUrl: "https://wiki.example/drift" });
    const [alert] = incident.alerts;
    const { evidence, hash } = await getEvidence.call(call(at(2)), {
      incident: 1,
      alertId: alert?.id,
    });
    expect(evidence).toMatchObject({ statistic: "psi", value: 0.5, series: { column: "a" } });
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    await expect(
      getEvidence.call(call(at(2)), { incident: 2, alertId: alert?.id }),
    ).rejects.toMatchObject({ code: "not_found" });
    await expect(getIncident.call(call(at(2)), { incident: 9 })).rejects.toMatchObject({
      code: "not_found",
      message: "There is no incident 9.",
    });
  });

  test("is acknowledged, mitigated, resolved, reopened and closed by people, and the audit log has it", async () => {
    const act = (minute: number, action: string, more: object = {}) =>
      actOnIncident.call(call(new Date(at(2).getTime() + minute * 60_000)), {
        incident: 2,
        action,
        ...more,
      });
    expect(await act(1, "acknowledge")).toMatchObject({
      state: "acknowledged",
      acknowledgedBy: "Ada",
    });
    expect(await act(2, "mitigate", { reason: "rolled back" })).toMatchObject({
      state: "mitigated",
    });
    await expect(act(3, "resolve")).rejects.toMatchObject({ details: [{ path: "reason" }] });
    expect(await act(4, "resolve", { reason: "fixed" })).toMatchObject({
      state: "resolved",
      firingCount: 0,
    });
    expect(await act(5, "reopen", { reason: "not fixed" })).toMatchObject({ state: "triggered" });
    expect(await act(6, "resolve", { reason: "now it is" })).toMatchObject({ state: "resolved" });
    expect(await act(6.5, "resolve", { reason: "again" })).toMatchObject({ state: "resolved" });
    await expect(act(7, "close")).rejects.toMatchObject({ details: [{ path: "verdict" }] });
    const closed = await act(8, "close", { verdict: "data_bug", reason: "a feed was late" });
    expect(closed).toMatchObject({ state: "closed", verdict: "data_bug" });
    await expect(act(9, "reopen", { reason: "no" })).rejects.toMatchObject({ code: "conflict" });
    const audit = await stores.postgres.db
      .select({ action: auditLog.action })
      .from(auditLog)
      .where(eq(auditLog.targetId, closed.id));
    expect(audit.map(({ action }) => action).sort()).toEqual(
      ["acknowledge", "close", "mitigate", "reopen", "resolve", "resolve"].map(
        (one) => `incident.${one}`,
      ),
    );
  });

  test("takes a severity, an owner and moments with a reason, and refuses those that contradict", async () => {
    const update = async (patch: object) => {
      const { revision } = await getIncident.call(call(at(4)), { incident: 1 });
      return updateIncident.call(call(at(4)), { incident: 1, revision, ...patch });
    };
    await expect(update({ severity: "sev1" })).rejects.toMatchObject({
      details: [{ path: "reason" }],
    });
    expect(await update({ severity: "sev1", reason: "all riders" })).toMatchObject({
      severity: "sev1",
      severityReason: "all riders",
    });
    const early = at(-3).toISOString();
    expect(await update({ impactStartedAt: early, reason: "the log" })).toMatchObject({
      impactStartedAt: early,
      impactBetween: null,
    });
    await expect(
      update({ impactStartedAt: at(3).toISOString(), reason: "no" }),
    ).rejects.toMatchObject({ code: "invalid_request", details: [{ path: "detectedAt" }] });
    await expect(update({ resolvedAt: at(3).toISOString(), reason: "no" })).rejects.toMatchObject({
      details: [{ path: "resolvedAt" }],
    });
    expect(await update({ ownerUserId: null })).toMatchObject({ owner: null });
    await expect(update({ ownerUserId: randomUUID() })).rejects.toMatchObject({
      details: [{ path: "ownerUserId" }],
    });
  });

  test("takes notes about what has happened, in their place", async () => {
    const note = (text: string, occurredAt?: Date) =>
      addNote.call(call(at(5)), {
        incident: 1,
        text,
        ...(occurredAt === undefined ? {} : { occurredAt: occurredAt.toISOString() }),
      });
    const { timeline } = await note("The feed was switched", at(-2));
    expect(timeline[0]).toMatchObject({
      kind: "note",
      text: "The feed was switched",
      actor: { kind: "user", name: "Ada", via: "console" },
      occurredAt: at(-2).toISOString(),
      recordedAt: at(5).toISOString(),
    });
    await expect(note("Ahead", at(6))).rejects.toMatchObject({ details: [{ path: "occurredAt" }] });
  });

  test("is merged into another, and each says so", async () => {
    const into = await actOnIncident.call(call(at(6)), { incident: 1, action: "merge", into: 3 });
    expect(into).toMatchObject({ number: 1, state: "merged", mergedInto: 3 });
    const survivor = await getIncident.call(call(at(6)), { incident: 3 });
    expect(survivor).toMatchObject({ alertCount: 2, state: "triggered" });
    const texts = (
      await stores.postgres.db
        .select({ text: incidentTimeline.text })
        .from(incidentTimeline)
        .where(eq(incidentTimeline.incidentId, survivor.id))
    ).map(({ text }) => text);
    expect(texts).toContain("Ada merged incident 1 into it");
  });
});
