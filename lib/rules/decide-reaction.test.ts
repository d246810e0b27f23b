import { describe, expect, test } from "vitest";
import type { CheckResult } from "#lib/domain/action.ts";
import type { ReactionDefinition } from "#lib/domain/reaction.ts";
import { reactionDefinitionSchema } from "#lib/domain/reaction.ts";
import type { ReactedIncident } from "./decide-reaction.ts";
import { decideReaction, refuseIncident } from "./decide-reaction.ts";

const definition = (overrides: Partial<ReactionDefinition> = {}) =>
  reactionDefinitionSchema.parse({ event: "opened", ...overrides });
const incident: ReactedIncident = {
  causeClass: "data_drift",
  severity: "sev2",
  modelName: "eta",
  tier: 1,
};

describe("a reaction is for an incident", () => {
  test.each<[string, Partial<ReactionDefinition>, Partial<ReactedIncident>, string | null]>([
    ["of any kind where nothing is chosen", {}, {}, null],
    ["of a cause that was chosen", { causeClasses: ["data_drift"] }, {}, null],
    ["and not of another", { causeClasses: ["data_quality"] }, {}, "not for data drift"],
    ["of a severity that was chosen", { severities: ["sev1", "sev2"] }, {}, null],
    ["and not of another", { severities: ["sev1"] }, {}, "not for SEV-2"],
    ["of a model that was chosen", { models: ["eta"] }, {}, null],
    ["and not of another", { models: ["fare"] }, {}, "not for eta"],
    ["of a tier that was chosen", { tiers: [1, 2] }, {}, null],
    ["and not of another", { tiers: [3] }, {}, "not for tier 1"],
    [
      "and not of none where one is asked for",
      { tiers: [1] },
      { modelName: null, tier: null },
      "not for an incident without a model",
    ],
  ])("%s: %#", (_, chosen, given, expected) => {
    expect(refuseIncident(definition(chosen), { ...incident, ...given })).toBe(expected);
  });
});

const holds: CheckResult = { name: "label_coverage", isHeld: true, reason: "labels are in" };
const cooling: CheckResult = { name: "cool_down", isHeld: false, reason: "cool-down until 14:05" };

describe("its guards", () => {
  test.each<[boolean, CheckResult[], object]>([
    [false, [], { outcome: "run", reason: "nothing stands against it" }],
    [false, [holds], { outcome: "run", reason: "labels are in" }],
    [true, [holds], { outcome: "dry_run", reason: "dry run, it would have run: labels are in" }],
    [false, [holds, cooling], { outcome: "held_back", reason: "not run: cool-down until 14:05" }],
    [true, [cooling], { outcome: "held_back", reason: "not run: cool-down until 14:05" }],
  ])("dry %s, %j", (isDryRun, guards, expected) => {
    expect(decideReaction({ isDryRun }, guards)).toEqual(expected);
  });
});

test("minutes are due for still_open, and nowhere else", () => {
  const of = (event: string, afterMinutes: number | null) =>
    reactionDefinitionSchema.safeParse({ event, afterMinutes }).success;
  expect([of("still_open", 30), of("opened", null)]).toEqual([true, true]);
  expect([of("still_open", null), of("opened", 30)]).toEqual([false, false]);
});
