import { expect, test } from "vitest";
import { reactionDefinitionSchema } from "#lib/domain/reaction.ts";
import {
  draftOfReaction,
  emptyReactionDraft,
  readReactionDraft,
  sayGuards,
  sayReaction,
} from "./draft-reaction.ts";

test("a draft is a whole definition, and comes back as it was", () => {
  const draft = {
    ...emptyReactionDraft,
    event: "still_open" as const,
    tiers: ["2", "1"],
    coverage: "50",
  };
  const definition = readReactionDraft(draft);
  expect(reactionDefinitionSchema.parse(definition)).toEqual(definition);
  expect(definition).toMatchObject({ afterMinutes: 30, tiers: [1, 2] });
  const reaction = {
    id: "r",
    name: "n",
    actionId: "a",
    actionName: "A",
    definition,
    isEnabled: true,
    revision: 1,
    activeFrom: "",
    updatedAt: "",
  };
  expect(readReactionDraft(draftOfReaction(reaction))).toEqual(definition);
});

test("is said in words", () => {
  const definition = readReactionDraft({
    ...emptyReactionDraft,
    causeClasses: ["data_drift", "performance"],
    severities: ["sev1"],
    models: ["eta"],
    coverage: "50",
  });
  expect(sayReaction(definition)).toBe(
    "When an incident of data drift or performance, SEV-1, on eta is opened",
  );
  expect(sayGuards(definition)).toBe(
    "labels at least 50 % in, no late or broken rows upstream, once in 1 h, at most 3 in 24 h",
  );
  const late = { ...emptyReactionDraft, event: "still_open" as const, afterMinutes: "90" };
  expect(sayReaction(readReactionDraft(late))).toBe("When any incident is still open after 90 min");
});
