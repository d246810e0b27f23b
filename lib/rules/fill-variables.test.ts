import { expect, test } from "vitest";
import { fillVariables, unknownVariables } from "./fill-variables.ts";

const variables = { "impact.predictions": "1,204", severity: "SEV-2" };

test.each([
  ["{{severity}}: {{ impact.predictions }} rows", "SEV-2: 1,204 rows"],
  ["{{nobody.knows}} and {{severity}}", "{{nobody.knows}} and SEV-2"],
  ["{{constructor}} {{toString}} {severity} {{}}", "{{constructor}} {{toString}} {severity} {{}}"],
  ["", ""],
])("%s", (text, filled) => {
  expect(fillVariables(text, variables)).toBe(filled);
});

test("what nobody knows is named once", () => {
  expect(unknownVariables("{{a.b}} {{severity}} {{a.b}} {{constructor}}", variables)).toEqual([
    "a.b",
    "constructor",
  ]);
});
