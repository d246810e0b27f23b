import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { incidents, incidentTimeline } from "#db/postgres/schema/incidents.ts";
import { models } from "#db/postgres/schema/models.ts";
import { silencedAlerts } from "#db/postgres/schema/people.ts";
import { buildUser } from "#db/testing/build-workspace.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { CallContext } from "../context.ts";
import { createPolicy } from "../escalation/create-policy.ts";
import { createSilence } from "../silence/create-silence.ts";
import { expireSilence } from "../silence/expire-silence.ts";
import { createTeam } from "../team/create-team.ts";
import { changeIncident } from "./change-incident.ts";
import { getIncident } from "./get-incident.ts";
import type { Bench } from "./testing/alerting-bench.ts";
import { ada, at, outcomeOf, setUpBench } from "./testing/alerting-bench.ts";
import { tickIncidents } from "./tick-incidents.ts";

let stores: TestStores;
beforeAll(() => {
  stores = openStores();
});
afterAll(() => stores.close());

const minutes = (hour: number, minute: number) => new Date(at(hour).getTime() + minute * 60_000);

/** With the product's own silences and policies; only the outbox remembers. */
async function setUp() {
  const bench = await setUpBench(stores);
  const { workspaceId } = bench;
  const { id: userId } = await buildUser(stores.postgres, {
    workspaceId,
    name: "Ada",
    role: "owner",
  });
  const { enqueue } = bench.seams;
  const seams = enqueue === undefined ? {} : { enqueue };
  const call = (now: Date): CallContext => ({
    ...stores,
    workspaceId,
    actor: { kind: "user", userId, role: "owner" },
    now,
  });
  const tick = (now: Date) =>
    tickIncidents(stores.postgres, {
      workspaceId,
      now,
      newId: randomUUID,
      seams,
      onError: (error) => {
        throw error;
      },
    });
  return { bench, userId, seams, call, tick };
}

const heard = ({ sent }: Bench) =>
  sent.map(({ message, destinationIds }) => [message.kind, ...destinationIds]);
async function incidentOf({ workspaceId }: Bench) {
  const [row] = await stores.postgres.db
    .select()
    .from(incidents)
    .where(eq(incidents.workspaceId, workspaceId));
  if (row === undefined) throw new Error("no incident");
  return row;
}

describe("a policy", () => {
  test("pages level by level until somebody acknowledges, and the last level again when nothing follows", async () => {
    const { bench, userId, seams, call, tick } = await setUp();
    const [own, first, second] = [randomUUID(), randomUUID(), randomUUID()];
    const level = (destinationId: string) => ({
      targets: [{ kind: "user" as const, id: userId }],
      destinationIds: [destinationId],
      waitMinutes: 5,
    });
    await createPolicy.call(call(at(0)), {
      name: "Models",
      rules: { levels: [level(first), level(second)], repeatCount: 0, ackTimeoutMinutes: 30 },
      isDefault: true,
    });
    await bench.apply(bench.monitor({ destinationIds: [own] }), [outcomeOf("F", 0)], at(1), {
      seams,
    });
    expect(heard(bench)).toEqual([]);
    await tick(minutes(1, 0.5));
    expect(heard(bench)).toEqual(
      [["triggered", first, own]].map((one) => expect.arrayContaining(one)),
    );
    await tick(minutes(1, 5.4));
    expect(bench.sent).toHaveLength(1);
    await tick(minutes(1, 5.5));
    expect(heard(bench).slice(1)).toEqual([["triggered", second]]);
    const incident = await incidentOf(bench);
    expect(incident).toMatchObject({ escalationStepCount: 2, escalation: { name: "Models" } });
    const change = (action: "acknowledge", now: Date) =>
      stores.postgres.transaction((tx) =>
        changeIncident(tx, {
          ...bench,
          incidentId: incident.id,
          action,
          actor: ada,
          now,
          newId: randomUUID,
          seams,
        }),
      );
    await change("acknowledge", minutes(1, 7));
    await tick(minutes(1, 20));
    expect(
      heard(bench)
        .slice(2)
        .map(([kind]) => kind),
    ).toEqual(["acknowledged"]);
    await tick(minutes(1, 37));
    expect((await incidentOf(bench)).state).toBe("triggered");
    expect(
      heard(bench)
        .slice(3)
        .map(([kind]) => kind)
        .sort(),
    ).toEqual(["escalated", "reminded"]);
    expect(bench.sent.find(({ message }) => message.kind === "escalated")).toMatchObject({
      destinationIds: [second],
      message: { note: expect.stringMatching(/^level 2: nobody acknowledged within 5\smin: Ada$/) },
    });
    const entries = await stores.postgres.db
      .select({ kind: incidentTimeline.kind, text: incidentTimeline.text })
      .from(incidentTimeline)
      .where(eq(incidentTimeline.incidentId, incident.id));
    expect(entries.filter(({ kind }) => kind === "escalated").map(({ text }) => text)[0]).toBe(
      "Paged level 1: Ada",
    );
    const shown = await getIncident.call(call(minutes(1, 40)), { incident: 1 });
    expect(shown.escalation).toMatchObject({ policy: "Models", levelCount: 2, pagedCount: 2 });
  });

  test("of nobody leaves the destinations of the monitor, else those of the team that owns the model", async () => {
    const { bench, seams, call, tick } = await setUp();
    const place = randomUUID();
    const { id: teamId } = await createTeam.call(call(at(0)), {
      name: "Ranking",
      memberIds: [],
      escalationPolicyId: null,
      destinationIds: [place],
      models: [bench.model.name],
    });
    const [model] = await stores.postgres.db
      .select({ teamId: models.teamId })
      .from(models)
      .where(eq(models.id, bench.model.id));
    expect(model?.teamId).toBe(teamId);
    await bench.apply(bench.monitor({ destinationIds: [] }), [outcomeOf("F", 0)], at(1), { seams });
    await tick(minutes(1, 1));
    expect(heard(bench)).toEqual([["triggered", place]]);
    expect((await incidentOf(bench)).ownerTeamId).toBe(teamId);
  });
});

describe("a silence", () => {
  test("holds back what it matches, keeps what it hid, and lets it out when it ends", async () => {
    const { bench, seams, call, tick } = await setUp();
    const {
      silence: { id: silenceId },
    } = await createSilence.call(call(at(0)), {
      matchers: [{ label: "model", comparison: "is", values: [bench.model.name] }],
      endsAt: at(10).toISOString(),
      reason: "the feed moves tonight",
    });
    const monitor = bench.monitor();
    for (const hour of [0, 1])
      await bench.apply(monitor, [outcomeOf("F", hour)], at(hour + 1), { seams });
    await tick(minutes(2, 1));
    expect(heard(bench)).toEqual([]);
    const hidden = await stores.postgres.db
      .select()
      .from(silencedAlerts)
      .where(eq(silencedAlerts.silenceId, silenceId));
    const incident = await incidentOf(bench);
    expect(hidden).toMatchObject([
      { incidentId: incident.id, hiddenCount: 2, firstHiddenAt: at(1), lastHiddenAt: at(2) },
    ]);
    const shown = await getIncident.call(call(minutes(2, 2)), { incident: 1 });
    expect(shown).toMatchObject({
      isHeld: true,
      alerts: [{ silenced: { silenceId, until: at(10).toISOString() } }],
    });
    await expireSilence.call(call(minutes(2, 3)), { silenceId });
    await tick(minutes(2, 3.5));
    expect(heard(bench).map(([kind]) => kind)).toEqual(["triggered"]);
  });
});
