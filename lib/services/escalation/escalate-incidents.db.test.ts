import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findIncidentRow, listTimeline } from "#db/postgres/queries/incident.ts";
import { buildUser } from "#db/testing/build-workspace.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { IncidentAction } from "#lib/domain/incident.ts";
import type { CallContext } from "../context.ts";
import { changeIncident } from "../incident/change-incident.ts";
import type { Bench } from "../incident/testing/alerting-bench.ts";
import { ada, at, outcomeOf, setUpBench } from "../incident/testing/alerting-bench.ts";
import { createSchedule } from "../schedule/create-schedule.ts";
import { createTeam } from "../team/create-team.ts";
import { createPolicy } from "./create-policy.ts";
import { escalateIncidents } from "./escalate-incidents.ts";
import { updatePolicy } from "./update-policy.ts";

const minute = (count: number) => new Date(at(1).getTime() + count * 60_000);
const [pager, chat] = [randomUUID(), randomUUID()];
let stores: TestStores;
let bench: Bench;
let call: CallContext;
let policyId: string;
let monitor: ReturnType<Bench["monitor"]>;

beforeAll(async () => {
  stores = openStores();
  bench = await setUpBench(stores);
  const { workspaceId } = bench;
  call = { ...stores, workspaceId, actor: { kind: "job", name: "test" }, now: at(0) };
  const build = (name: string) => buildUser(stores.postgres, { workspaceId, role: "editor", name });
  const [first, second] = [await build("Ada"), await build("Ben")];
  const schedule = await createSchedule.call(call, {
    name: "Primary",
    definition: {
      timeZone: "UTC",
      layers: [
        {
          name: "Rotation",
          participants: [first.id],
          rotation: { unit: "week", every: 1, startsOn: "2026-11-02", handoverMinute: 540 },
          windows: [],
        },
      ],
    },
  });
  policyId = (
    await createPolicy.call(call, {
      name: "ML",
      isDefault: true,
      rules: {
        levels: [
          {
            targets: [{ kind: "schedule", id: schedule.id }],
            destinationIds: [pager],
            waitMinutes: 5,
          },
          { targets: [{ kind: "user", id: second.id }], destinationIds: [chat], waitMinutes: 10 },
        ],
        repeatCount: 0,
        ackTimeoutMinutes: 30,
      },
    })
  ).id;
  monitor = bench.monitor();
});
afterAll(() => stores.close());

/** What both loops of the worker do at a time. */
async function work(now: Date): Promise<void> {
  const { workspaceId, seams } = bench;
  await escalateIncidents(stores.postgres, {
    workspaceId,
    now,
    newId: randomUUID,
    seams,
    onError: (error) => {
      throw error;
    },
  });
  await bench.tick(now);
}
const said = () =>
  bench.sent
    .splice(0)
    .map(({ message, destinationIds }) => [message.kind, message.note, destinationIds.length]);
const incident = async () => {
  const row = await findIncidentRow(
    { pg: stores.postgres.db, workspaceId: bench.workspaceId },
    { number: 1 },
  );
  if (row === null) throw new Error("There is one incident.");
  return row;
};
const act = async (action: IncidentAction, now: Date) => {
  const { id } = await incident();
  const { workspaceId, seams } = bench;
  await stores.postgres.transaction((tx) =>
    changeIncident(tx, {
      workspaceId,
      incidentId: id,
      action,
      actor: ada,
      now,
      newId: randomUUID,
      seams,
    }),
  );
};

describe("an incident", () => {
  test("is paged to the first level at once, whose destinations hear that it was triggered", async () => {
    await bench.apply(monitor, [outcomeOf("F", 0)]);
    await work(minute(0));
    await work(minute(1));
    // Its monitor's destination and the pager.
    expect(said()).toEqual([["triggered", null, 2]]);
    expect((await incident()).destinationIds).toEqual([pager]);
    const timeline = await listTimeline(
      { pg: stores.postgres.db, workspaceId: bench.workspaceId },
      (await incident()).id,
    );
    expect(timeline.map(({ text }) => text)).toContain("ML, level 1: Ada (on call for Primary)");
  });

  test("goes to the next level when nobody acknowledged in time, by the policy as it was", async () => {
    await updatePolicy.call(call, {
      policyId,
      revision: 1,
      name: "ML",
      isDefault: true,
      rules: {
        levels: [{ targets: [], destinationIds: [chat], waitMinutes: 1 }],
        repeatCount: 0,
        ackTimeoutMinutes: null,
      },
    });
    await work(minute(4));
    expect(said()).toEqual([]);
    await work(minute(5));
    const [first, ...others] = said();
    expect(first?.[0]).toBe("triggered");
    expect(others).toMatchObject([
      ["escalated", expect.stringContaining("nobody acknowledged within 5\u202fmin: Ben"), 2],
    ]);
    expect((await incident()).destinationIds.toSorted()).toEqual([pager, chat].toSorted());
  });

  test("pages nobody while it is acknowledged, and whoever was paged last again once that is given back", async () => {
    await act("acknowledge", minute(6));
    await work(minute(7));
    said();
    await work(minute(12));
    expect(said().filter(([kind]) => kind === "escalated")).toEqual([]);
    await act("unacknowledge", minute(13));
    said();
    await work(minute(13));
    expect(said().filter(([kind]) => kind === "escalated")).toMatchObject([
      ["escalated", expect.stringContaining("Ben"), 3],
    ]);
  });

  test("is over when it is resolved, also in the middle of it; run again it changes nothing", async () => {
    await act("resolve", minute(14));
    said();
    await work(minute(15));
    await work(minute(60));
    expect(said()).toEqual([]);
  });
});

test("an incident of a team's model is told at the team's destinations, without any policy too", async () => {
  const other = await setUpBench(stores);
  const { workspaceId, seams } = other;
  const team = await createTeam.call(
    { ...call, workspaceId },
    { name: "T", memberIds: [], escalationPolicyId: null, destinationIds: [chat], models: [] },
  );
  await other.apply(other.monitor({ ownerTeamId: team.id }), [outcomeOf("F", 0)]);
  await escalateIncidents(stores.postgres, {
    workspaceId,
    now: minute(0),
    newId: randomUUID,
    seams,
    onError: (error) => {
      throw error;
    },
  });
  await other.tick(minute(1));
  expect(other.sent.flatMap(({ destinationIds }) => destinationIds)).toContain(chat);
});

test("what all is silenced in is held, and paged when the silence ends", async () => {
  const other = await setUpBench(stores);
  const { workspaceId, seams } = other;
  const theirs = { ...call, workspaceId };
  await createPolicy.call(theirs, {
    name: "Held",
    isDefault: true,
    rules: {
      levels: [{ targets: [], destinationIds: [pager], waitMinutes: 5 }],
      repeatCount: 0,
      ackTimeoutMinutes: null,
    },
  });
  const escalate = (now: Date) =>
    escalateIncidents(stores.postgres, {
      workspaceId,
      now,
      newId: randomUUID,
      seams,
      onError: (error) => {
        throw error;
      },
    });
  other.silenced.isOn = true;
  await other.apply(other.monitor(), [outcomeOf("F", 0)]);
  await escalate(minute(0));
  await other.tick(minute(2));
  expect(other.said()).toEqual([]);
  other.silenced.isOn = false;
  await escalate(minute(3));
  await other.tick(minute(3));
  expect(other.sent.flatMap(({ destinationIds }) => destinationIds)).toContain(pager);
});
