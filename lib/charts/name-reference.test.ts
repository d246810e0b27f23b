import { expect, test } from "vitest";
import { formatReference } from "./name-reference.ts";

test.each([
  [{}, "its baseline"],
  [{ reference: "last_week" }, "the same hours last week"],
  [{ reference: "version", referenceVersion: "2026.11.1" }, "version 2026.11.1"],
  [
    {
      reference: "window",
      referenceFrom: "2026-11-14T14:00:00Z",
      referenceUntil: "2026-11-14T15:00:00Z",
    },
    "Sat 14 Nov 14:00 to 15:00 UTC",
  ],
] as const)("%o is called %s", (query, expected) => {
  expect(formatReference(query, "UTC")).toBe(expected);
});
