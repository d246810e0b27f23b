import { randomUUID } from "node:crypto";
import { asc, eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  alerts,
  incidentAlerts,
  incidentEvidence,
  incidents,
  incidentTimeline,
} from "#db/postgres/schema/incidents.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import { changeIncident } from "../incident/change-incident.ts";
import { declareIncident } from "../incident/declare-incident.ts";
import { mergeIncidents } from "../incident/merge-incidents.ts";
import type { Bench } from "../incident/testing/alerting-bench.ts";
import {
  ada,
  at,
  feature,
  grace,
  outcomeOf,
  setUpBench,
} from "../incident/testing/alerting-bench.ts";
import { endAlerts } from "./end-alerts.ts";

let stores: TestStores;
beforeAll(() => {
  stores = openStores();
});
afterAll(() => stores.close());

const setUp = () => setUpBench(stores);
const soon = (hour: number) => new Date(at(hour).getTime() + 31_000);

const incidentsOf = ({ workspaceId }: Bench) =>
  stores.postgres.db
    .select()
    .from(incidents)
    .where(eq(incidents.workspaceId, workspaceId))
    .orderBy(asc(incidents.number));
const alertsOf = ({ workspaceId }: Bench) =>
  stores.postgres.db
    .select()
    .from(alerts)
    .where(eq(alerts.workspaceId, workspaceId))
    .orderBy(asc(alerts.beganAt), asc(alerts.column));
const timelineOf = async (incidentId: string) =>
  (
    await stores.postgres.db
      .select()
      .from(incidentTimeline)
      .where(eq(incidentTimeline.incidentId, incidentId))
      .orderBy(asc(incidentTimeline.position))
  ).map(({ kind }) => kind);
async function only(bench: Bench) {
  const [incident, ...others] = await incidentsOf(bench);
  if (incident === undefined || others.length > 0) throw new Error("expected exactly one incident");
  return incident;
}
const change = (
  bench: Bench,
  incidentId: string,
  action: "acknowledge" | "unacknowledge" | "mitigate" | "resolve",
  now: Date,
  more: { actor?: typeof ada; exceptDestinationId?: string } = {},
) =>
  stores.postgres.transaction((tx) =>
    changeIncident(tx, {
      workspaceId: bench.workspaceId,
      incidentId,
      action,
      actor: ada,
      now,
      newId: randomUUID,
      seams: bench.seams,
      ...more,
    }),
  );

describe("from a window to a page", () => {
  test("N of M make one alert, one incident with frozen evidence, and one message after the group wait", async () => {
    const bench = await setUp();
    const monitor = bench.monitor({ fireCount: 2, windowCount: 3 });
    await bench.apply(monitor, [outcomeOf("F", 0)]);
    expect(await incidentsOf(bench)).toEqual([]);
    const applied = await bench.apply(monitor, [outcomeOf("F", 1)]);
    const incident = await only(bench);
    expect(incident).toMatchObject({
      number: 1,
      state: "triggered",
      severity: "sev4",
      causeClass: "data_drift",
      title: `${bench.model.name}: data drift in production`,
      impactStartedAt: at(0),
      detectedAt: at(2),
    });
    const [alert] = await alertsOf(bench);
    expect(alert).toMatchObject({ id: applied.firedAlertIds[0], state: "firing", value: 0.5 });
    const [evidence] = await stores.postgres.db
      .select()
      .from(incidentEvidence)
      .where(eq(incidentEvidence.workspaceId, bench.workspaceId));
    expect(evidence).toMatchObject({
      hash: alert?.evidenceHash,
      evidence: { statistic: "psi", window: { from: at(1).toISOString() } },
    });
    expect(bench.said()).toEqual([]);
    await bench.tick(new Date(at(2).getTime() + 29_000));
    expect(bench.said()).toEqual([]);
    await bench.tick(new Date(at(2).getTime() + 30_000));
    await bench.tick(soon(2));
    expect(bench.sent).toMatchObject([
      {
        destinationIds: monitor.destinationIds,
        message: {
          kind: "triggered",
          sequence: 1,
          incidentNumber: 1,
          model: { name: bench.model.name, environment: "production", version: "1" },
          firingCount: 1,
          incidentUrl: null,
        },
      },
    ]);
    expect(await timelineOf(incident.id)).toEqual(["alert_fired", "told"]);
  });

  test("all that fires together is one incident with one message", async () => {
    const bench = await setUp();
    const names = Array.from({ length: 40 }, (_, i) => `feature ${String(i).padStart(2, "0")}`);
    await bench.apply(
      bench.monitor(),
      names.map((name) => outcomeOf("F", 0, feature(name))),
    );
    await bench.tick(soon(1));
    const incident = await only(bench);
    expect(bench.sent).toHaveLength(1);
    const message = bench.sent[0]?.message;
    expect([message?.firingCount, message?.alerts.length]).toEqual([40, 20]);
    expect(message?.answer).toBe(
      `${bench.model.name} in production: data drift on feature 00, feature 01, feature 02 and 37 more. PSI 0.5.`,
    );
    const evidenced = (await alertsOf(bench)).filter(({ evidenceHash }) => evidenceHash !== null);
    expect(evidenced).toHaveLength(25);
    expect((await timelineOf(incident.id)).filter((kind) => kind === "alert_fired")).toHaveLength(
      40,
    );
  });

  test("a second run changes nothing", async () => {
    const bench = await setUp();
    const monitor = bench.monitor({ fireCount: 2, windowCount: 3 });
    const play = async () => {
      for (const [hour, letter] of [..."FFbCFuF"].entries())
        await bench.apply(monitor, [outcomeOf(letter, hour)]);
    };
    await play();
    const before = [await incidentsOf(bench), await alertsOf(bench)];
    const said = bench.said();
    for (const [hour, letter] of [..."FFbCFuF"].entries())
      await bench.apply(monitor, [outcomeOf(letter, hour)], at(7));
    expect([await incidentsOf(bench), await alertsOf(bench)]).toEqual(before);
    expect(bench.said()).toEqual(said);
  });

  test("evidence that can't be had costs the evidence and not the page", async () => {
    const bench = await setUp();
    await bench.apply(bench.monitor(), [outcomeOf("F", 0)], at(1), {
      freeze: () => Promise.reject(new Error("the store was away")),
    });
    await bench.tick(soon(1));
    expect(bench.said()).toEqual(["triggered"]);
    const incident = await only(bench);
    const [, note] = await stores.postgres.db
      .select()
      .from(incidentTimeline)
      .where(eq(incidentTimeline.incidentId, incident.id))
      .orderBy(asc(incidentTimeline.position));
    expect(note?.text).toBe("Its evidence could not be kept: the store was away");
  });

  test("an incident that nobody hears of says so", async () => {
    const bench = await setUp();
    await bench.apply(bench.monitor({ destinationIds: [] }), [outcomeOf("F", 0)]);
    await bench.tick(soon(1));
    expect(bench.said()).toEqual([]);
    expect(await timelineOf((await only(bench)).id)).toEqual(["alert_fired", "not_told"]);
  });
});

describe("two workers at once", () => {
  test("make one incident, one alert and one message", async () => {
    const bench = await setUp();
    const monitor = bench.monitor();
    const other = bench.monitor({ id: randomUUID(), name: "PSI of eta" });
    await Promise.all([
      bench.apply(monitor, [outcomeOf("F", 0)]),
      bench.apply(monitor, [outcomeOf("F", 0)]),
      bench.apply(other, [outcomeOf("F", 0)]),
      bench.apply(other, [outcomeOf("F", 0)]),
    ]);
    await only(bench);
    expect(await alertsOf(bench)).toHaveLength(2);
    await Promise.all([bench.tick(soon(1)), bench.tick(soon(1)), bench.tick(soon(1))]);
    expect(bench.said()).toEqual(["triggered"]);
  });

  test("number the incidents of a workspace without a gap", async () => {
    const bench = await setUp();
    await Promise.all(
      ["volume", "performance", "latency", "fairness", "other"].map((cause) =>
        bench.apply(bench.monitor({ causeClass: cause as "volume" }), [outcomeOf("F", 0)]),
      ),
    );
    expect((await incidentsOf(bench)).map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
  });

  test("the store itself refuses a second open incident of a key", async () => {
    const bench = await setUp();
    await bench.apply(bench.monitor(), [outcomeOf("F", 0)]);
    const incident = await only(bench);
    const twin = { ...incident, id: randomUUID(), number: 99 };
    await expect(stores.postgres.db.insert(incidents).values(twin)).rejects.toMatchObject({
      cause: { constraint: "incidents_open" },
    });
  });
});

describe("the end", () => {
  test("comes when the last alert clears, and is told where the beginning was", async () => {
    const bench = await setUp();
    const monitor = bench.monitor();
    await bench.apply(monitor, [outcomeOf("F", 0, feature("a")), outcomeOf("F", 0, feature("b"))]);
    await bench.tick(soon(1));
    await bench.apply(monitor, [outcomeOf("C", 1, feature("a")), outcomeOf("F", 1, feature("b"))]);
    expect((await only(bench)).state).toBe("triggered");
    await bench.apply(monitor, [outcomeOf("C", 2, feature("a")), outcomeOf("C", 2, feature("b"))]);
    expect(await only(bench)).toMatchObject({ state: "resolved", resolvedAt: at(3) });
    expect(bench.said()).toEqual(["triggered", "updated", "resolved"]);
    expect(bench.sent.map(({ message }) => message.sequence)).toEqual([1, 2, 3]);
  });

  test("never comes of missing data or failures, which the alert tells of itself", async () => {
    const bench = await setUp();
    const monitor = bench.monitor();
    await bench.apply(monitor, [outcomeOf("F", 0)]);
    for (let hour = 1; hour < 12; hour += 1)
      await bench.apply(monitor, [outcomeOf(hour % 2 === 0 ? "u" : "x", hour)]);
    expect((await only(bench)).state).toBe("triggered");
    expect((await alertsOf(bench))[0]).toMatchObject({
      state: "firing",
      unknownSince: at(2),
      unknownReason: "the store was away",
      sentence: "PSI 0.5",
    });
    await bench.apply(monitor, [outcomeOf("F", 12)]);
    expect((await alertsOf(bench))[0]).toMatchObject({ unknownSince: null, unknownReason: null });
  });

  test("before the first message is told with the beginning", async () => {
    const bench = await setUp();
    const monitor = bench.monitor();
    await bench.apply(monitor, [outcomeOf("F", 0), outcomeOf("C", 1)], at(2));
    expect(bench.said()).toEqual(["triggered", "resolved"]);
    await bench.tick(soon(3));
    expect(bench.said()).toEqual(["triggered", "resolved"]);
  });

  test("soon followed by the same is the same incident again, later it is a new one that names it", async () => {
    const bench = await setUp();
    const monitor = bench.monitor();
    await bench.apply(monitor, [outcomeOf("F", 0)]);
    await bench.tick(soon(1));
    await bench.apply(monitor, [outcomeOf("C", 1)]);
    await bench.apply(monitor, [outcomeOf("F", 4)]);
    await bench.tick(soon(5));
    expect(await only(bench)).toMatchObject({ number: 1, state: "triggered" });
    expect(bench.said()).toEqual(["triggered", "resolved", "reopened"]);
    await bench.apply(monitor, [outcomeOf("C", 5)]);
    await bench.apply(monitor, [outcomeOf("F", 9)], at(10));
    const [first, second] = await incidentsOf(bench);
    expect(second).toMatchObject({ number: 2, followsId: first?.id, groupKey: first?.groupKey });
  });

  test("by a person ends its alerts, and what goes on firing opens it again", async () => {
    const bench = await setUp();
    const monitor = bench.monitor({ fireCount: 2, windowCount: 3 });
    await bench.apply(monitor, [outcomeOf("F", 0), outcomeOf("F", 1)], at(2));
    await bench.tick(soon(2));
    const incident = await only(bench);
    await change(bench, incident.id, "resolve", new Date(at(2).getTime() + 60_000));
    expect((await alertsOf(bench))[0]).toMatchObject({
      state: "resolved",
      endReason: "its incident was resolved",
    });
    await bench.apply(monitor, [outcomeOf("F", 2)]);
    expect((await only(bench)).state).toBe("resolved");
    await bench.apply(monitor, [outcomeOf("F", 3)]);
    expect(await only(bench)).toMatchObject({ number: 1, state: "triggered", resolvedAt: null });
    await bench.tick(soon(4));
    expect(bench.said()).toEqual(["triggered", "resolved", "reopened"]);
  });

  test("of a monitor that is switched off ends what it has firing", async () => {
    const bench = await setUp();
    const monitor = bench.monitor();
    await bench.apply(monitor, [outcomeOf("F", 0)]);
    const options = { ...bench, now: at(2), newId: randomUUID };
    const end = () =>
      stores.postgres.transaction((tx) =>
        endAlerts(tx, {
          ...options,
          monitorId: monitor.id,
          reason: "its monitor was switched off",
        }),
      );
    expect(await end()).toBe(1);
    expect(await end()).toBe(0);
    const incident = await only(bench);
    expect(incident.state).toBe("resolved");
    expect(await timelineOf(incident.id)).toEqual([
      "alert_fired",
      "alert_ended",
      "resolved",
      "told",
      "told",
    ]);
  });
});

describe("a late window", () => {
  test("corrects the record without a page for what newer ones have overtaken", async () => {
    const bench = await setUp();
    const monitor = bench.monitor({ fireCount: 1, windowCount: 5 });
    await bench.apply(
      monitor,
      [..."CCCC"].map((letter, hour) => outcomeOf(letter, hour)),
    );
    await bench.apply(monitor, [outcomeOf("F", 0)], at(9), { revision: 2 });
    expect(await incidentsOf(bench)).toEqual([]);
  });

  test("pages where N of M say so now", async () => {
    const bench = await setUp();
    const monitor = bench.monitor({ fireCount: 2, windowCount: 3, clearCount: 2 });
    await bench.apply(
      monitor,
      [..."CFb"].map((letter, hour) => outcomeOf(letter, hour)),
    );
    expect(await incidentsOf(bench)).toEqual([]);
    await bench.apply(monitor, [outcomeOf("F", 0)], at(9), { revision: 2 });
    expect(await only(bench)).toMatchObject({ impactStartedAt: at(0), detectedAt: at(9) });
  });

  test("judged before a newer judgement of it is ignored", async () => {
    const bench = await setUp();
    const monitor = bench.monitor();
    await bench.apply(monitor, [outcomeOf("C", 0)], at(2), { revision: 5 });
    await bench.apply(monitor, [outcomeOf("F", 0)], at(3), { revision: 4 });
    expect(await incidentsOf(bench)).toEqual([]);
  });
});

describe("people", () => {
  test("acknowledge, and are not told by the way that they came", async () => {
    const bench = await setUp();
    const monitor = bench.monitor({ destinationIds: [randomUUID(), randomUUID()] });
    const [slack = "", pager = ""] = monitor.destinationIds;
    await bench.apply(monitor, [outcomeOf("F", 0)]);
    await bench.tick(soon(1));
    const { id } = await only(bench);
    const done = await change(bench, id, "acknowledge", at(1.5), {
      actor: grace,
      exceptDestinationId: slack,
    });
    expect(done).toEqual({ state: "acknowledged", isChanged: true });
    expect(bench.sent.at(-1)).toMatchObject({
      destinationIds: [pager],
      message: {
        kind: "acknowledged",
        acknowledgedBy: "Grace",
        acknowledgedAt: at(1.5).toISOString(),
      },
    });
    await bench.tick(at(1.9));
    expect((await only(bench)).state).toBe("acknowledged");
    await bench.tick(at(2));
    expect(await only(bench)).toMatchObject({ state: "triggered", acknowledgedBy: null });
    expect(bench.sent.at(-1)).toMatchObject({
      destinationIds: [slack, pager],
      message: { kind: "reminded" },
    });
    await change(bench, id, "resolve", at(2.5), { actor: grace, exceptDestinationId: pager });
    expect(bench.sent.at(-1)).toMatchObject({
      destinationIds: [slack],
      message: { kind: "resolved" },
    });
  });

  test("are refused what the state does not allow, and nothing is changed", async () => {
    const bench = await setUp();
    await bench.apply(bench.monitor(), [outcomeOf("F", 0)]);
    const before = await only(bench);
    await expect(change(bench, before.id, "unacknowledge", at(2))).rejects.toMatchObject({
      code: "conflict",
    });
    await expect(change(bench, randomUUID(), "acknowledge", at(2))).rejects.toMatchObject({
      code: "not_found",
    });
    const other = await setUp();
    await expect(change(other, before.id, "acknowledge", at(2))).rejects.toMatchObject({
      code: "not_found",
    });
    expect(await only(bench)).toEqual(before);
  });

  test("declare what no alert found: it is told at once and ends when a person says so", async () => {
    const bench = await setUp();
    const destination = randomUUID();
    const { id, number } = await stores.postgres.transaction((tx) =>
      declareIncident(tx, {
        workspaceId: bench.workspaceId,
        actor: ada,
        title: "Customers see arrivals in the past",
        reason: "three calls within an hour",
        severity: "sev2",
        causeClass: "other",
        modelId: bench.model.id,
        environment: "production",
        mode: "real",
        impactStartedAt: at(-1),
        ownerUserId: null,
        destinationIds: [destination],
        now: at(0),
        newId: randomUUID,
        seams: bench.seams,
      }),
    );
    expect(number).toBe(1);
    expect(bench.sent).toMatchObject([
      { destinationIds: [destination], message: { kind: "triggered" } },
    ]);
    await change(bench, id, "resolve", at(1));
    expect(bench.said()).toEqual(["triggered", "resolved"]);
  });

  test("merge two: the alerts go on firing in one, and the other one's destinations hear the end of it", async () => {
    const bench = await setUp();
    const drift = bench.monitor({ destinationIds: [randomUUID()] });
    const volume = bench.monitor({ causeClass: "volume", destinationIds: [randomUUID()] });
    await bench.apply(drift, [outcomeOf("F", 0)]);
    await bench.apply(volume, [outcomeOf("F", 0)]);
    await bench.tick(soon(1));
    const [first, second] = await incidentsOf(bench);
    const merge = (incidentId = "", intoId = "") =>
      stores.postgres.transaction((tx) =>
        mergeIncidents(tx, {
          ...bench,
          incidentId,
          intoId,
          actor: ada,
          now: at(1.1),
          newId: randomUUID,
        }),
      );
    await merge(first?.id, second?.id);
    const [left, into] = await incidentsOf(bench);
    expect(left).toMatchObject({ state: "merged", mergedIntoId: second?.id });
    expect(into).toMatchObject({ state: "triggered" });
    expect(
      bench.sent
        .slice(2)
        .map(({ message, destinationIds }) => [
          message.kind,
          message.incidentNumber,
          destinationIds,
        ]),
    ).toEqual([
      ["resolved", 1, [...drift.destinationIds]],
      ["triggered", 2, [...drift.destinationIds]],
      ["updated", 2, [...volume.destinationIds]],
    ]);
    // The same trouble again goes where it is worked on.
    await bench.apply(drift, [outcomeOf("F", 1, feature("distance"))]);
    expect(await incidentsOf(bench)).toHaveLength(2);
    await expect(merge(first?.id, second?.id)).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("a silence", () => {
  test("holds back the beginning, which is told when it ends, and no end of what was told", async () => {
    const bench = await setUp();
    const monitor = bench.monitor();
    bench.silenced.isOn = true;
    await bench.apply(monitor, [outcomeOf("F", 0)]);
    await bench.tick(soon(1));
    expect(bench.said()).toEqual([]);
    const incident = await only(bench);
    expect(incident.isHeld).toBe(true);
    expect(await timelineOf(incident.id)).toEqual(["alert_fired", "not_told"]);
    bench.silenced.isOn = false;
    await bench.tick(at(1.1));
    expect(bench.said()).toEqual(["triggered"]);
    bench.silenced.isOn = true;
    await bench.apply(monitor, [outcomeOf("C", 1)]);
    expect(bench.said()).toEqual(["triggered", "resolved"]);
  });
});

describe("a cause", () => {
  const freshness = (bench: Bench) =>
    bench.monitor({ causeClass: "freshness", name: "Freshness of eta" });

  test("explains what begins while it lasts: one page, and the rest is counted", async () => {
    const bench = await setUp();
    await bench.apply(freshness(bench), [outcomeOf("F", 0)]);
    await bench.apply(
      bench.monitor(),
      [outcomeOf("F", 0, feature("a")), outcomeOf("F", 0, feature("b"))],
      at(1.001),
    );
    await bench.tick(soon(1));
    const incident = await only(bench);
    expect(incident.causeClass).toBe("freshness");
    expect(bench.sent).toMatchObject([
      { message: { kind: "triggered", firingCount: 1, explainedCount: 2 } },
    ]);
    const links = await stores.postgres.db
      .select({ role: incidentAlerts.role })
      .from(incidentAlerts)
      .where(eq(incidentAlerts.incidentId, incident.id));
    expect(links.map(({ role }) => role).sort()).toEqual(["explained", "explained", "own"]);
  });

  test("found a moment after its effect takes it over, as long as nobody was told", async () => {
    const bench = await setUp();
    await bench.apply(bench.monitor(), [outcomeOf("F", 0)], at(1));
    await bench.apply(freshness(bench), [outcomeOf("F", 0)], new Date(at(1).getTime() + 5_000));
    await bench.tick(soon(1));
    await bench.tick(at(1.1));
    const [drift, late] = await incidentsOf(bench);
    expect(drift).toMatchObject({ state: "merged", mergedIntoId: late?.id });
    expect(bench.sent).toMatchObject([{ message: { incidentNumber: 2, explainedCount: 1 } }]);
  });

  test("found after people were told is linked in words", async () => {
    const bench = await setUp();
    await bench.apply(bench.monitor(), [outcomeOf("F", 0)]);
    await bench.tick(soon(1));
    await bench.apply(freshness(bench), [outcomeOf("F", 0)], at(1.1));
    const [drift] = await incidentsOf(bench);
    expect(drift?.state).toBe("triggered");
    expect(await timelineOf(drift?.id ?? "")).toEqual(["alert_fired", "told", "alert_explained"]);
  });

  test("that is over lets go, after a time of grace, of what outlived it", async () => {
    const bench = await setUp();
    const late = freshness(bench);
    const drift = bench.monitor();
    await bench.apply(late, [outcomeOf("F", 0)]);
    await bench.apply(
      drift,
      [outcomeOf("F", 0, feature("a")), outcomeOf("F", 0, feature("b"))],
      at(1.001),
    );
    await bench.tick(soon(1));
    await bench.apply(late, [outcomeOf("C", 1)]);
    await bench.apply(drift, [outcomeOf("C", 1, feature("a")), outcomeOf("F", 1, feature("b"))]);
    await bench.tick(at(3.99));
    expect(await incidentsOf(bench)).toHaveLength(1);
    await bench.tick(at(4));
    await bench.tick(soon(4));
    const [first, second] = await incidentsOf(bench);
    expect(first?.state).toBe("resolved");
    expect(second).toMatchObject({
      state: "triggered",
      causeClass: "data_drift",
      impactStartedAt: at(0),
    });
    expect(bench.said()).toEqual(["triggered", "resolved", "triggered"]);
  });
});

test("what happened can't be rewritten", async () => {
  const bench = await setUp();
  await bench.apply(bench.monitor(), [outcomeOf("F", 0)]);
  await expect(
    stores.postgres.db.execute(
      sql`UPDATE incident_timeline SET text = '' WHERE workspace_id = ${bench.workspaceId}::uuid`,
    ),
  ).rejects.toMatchObject({ cause: { message: "incident_timeline is append-only" } });
});

test("a monitor that was edited counts its windows anew, and goes on firing what fires", async () => {
  const bench = await setUp();
  const monitor = bench.monitor({ fireCount: 2, windowCount: 3 });
  await bench.apply(monitor, [outcomeOf("F", 0)]);
  await bench.apply({ ...monitor, revision: 2 }, [outcomeOf("F", 1)]);
  expect(await incidentsOf(bench)).toEqual([]);
  await bench.apply({ ...monitor, revision: 2 }, [outcomeOf("F", 2)]);
  await bench.apply({ ...monitor, revision: 3 }, [outcomeOf("b", 3)]);
  expect((await only(bench)).state).toBe("triggered");
});
