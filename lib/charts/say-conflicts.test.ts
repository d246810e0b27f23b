import { expect, test } from "vitest";
import { sayConflicts } from "./say-conflicts.ts";

test("two people's values are said as people read them, whatever the field", () => {
  const names = new Map([["u1", "Ada"]]);
  const said = sayConflicts(
    [
      { path: "severity", message: "", expected: "sev1", received: "sev3" },
      { path: "ownerUserId", message: "", expected: "u1", received: "nothing" },
      { path: "roles.scribe", message: "", expected: "u2", received: "u1" },
      {
        path: "mitigatedAt",
        message: "",
        expected: "2026-11-20T03:00:00.000Z",
        received: "nothing",
      },
      { path: "title", message: "", expected: "Late feed", received: "Old name" },
    ],
    names,
    "UTC",
  );
  expect(said.map(({ field, theirs, mine }) => [field, theirs, mine])).toEqual([
    ["Severity", "SEV-1", "SEV-3"],
    ["Owner", "Ada", "nothing"],
    ["Scribe", "a team, or somebody who has left", "Ada"],
    ["Mitigated", expect.stringContaining("03:00"), "nothing"],
    ["Title", "Late feed", "Old name"],
  ]);
});
