import { describe, expect, test } from "vitest";
import { attachRuleSchema } from "#lib/domain/runbook.ts";
import type { IncidentTraits } from "./match-runbook.ts";
import { matchRunbook, sayAttachRule } from "./match-runbook.ts";

const traits: IncidentTraits = {
  causeClass: "data_drift",
  severity: "sev2",
  monitorKinds: ["drift"],
  subjects: ["feature"],
  statistics: ["psi"],
  model: "eta",
  environment: "production",
  tier: 1,
  hasSegment: false,
};
const cases: [name: string, rule: object, reason: string | null][] = [
  ["that asks nothing fits nothing", {}, null],
  ["fits by its cause", { causeClasses: ["data_drift", "schema"] }, "data drift"],
  ["does not fit another cause", { causeClasses: ["schema"] }, null],
  [
    "fits when all that it asks holds",
    { causeClasses: ["data_drift"], tiers: [1, 2] },
    "data drift, tier 1",
  ],
  ["does not fit when one thing does not", { causeClasses: ["data_drift"], tiers: [3] }, null],
  ["fits the kind of a monitor", { monitorKinds: ["drift", "skew"] }, "a monitor of drift"],
  ["fits what alerts are about", { subjects: ["feature"] }, "of a feature"],
  ["fits what their monitors take", { statistics: ["psi"] }, "by psi"],
  ["fits a model by name", { models: ["eta"] }, "model eta"],
  ["fits an environment", { environments: ["production"] }, "environment production"],
  ["fits a severity", { severities: ["sev1", "sev2"] }, "SEV-2"],
  ["fits all rows", { segment: "none" }, "all rows"],
  ["does not fit all rows when it is for one segment", { segment: "one" }, null],
];

describe("a rule", () => {
  test.each(cases)("%s", (_name, rule, reason) => {
    expect(matchRunbook(attachRuleSchema.parse(rule), traits)?.reason ?? null).toBe(reason);
  });

  test("of a model does not fit an incident of none", () => {
    const rule = attachRuleSchema.parse({ models: ["eta"] });
    expect(matchRunbook(rule, { ...traits, model: null, tier: null })).toBeNull();
  });

  test("is said in words", () => {
    expect(sayAttachRule(attachRuleSchema.parse({}))).toBe("by hand only");
    expect(
      sayAttachRule(
        attachRuleSchema.parse({ causeClasses: ["schema", "volume"], tiers: [1], segment: "one" }),
      ),
    ).toBe("schema change or unusual volume, tier 1, of one segment");
  });
});
