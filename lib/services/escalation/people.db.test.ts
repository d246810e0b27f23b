import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildModel, buildUser, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { CallContext } from "../context.ts";
import { removeMember } from "../member/remove-member.ts";
import { createOverride } from "../schedule/create-override.ts";
import { createSchedule } from "../schedule/create-schedule.ts";
import { deleteOverride } from "../schedule/delete-override.ts";
import { deleteSchedule } from "../schedule/delete-schedule.ts";
import { getSchedule } from "../schedule/get-schedule.ts";
import { listSchedules } from "../schedule/list-schedules.ts";
import { updateSchedule } from "../schedule/update-schedule.ts";
import { createTeam } from "../team/create-team.ts";
import { deleteTeam } from "../team/delete-team.ts";
import { listTeams } from "../team/list-teams.ts";
import { updateTeam } from "../team/update-team.ts";
import { createPolicy } from "./create-policy.ts";
import { deletePolicy } from "./delete-policy.ts";
import { findTargets } from "./find-targets.ts";
import { listPolicies } from "./list-policies.ts";
import { snapshotPolicy } from "./snapshot-policy.ts";
import { updatePolicy } from "./update-policy.ts";

// A Monday, twelve o'clock UTC.
const now = new Date("2026-11-02T12:00:00.000Z");
const hours = (count: number) => new Date(now.getTime() + count * 3_600_000);
const iso = (count: number) => hours(count).toISOString();
let stores: TestStores;
let call: CallContext;
const people: Record<string, string> = {};
const who = (name: string) => people[name] ?? "";

beforeAll(async () => {
  stores = openStores();
  const { id: workspaceId } = await buildWorkspace(stores.postgres);
  for (const name of ["Ada", "Ben", "Cem", "Dee"])
    people[name] = (
      await buildUser(stores.postgres, {
        workspaceId,
        name,
        role: name === "Ada" ? "owner" : "editor",
      })
    ).id;
  call = {
    ...stores,
    workspaceId,
    actor: { kind: "user", userId: who("Ada"), role: "owner" },
    now,
  };
  await buildModel(stores.postgres, workspaceId, { name: "eta" });
  await buildModel(stores.postgres, workspaceId, { name: "fraud" });
});
afterAll(() => stores.close());

const definition = (participants: string[]) => ({
  timeZone: "Europe/Berlin",
  layers: [
    {
      name: "Primary",
      participants: participants.map(who),
      rotation: { unit: "day" as const, every: 1, startsOn: "2026-11-02", handoverMinute: 540 },
      windows: [],
    },
  ],
});
const target = (kind: "user" | "schedule" | "team", id: string) => ({ kind, id });
const level = (targets: ReturnType<typeof target>[], waitMinutes = 5) => ({
  targets,
  destinationIds: [],
  waitMinutes,
});
const rules = (levels: ReturnType<typeof level>[]) => ({
  levels,
  repeatCount: 1,
  ackTimeoutMinutes: 30,
});
const findNames = async (levelOf: ReturnType<typeof level>, at = now) => {
  const found = await findTargets(stores.postgres.db, call.workspaceId, levelOf, at);
  return { people: found.people.map(({ name, via }) => [name, via]), problems: found.problems };
};

describe("a schedule", () => {
  test("says who is on call, who is next, and who stands in", async () => {
    const { id } = await createSchedule.call(call, {
      name: "ML primary",
      definition: definition(["Ada", "Ben"]),
    });
    const { schedules } = await listSchedules.call(call, {});
    expect(schedules.find((one) => one.id === id)).toMatchObject({
      onCall: { name: "Ada", until: "2026-11-03T08:00:00.000Z", layer: "Primary" },
      next: { name: "Ben", from: "2026-11-03T08:00:00.000Z" },
    });
    const override = await createOverride.call(call, {
      scheduleId: id,
      userId: who("Cem"),
      from: iso(1),
      until: iso(3),
    });
    const { shifts, overrides } = await getSchedule.call(call, { scheduleId: id, days: 1 });
    expect(shifts.map(({ name, from, layer }) => [name, from, layer])).toEqual([
      ["Ada", iso(0), "Primary"],
      ["Cem", iso(1), null],
      ["Ada", iso(3), "Primary"],
      ["Ben", "2026-11-03T08:00:00.000Z", "Primary"],
    ]);
    expect(overrides).toMatchObject([{ name: "Cem", isMember: true }]);
    await deleteOverride.call(call, { scheduleId: id, overrideId: override.id });
    expect((await getSchedule.call(call, { scheduleId: id, days: 1 })).overrides).toEqual([]);
  });

  test("refuses strangers, its own name again, an edit of what was changed since, and a layer that leaves hours open", async () => {
    const create = (name: string, layers = definition(["Ada"])) =>
      createSchedule.call(call, { name, definition: layers });
    const stranger = await buildUser(stores.postgres);
    const withStranger = definition(["Ada"]);
    withStranger.layers[0]?.participants.push(stranger.id);
    await expect(create("Strange", withStranger)).rejects.toMatchObject({
      code: "invalid_request",
      details: [{ path: "definition.layers.0.participants.1" }],
    });
    await expect(create("ml PRIMARY")).rejects.toMatchObject({ code: "conflict" });
    const { id } = await create("Second");
    const edit = (revision: number) =>
      updateSchedule.call(call, {
        scheduleId: id,
        revision,
        name: "Second",
        definition: definition(["Ben"]),
      });
    await edit(1);
    await expect(edit(1)).rejects.toMatchObject({ code: "stale" });
    const open = definition(["Ada"]);
    Object.assign(open.layers[0] ?? {}, {
      windows: [{ weekdays: [1], fromMinute: 0, untilMinute: 60 }],
    });
    await expect(create("Open", open)).rejects.toThrow();
  });
});

describe("an escalation policy", () => {
  test("pages whoever is on call at the time of the page, a team, and people, everybody once", async () => {
    const schedule = await createSchedule.call(call, {
      name: "Rota",
      definition: definition(["Ada", "Ben"]),
    });
    const team = await createTeam.call(call, {
      name: "Ranking",
      memberIds: [who("Ben"), who("Cem")],
      escalationPolicyId: null,
      destinationIds: [who("Dee")],
      models: [],
    });
    const both = level([
      target("schedule", schedule.id),
      target("team", team.id),
      target("user", who("Cem")),
    ]);
    expect(await findNames(both)).toEqual({
      people: [
        ["Ada", "on call for Rota"],
        ["Ben", "team Ranking"],
        ["Cem", "team Ranking"],
      ],
      problems: [],
    });
    expect(await findNames(both, hours(24))).toMatchObject({
      people: [
        ["Ben", "on call for Rota"],
        ["Cem", "team Ranking"],
      ],
    });
    const found = await findTargets(stores.postgres.db, call.workspaceId, both, now);
    expect(found.destinationIds).toEqual([who("Dee")]);
  });

  test("is that of the model's team, else the default; an incident's copy outlives an edit", async () => {
    const first = await createPolicy.call(call, {
      name: "First",
      rules: rules([level([target("user", who("Ada"))])]),
      isDefault: true,
    });
    const second = await createPolicy.call(call, {
      name: "Second",
      rules: rules([level([target("user", who("Ben"))])]),
    });
    const team = await createTeam.call(call, {
      name: "Arrivals",
      memberIds: [],
      escalationPolicyId: second.id,
      destinationIds: [],
      models: ["eta"],
    });
    const snapshot = (teamId: string | null) =>
      snapshotPolicy(stores.postgres.db, call.workspaceId, { teamId });
    const kept = await snapshot(team.id);
    expect(kept).toMatchObject({ policyId: second.id, name: "Second" });
    expect(await snapshot(null)).toMatchObject({ policyId: first.id });
    const before = structuredClone(kept);
    await updatePolicy.call(call, {
      policyId: second.id,
      revision: 1,
      name: "Second",
      rules: rules([level([target("user", who("Cem"))])]),
      isDefault: true,
    });
    expect(kept).toEqual(before);
    expect((await snapshot(null))?.policyId).toBe(second.id);
    const { policies } = await listPolicies.call(call, {});
    expect(policies.filter(({ isDefault }) => isDefault).map(({ name }) => name)).toEqual([
      "Second",
    ]);
    expect(policies.find(({ id }) => id === second.id)).toMatchObject({
      teams: ["Arrivals"],
      levels: ["Cem"],
    });
    await expect(deletePolicy.call(call, { policyId: second.id })).rejects.toMatchObject({
      code: "conflict",
    });
  });

  test("says when it would reach nobody: a member who left, a schedule that is gone", async () => {
    const schedule = await createSchedule.call(call, {
      name: "Leaving",
      definition: definition(["Dee"]),
    });
    const policy = await createPolicy.call(call, {
      name: "Leaving",
      rules: rules([level([target("schedule", schedule.id)])]),
    });
    await expect(deleteSchedule.call(call, { scheduleId: schedule.id })).rejects.toMatchObject({
      code: "conflict",
    });
    await removeMember.call(call, { userId: who("Dee") });
    const { policies } = await listPolicies.call(call, {});
    expect(policies.find(({ id }) => id === policy.id)).toMatchObject({
      levels: ["nobody"],
      problems: ["level 1: Dee, on call for Leaving, has left"],
    });
    const strange = createPolicy.call(call, {
      name: "Strange",
      rules: rules([level([target("team", schedule.id)])]),
    });
    await expect(strange).rejects.toMatchObject({
      details: [{ path: "rules.levels.0.targets", message: "a team is gone" }],
    });
    await deletePolicy.call(call, { policyId: policy.id });
    await deleteSchedule.call(call, { scheduleId: schedule.id });
  });
});

test("a team takes models from whoever had them, and gives them back to nobody", async () => {
  const fields = { memberIds: [], escalationPolicyId: null, destinationIds: [] };
  const one = await createTeam.call(call, { ...fields, name: "One", models: ["eta", "fraud"] });
  const two = await createTeam.call(call, { ...fields, name: "Two", models: ["fraud"] });
  const owners = async () => {
    const { teams, unownedModels } = await listTeams.call(call, {});
    const ours = teams.filter(({ id }) => id === one.id || id === two.id);
    return { owned: ours.map(({ name, models }) => [name, models]), unownedModels };
  };
  expect(await owners()).toEqual({
    owned: [
      ["One", ["eta"]],
      ["Two", ["fraud"]],
    ],
    unownedModels: [],
  });
  await updateTeam.call(call, { ...fields, teamId: one.id, name: "One", models: [] });
  await deleteTeam.call(call, { teamId: two.id });
  expect(await owners()).toEqual({ owned: [["One", []]], unownedModels: ["eta", "fraud"] });
  await expect(
    updateTeam.call(call, { ...fields, teamId: one.id, name: "One", models: ["no-such"] }),
  ).rejects.toMatchObject({ code: "not_found" });
});
