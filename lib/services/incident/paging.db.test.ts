import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { incidents } from "#db/postgres/schema/incidents.ts";
import { models } from "#db/postgres/schema/models.ts";
import { silencedAlerts } from "#db/postgres/schema/people.ts";
import { buildUser } from "#db/testing/build-workspace.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { CallContext } from "../context.ts";
import { createSilence } from "../silence/create-silence.ts";
import { expireSilence } from "../silence/expire-silence.ts";
import { createTeam } from "../team/create-team.ts";
import { getIncident } from "./get-incident.ts";
import type { Bench } from "./testing/alerting-bench.ts";
import { at, outcomeOf, setUpBench } from "./testing/alerting-bench.ts";
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

describe("without a policy", () => {
  test("the destinations of the team that owns the model hear of what its monitors name nobody for", async () => {
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
    const shown = await getIncident.call(call(minutes(2, 2)), { incident: 1 });
    expect(hidden).toMatchObject([
      { alertId: shown.alerts[0]?.id, firstHiddenAt: at(1), lastHiddenAt: minutes(2, 1) },
    ]);
    expect(shown).toMatchObject({
      isHeld: true,
      alerts: [{ silenced: { silenceId, until: at(10).toISOString() } }],
    });
    await expireSilence.call(call(minutes(2, 3)), { silenceId });
    await tick(minutes(2, 3.5));
    expect(heard(bench).map(([kind]) => kind)).toEqual(["triggered"]);
  });
});
