import { expect, test } from "vitest";
import { checkContractWords } from "./contract-words.ts";
import { buildHouse } from "./house.ts";

test.each([
  "const row = driftOutput.shape.features;",
  "modelInput.extend({ feature });",
  'import { z } from "zod";',
])("browser code may not say %s", (text) => {
  expect(checkContractWords(buildHouse({ "components/drift/a.tsx": text }))).toHaveLength(1);
  expect(checkContractWords(buildHouse({ "lib/charts/a.ts": text }))).toHaveLength(1);
  expect(checkContractWords(buildHouse({ "lib/api/drift.ts": text }))).toEqual([]);
  expect(checkContractWords(buildHouse({ "components/drift/a.test.ts": text }))).toEqual([]);
});

test("parsing, and listing what there is to choose from, may be said anywhere", () => {
  const text =
    "roleSchema.parse(value); taskSchema.options.map(name); rangeSchema.safeParse(query);";
  expect(checkContractWords(buildHouse({ "components/member/a.tsx": text }))).toEqual([]);
});
