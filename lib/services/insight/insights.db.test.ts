import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { updateIncidentRow } from "#db/postgres/queries/incident.ts";
import { actionItemEvents, actionItems } from "#db/postgres/schema/action-items.ts";
import { notifications } from "#db/postgres/schema/notifications.ts";
import { buildUser } from "#db/testing/build-workspace.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import { quantileMethod } from "#lib/domain/insight.ts";
import type { CallContext } from "../context.ts";
import { actOnIncident } from "../incident/act-on-incident.ts";
import { createIncident } from "../incident/create-incident.ts";
import { getIncident } from "../incident/get-incident.ts";
import type { Bench } from "../incident/testing/alerting-bench.ts";
import { at, outcomeOf, setUpBench } from "../incident/testing/alerting-bench.ts";
import { getInsights } from "./get-insights.ts";

let stores: TestStores;
let bench: Bench;
let userId: string;
const call = (hour: number): CallContext => ({
  ...stores,
  workspaceId: bench.workspaceId,
  actor: { kind: "user", userId, role: "editor" },
  now: at(hour),
});
const hourMs = 3_600_000;

beforeAll(async () => {
  stores = openStores();
  bench = await setUpBench(stores);
  userId = (await buildUser(stores.postgres, { workspaceId: bench.workspaceId, name: "Ada" })).id;
  const volume = bench.monitor({ causeClass: "volume", name: "Volume" });
  const act = (hour: number, incident: number, action: string, more: object = {}) =>
    actOnIncident.call(call(hour), { incident, action, ...more });
  // 1: acknowledged after 1 h and resolved. 2: the same trouble three days later, still open. 3: a test. 4: merged into 2.
  await bench.apply(volume, [outcomeOf("F", 0)], at(1));
  await act(2, 1, "acknowledge");
  await act(4, 1, "resolve", { reason: "sent again" });
  await act(5, 1, "close", { verdict: "data_bug" });
  await bench.apply(volume, [outcomeOf("C", 70), outcomeOf("F", 72)], at(73));
  for (const mode of ["test", "real"])
    await createIncident.call(call(73), {
      title: "By hand",
      reason: "calls",
      severity: "sev2",
      model: bench.model.name,
      mode,
    });
  await act(74, 4, "merge", { into: 2 });
});
afterAll(() => stores.close());

test("real incidents count once, what lacks a moment is counted apart, and definitions come along", async () => {
  const insight = await getInsights.call(call(80), { days: 30 });
  expect(insight).toMatchObject({ incidentCount: 2, openCount: 1, isCut: false });
  expect(insight.definitions.quantiles).toBe(quantileMethod);
  const acknowledge = insight.durations.find(({ measure }) => measure === "acknowledge");
  expect(acknowledge).toEqual({
    measure: "acknowledge",
    medianMs: hourMs,
    p90Ms: hourMs,
    count: 1,
    withoutCount: 1,
  });
  expect(insight.byCause).toMatchObject([{ name: "volume", incidentCount: 2 }]);
  expect(insight.byTeam).toMatchObject([{ name: null, incidentCount: 2 }]);
});

test("the same trouble is found again, with what fixed it and the time between", async () => {
  const { recurrences } = await getInsights.call(call(80), {});
  expect(recurrences).toMatchObject([
    {
      causeClass: "volume",
      medianGapMs: 69 * hourMs,
      incidentCount: 2,
      incidents: [
        { number: 2, verdict: null, resolution: null },
        { number: 1, verdict: "data_bug", resolution: "sent again" },
      ],
    },
  ]);
});

test("pages are the messages that ask somebody to look, whichever others were sent", async () => {
  const sent = await stores.postgres.db
    .select({ number: notifications.incidentNumber, kind: notifications.kind })
    .from(notifications)
    .where(eq(notifications.workspaceId, bench.workspaceId));
  const kindsOf = (number: number) =>
    sent.flatMap((row) => (row.number === number ? [row.kind] : [])).sort();
  expect(kindsOf(1)).toEqual(["acknowledged", "resolved", "triggered"]);
  expect(kindsOf(2)).toEqual(["triggered"]);
  const { worth, monitors } = await getInsights.call(call(80), {});
  expect(worth).toMatchObject({ pageCount: 2, judgedCount: 1, realCount: 1, pagesPerReal: 1 });
  expect(monitors).toMatchObject([
    { name: "Volume", incidentCount: 2, pageCount: 2, isForRetirement: false },
  ]);
});

test("an action item that was done before the trouble came back did not hold", async () => {
  const { id: incidentId } = await getIncident.call(call(80), { incident: 1 });
  const { id: otherId } = await getIncident.call(call(80), { incident: 2 });
  const item = (number: number, change: Partial<typeof actionItems.$inferInsert>) => ({
    id: randomUUID(),
    workspaceId: bench.workspaceId,
    number,
    title: `Item ${number}`,
    kind: "prevent" as const,
    priority: "p1" as const,
    state: "done" as const,
    incidentId,
    doneAt: at(10),
    createdBy: "Ada",
    createdAt: at(5),
    updatedAt: at(10),
    ...change,
  });
  const reopened = item(3, { state: "open", doneAt: null });
  await stores.postgres.db
    .insert(actionItems)
    .values([item(1, {}), item(2, { incidentId: otherId, doneAt: at(76) }), reopened]);
  await stores.postgres.db.insert(actionItemEvents).values({
    id: randomUUID(),
    workspaceId: bench.workspaceId,
    itemId: reopened.id,
    kind: "reopened",
    text: "its test fails",
    actor: "Plumbline",
    occurredAt: at(11),
  });
  const { actionItems: judged } = await getInsights.call(call(80), {});
  expect(judged).toMatchObject({
    counts: { held: 1, came_back: 1, reopened: 1, open: 0, wont_do: 0 },
    items: [
      { number: 1, incident: 1, outcome: "came_back", cameBackAs: 2 },
      { number: 3, outcome: "reopened" },
      { number: 2, incident: 2, outcome: "held", cameBackAs: null },
    ],
  });
});

test("it is asked of one model, of one team, and of a time", async () => {
  const count = async (filter: object, hour = 80) =>
    (await getInsights.call(call(hour), filter)).incidentCount;
  expect(await count({ model: bench.model.name })).toBe(2);
  expect(await count({ model: "another" })).toBe(0);
  expect(await count({ teamId: randomUUID() })).toBe(0);
  expect(await count({ days: 1 })).toBe(1);
  const { id } = await getIncident.call(call(80), { incident: 1 });
  const scope = { pg: stores.postgres.db, workspaceId: bench.workspaceId };
  await updateIncidentRow(scope, id, { modelName: "another" });
  expect(await count({ model: "another" })).toBe(1);
  await expect(count({ days: 0 })).rejects.toMatchObject({ issues: [{ path: ["days"] }] });
  await expect(count({ days: 401 })).rejects.toMatchObject({ issues: [{ path: ["days"] }] });
});
