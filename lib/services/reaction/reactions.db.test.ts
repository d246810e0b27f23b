import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { buildUser, buildWorkspace } from "#db/testing/build-workspace.ts";
import type { TestStores } from "#db/testing/open-stores.ts";
import { openStores } from "#db/testing/open-stores.ts";
import type { ReactionDefinition } from "#lib/domain/reaction.ts";
import { deleteAction } from "../action/delete-action.ts";
import { listRuns } from "../action/list-runs.ts";
import { buildAction } from "../action/testing/build-action.ts";
import type { CallContext } from "../context.ts";
import { testSealer } from "../destination/testing/build-destination.ts";
import { actOnIncident } from "../incident/act-on-incident.ts";
import { createIncident } from "../incident/create-incident.ts";
import type { Bench } from "../incident/testing/alerting-bench.ts";
import { outcomeOf, setUpBench } from "../incident/testing/alerting-bench.ts";
import { createReaction } from "./create-reaction.ts";
import { deleteReaction } from "./delete-reaction.ts";
import { evaluateReactions } from "./evaluate-reactions.ts";
import { listReactionEvaluations } from "./list-reaction-evaluations.ts";
import { listReactions } from "./list-reactions.ts";
import { updateReaction } from "./update-reaction.ts";

const start = new Date("2100-09-01T14:00:00.000Z");
const minuteMs = 60_000;
let nowMs = start.getTime();
const now = () => new Date(nowMs);
const pass = (minutes: number) => {
  nowMs += minutes * minuteMs;
};

let stores: TestStores;
let bench: Bench;
let userId: string;

beforeAll(() => {
  stores = openStores();
});
beforeEach(async () => {
  nowMs = start.getTime();
  bench = await setUpBench(stores);
  const { workspaceId } = bench;
  userId = (await buildUser(stores.postgres, { workspaceId, role: "admin", name: "Ada" })).id;
});
afterAll(() => stores.close());

const call = (): CallContext => ({
  ...stores,
  workspaceId: bench.workspaceId,
  outgoing: { sealer: testSealer, allowedHosts: [] },
  actor: { kind: "user", userId, role: "admin" },
  now: now(),
});
/** To nowhere: nothing is sent here. */
const toAction = () =>
  buildAction(stores.postgres, bench.workspaceId, "https://pipeline.example.com/run");
async function react(
  definition: Partial<ReactionDefinition> = {},
  actionId?: string,
): Promise<string> {
  const { reaction } = await createReaction.call(call(), {
    name: `Reaction ${randomUUID()}`,
    actionId: actionId ?? (await toAction()).id,
    definition: { event: "opened", isDryRun: false, ...definition },
  });
  return reaction.id;
}
const open = async (severity: "sev1" | "sev3" = "sev1") =>
  (
    await createIncident.call(call(), {
      title: "eta is wrong",
      reason: "calls",
      severity,
      model: bench.model.name,
    })
  ).number;
const evaluate = () =>
  evaluateReactions({
    stores,
    now,
    newId: randomUUID,
    workspaceId: bench.workspaceId,
    onError: (error) => {
      throw error;
    },
  });
const log = async (reactionId: string, outcome = "all") => {
  const input = { reactionId, outcome };
  const { evaluations } = await listReactionEvaluations.call(call(), input);
  return evaluations.map((each) => `#${each.incident} ${each.outcome}: ${each.reason}`);
};
const runsOf = async (incident: number) =>
  (await listRuns.call(call(), { incident })).runs.map(({ isReaction, state }) => ({
    isReaction,
    state,
  }));

describe("a reaction", () => {
  test("asks for its action once, however often and by however many it is looked at", async () => {
    const reactionId = await react();
    const number = await open();
    await Promise.all([evaluate().catch(() => 0), evaluate().catch(() => 0)]);
    await evaluate();
    expect(await evaluate()).toBe(0);
    expect(await log(reactionId)).toEqual([`#${number} run: no cool-down; 0 of 3 runs in 24 h`]);
    expect(await runsOf(number)).toEqual([{ isReaction: true, state: "requested" }]);
  });

  test("is not asked about what happened before it was there, or while it was off", async () => {
    await open();
    pass(1);
    const reactionId = await react();
    expect(await evaluate()).toBe(0);
    const { reactions } = await listReactions.call(call(), {});
    const revision = reactions[0]?.revision ?? 0;
    await updateReaction.call(call(), { reactionId, revision, isEnabled: false });
    pass(1);
    await open();
    expect(await evaluate()).toBe(0);
    pass(1);
    await updateReaction.call(call(), { reactionId, revision: revision + 1, isEnabled: true });
    expect(await evaluate()).toBe(0);
    await expect(
      updateReaction.call(call(), { reactionId, revision, isEnabled: false }),
    ).rejects.toMatchObject({ code: "stale" });
  });

  test("of each state comes with that state", async () => {
    const acknowledged = await react({ event: "acknowledged" });
    const stillOpen = await react({ event: "still_open", afterMinutes: 30 });
    const number = await open();
    const other = await open();
    await evaluate();
    expect([await log(acknowledged), await log(stillOpen)]).toEqual([[], []]);
    pass(10);
    await actOnIncident.call(call(), { incident: number, action: "acknowledge" });
    await evaluate();
    expect(await log(acknowledged)).toHaveLength(1);
    pass(10);
    await actOnIncident.call(call(), { incident: other, action: "resolve", reason: "fixed" });
    pass(9);
    await evaluate();
    expect(await log(stillOpen)).toEqual([]);
    pass(1);
    await evaluate();
    expect(await log(stillOpen)).toEqual([expect.stringMatching(new RegExp(`^#${number} run: `))]);
  });

  test("for other incidents says that it is not meant, and keeps that out of the usual log", async () => {
    const reactionId = await react({ severities: ["sev1"] });
    const number = await open("sev3");
    await evaluate();
    expect(await log(reactionId)).toEqual([`#${number} not_meant: not for SEV-3`]);
    expect(await log(reactionId, "meant")).toEqual([]);
    expect(await runsOf(number)).toEqual([]);
  });

  test("is held back by its cool-down, says until when, and runs again after it", async () => {
    const reactionId = await react({
      guards: {
        labelCoverageMin: null,
        noUpstreamIncident: false,
        challengerNotWorse: false,
        coolDownMinutes: 65,
        dailyMax: 2,
      },
    });
    const first = await open();
    await evaluate();
    pass(5);
    const second = await open();
    await evaluate();
    pass(65);
    const third = await open();
    await evaluate();
    pass(66);
    const fourth = await open();
    await evaluate();
    expect((await log(reactionId)).reverse()).toEqual([
      `#${first} run: no cool-down; 0 of 2 runs in 24 h`,
      `#${second} held_back: not run: cool-down until 2100-09-01 15:05 UTC`,
      `#${third} run: no cool-down; 1 of 2 runs in 24 h`,
      `#${fourth} held_back: not run: it ran 2 times in 24 h, 2 is the most`,
    ]);
  });

  test("is held back by late rows and by labels that are not in", async () => {
    const reactionId = await react({
      guards: {
        labelCoverageMin: 0.5,
        noUpstreamIncident: true,
        challengerNotWorse: false,
        coolDownMinutes: 0,
        dailyMax: 10,
      },
    });
    await bench.apply(
      bench.monitor({ causeClass: "freshness", name: "Freshness" }),
      [outcomeOf("F", 0)],
      now(),
    );
    await evaluate();
    const [line] = await log(reactionId);
    expect(line).toMatch(
      /held_back: not run: label coverage is not known: .*; incident #1 \(freshness\) is open/,
    );
  });

  test("that is dry runs nothing, and says that it would have", async () => {
    const reactionId = await react({ isDryRun: true });
    const number = await open();
    await evaluate();
    expect(await log(reactionId)).toEqual([
      `#${number} dry_run: dry run, it would have run: no cool-down; 0 of 3 runs in 24 h`,
    ]);
    expect(await runsOf(number)).toEqual([]);
  });

  test("of an action that is under way for the incident adds none", async () => {
    const { id } = await toAction();
    const [one, other] = [await react({}, id), await react({}, id)];
    const number = await open();
    await evaluate();
    expect(await runsOf(number)).toHaveLength(1);
    const lines = [...(await log(one)), ...(await log(other))].sort();
    expect(lines[0]).toContain("held_back: not run: Retrain is under way");
    expect(lines[1]).toContain("run: ");
  });

  test("keeps its action from being deleted, and its log when it is itself", async () => {
    const { id: actionId } = await toAction();
    const reactionId = await react({}, actionId);
    const number = await open();
    await evaluate();
    await expect(deleteAction.call(call(), { actionId })).rejects.toMatchObject({
      code: "conflict",
    });
    await deleteReaction.call(call(), { reactionId });
    expect(await log(reactionId)).toHaveLength(1);
    expect(await runsOf(number)).toHaveLength(1);
    await deleteAction.call(call(), { actionId });
  });

  test("of another workspace is not found, and calls no action of another", async () => {
    const reactionId = await react();
    const { id: actionId } = await toAction();
    const other = await buildWorkspace(stores.postgres);
    const theirs = { ...call(), workspaceId: other.id };
    await expect(deleteReaction.call(theirs, { reactionId })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(
      createReaction.call(theirs, { name: "theirs", actionId, definition: { event: "opened" } }),
    ).rejects.toMatchObject({ code: "not_found" });
  });
});
