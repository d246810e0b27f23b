import { expect, test } from "vitest";
import { defaultTemplate } from "#lib/domain/postmortem.ts";
import { lintBlame } from "./blame-lint.ts";
import { draftSection, leaveOutNames } from "./draft-postmortem.ts";
import { unknownVariables } from "./fill-variables.ts";
import { namePostmortemVariables } from "./name-postmortem-variables.ts";

const incident = {
  number: 4,
  title: "eta drifts",
  severity: "sev2" as const,
  model: "eta",
  environment: "production",
  segment: null,
  impactStartedAt: "2026-11-01T00:00:00.000Z",
  detectedAt: "2026-11-01T02:00:00.000Z",
  acknowledgedAt: null,
  mitigatedAt: "2026-11-01T05:00:00.000Z",
  resolvedAt: null,
};
const impact = {
  from: incident.impactStartedAt,
  until: incident.mitigatedAt,
  isOpen: false,
  durationMs: 5 * 3_600_000,
  predictionCount: 1_204,
  reason: null,
  segments: [],
  budgets: [],
};

test("a draft names only variables that there are, and blames nobody", () => {
  const variables = namePostmortemVariables(incident, impact);
  for (const section of defaultTemplate) {
    const text = draftSection(section);
    expect(unknownVariables(text, variables)).toEqual([]);
    expect(lintBlame(text)).toEqual([]);
    expect(lintBlame(section.guidance)).toEqual([]);
  }
});

test("what is not known says so, and is no zero", () => {
  const variables = namePostmortemVariables(
    { ...incident, impactStartedAt: null },
    { ...impact, predictionCount: null, durationMs: null },
  );
  expect(variables["impact.predictions"]).toBe("an unknown number of");
  expect(variables["impact.duration"]).toBe("not known");
  expect(variables["detected.after"]).toBe("not known");
  expect(variables["acknowledged.after"]).toBe("not known");
});

test.each([
  ["Ada resolved it: Ada's fix", ["Ada"], "The responder resolved it: the responder's fix"],
  ["Adapter by Ada Lovelace", ["Ada", "Ada Lovelace"], "Adapter by the responder"],
  ["Nobody", ["", " "], "Nobody"],
])("%s", (text, names, expected) => {
  expect(leaveOutNames(text, names)).toBe(expected);
});
