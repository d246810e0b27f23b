import { expect, test } from "vitest";
import { checkCitedPaths } from "./cited-paths.ts";
import { buildHouse } from "./house.ts";

const files = { "lib/stats/psi.ts": "", "db/postgres/migrations/0001_a.sql": "", "README.md": "" };
const findingsOf = (text: string, path = "docs/guide.md") =>
  checkCitedPaths(buildHouse({ ...files, [path]: text }));

test.each([
  ["a file", "see `lib/stats/psi.ts`"],
  ["a file with a line", "see `lib/stats/psi.ts:12`"],
  ["a folder", "see `lib/stats/` and `lib/stats`"],
  ["a pattern", "see `db/*/migrations/` and `lib/**/psi.ts`"],
  ["a shortened path", "see `.../drift/page.tsx` and `app/.../page.tsx`"],
  ["a placeholder", "see `lib/stats/<name>.ts`"],
  [
    "a link from another folder",
    "[readme](../README.md#start) and [web](https://example.org/lib/x.ts)",
  ],
  ["what a run writes", "see `bench/results/ingest.json`"],
  ["code between fences", "```ts\n`lib/none.ts`\n```"],
  ["a path of no room", "see `packages/web/x.ts`"],
])("%s passes", (_, text) => {
  expect(findingsOf(text)).toEqual([]);
});

test("a dead path is named with its line", () => {
  expect(findingsOf("# Guide\n\nsee `lib/stats/psy.ts`\n")).toEqual([
    { path: "docs/guide.md", line: 3, message: "lib/stats/psy.ts does not exist" },
  ]);
});

test("a dead link and a pattern that matches nothing are named", () => {
  expect(findingsOf("[a](./none.md) `lib/*/kl.ts`").map(({ message }) => message)).toEqual([
    "lib/*/kl.ts does not exist",
    "docs/none.md does not exist",
  ]);
});

test("a name that only begins like a file is not that file", () => {
  expect(findingsOf("`lib/stats/psi`")).toHaveLength(1);
});
