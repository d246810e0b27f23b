import { expect, test } from "vitest";
import { buildHouse } from "./house.ts";
import { checkNouns, nounsOf } from "./nouns.ts";

const glossary = {
  "docs/GLOSSARY.md": "| noun | is |\n|---|---|\n| `drift` | far |\n| `key`  | a secret |\n",
};

test("the nouns are the first cells of the glossary's tables", () => {
  expect([...nounsOf(buildHouse(glossary))]).toEqual(["drift", "key"]);
});

test("folders and contracts named with a noun pass, and so do primitives and loose files", () => {
  const house = buildHouse({
    ...glossary,
    "lib/api/drift.ts": "",
    "lib/api/drift.test.ts": "",
    "lib/services/key/create-key.ts": "",
    "lib/services/define-service.ts": "",
    "components/drift/drift-page.tsx": "",
    "components/ui/button.tsx": "",
    "components/charts/line-chart.tsx": "",
  });
  expect(checkNouns(house)).toEqual([]);
});

test.each([
  "lib/api/drifts.ts",
  "lib/services/api-key/create.ts",
  "components/divergence/page.tsx",
])("%s is refused: its noun is not in the glossary", (path) => {
  expect(checkNouns(buildHouse({ ...glossary, [path]: "" }))).toMatchObject([{ path }]);
});

test("without a glossary every noun is unknown", () => {
  expect(checkNouns(buildHouse({ "lib/api/drift.ts": "" }))).toHaveLength(1);
});
