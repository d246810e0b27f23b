import { expect, test } from "vitest";
import { actionDefinitionSchema } from "#lib/domain/action.ts";
import {
  bodyProblem,
  draftOfAction,
  emptyActionDraft,
  readActionDraft,
  slugOf,
} from "./draft-action.ts";

test("an empty draft is a whole definition, and comes back as it was", () => {
  const definition = readActionDraft(emptyActionDraft);
  expect(actionDefinitionSchema.parse(definition)).toEqual(definition);
  const action = {
    id: "a",
    slug: "retrain",
    name: "Retrain",
    kind: definition.kind,
    address: "x/…",
    definition,
    hasToken: false,
    isEnabled: true,
    revision: 1,
    updatedAt: "",
    lastRun: null,
  };
  expect(readActionDraft(draftOfAction(action))).toEqual(definition);
});

test("what is left empty is not asked, and what is no number is refused by the contract", () => {
  const draft = {
    ...emptyActionDraft,
    coverage: "92.5",
    verifyAfter: "",
    coolDown: "",
    dailyMax: "",
  };
  expect(readActionDraft(draft)).toMatchObject({
    checks: { labelCoverageMin: 0.925 },
    verifyAfterMinutes: null,
    coolDownMinutes: 0,
    dailyMax: null,
  });
  const wrong = readActionDraft({ ...emptyActionDraft, timeLimit: "soon" });
  expect(actionDefinitionSchema.safeParse(wrong).success).toBe(false);
});

test("a body that can't be filled is said before it is sent", () => {
  expect(bodyProblem(emptyActionDraft)).toBeNull();
  expect(bodyProblem({ ...emptyActionDraft, body: "{{x}}" })).toBe(
    "The body names {{x}}, which there is not.",
  );
});

test.each([
  ["Retrain eta", "retrain-eta"],
  ["  Über-Roll back!! ", "ber-roll-back"],
  ["", ""],
])("%s is %s", (name, slug) => {
  expect(slugOf(name)).toBe(slug);
});
