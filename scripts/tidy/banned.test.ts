import { expect, test } from "vitest";
import { checkBanned } from "./banned.ts";
import { buildHouse } from "./house.ts";

const messagesOf = (path: string, text: string) =>
  checkBanned(buildHouse({ [path]: text })).map(({ line, message }) => [line, message]);

test.each([
  [
    "lib/stats/psi.ts",
    "\n// TODO later",
    [2, "`TODO`: finish it, or write it down outside the code"],
  ],
  [
    "db/clickhouse/migrations/0001_a.sql",
    "-- FIXME",
    [1, "`FIXME`: finish it, or write it down outside the code"],
  ],
  ["lib/rules/a.ts", "const at = Date.now();", [1, "`Date.now()`: take `now` as an argument"]],
  ["components/drift/a.tsx", "new Date()", [1, "`new Date()`: take `now` as an argument"]],
  [
    "db/testing/a.ts",
    "Math.random()",
    [1, "`Math.random()`: take a seeded `random` as an argument"],
  ],
])("%s: %j is banned, and the remedy is said", (path, text, expected) => {
  expect(messagesOf(path, text)).toEqual([expected]);
});

test.each([
  "ingest/main.ts",
  "jobs/main.ts",
  "lib/runtime.ts",
  "lib/log.ts",
  "db/embedded/clickhouse-child.ts",
  "components/ui/use-now.ts",
  "sdk/typescript/src/client.ts",
  "bench/ingest.ts",
  "scripts/start-run.ts",
  "e2e/drift.spec.ts",
])("%s may read the clock", (path) => {
  expect(messagesOf(path, "new Date(); Date.now(); Math.random();")).toEqual([]);
});

test("a date made from a value is not the clock", () => {
  expect(messagesOf("lib/a.ts", "new Date(now); const latest = Date.nowhere;")).toEqual([]);
});

test("a cast through unknown is refused unless a comment says why it is safe", () => {
  expect(messagesOf("lib/a.ts", "const a = b as unknown as C;")).toHaveLength(1);
  expect(messagesOf("lib/a.ts", "const a = b as never;")).toHaveLength(1);
  expect(
    messagesOf(
      "lib/a.ts",
      "// Safe: the schema above has parsed it.\nconst a = b as unknown as C;",
    ),
  ).toEqual([]);
  expect(messagesOf("lib/a.ts", "const isSafe = true;\nconst a = b as unknown as C;")).toHaveLength(
    1,
  );
});
