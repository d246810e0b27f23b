import { describe, expect, test } from "vitest";
import type { IncidentFields } from "./incident-fields.ts";
import { findConflicts, reviseFields } from "./incident-fields.ts";

const fields: IncidentFields = {
  title: "eta: data drift",
  severity: "sev3",
  ownerUserId: null,
  ownerTeamId: null,
  roles: {},
  impactStartedAt: null,
  detectedAt: new Date("2026-11-20T03:00:00Z"),
  acknowledgedAt: null,
  mitigatedAt: null,
  resolvedAt: null,
  closedAt: null,
};
const first = { revision: 1, fieldRevisions: {} };

describe("revisions", () => {
  test("grow only where something that people set is another", () => {
    expect(reviseFields(first, fields, { ...fields })).toEqual(first);
    const second = reviseFields(first, fields, {
      ...fields,
      severity: "sev1",
      roles: { scribe: "u" },
    });
    expect(second).toEqual({
      revision: 2,
      fieldRevisions: { severity: 2, "roles.scribe": 2 },
    });
    const third = reviseFields(second, fields, { ...fields, title: "late feed" });
    expect(third).toEqual({
      revision: 3,
      fieldRevisions: { severity: 2, "roles.scribe": 2, title: 3 },
    });
  });

  const now = { revision: 4, fieldRevisions: { severity: 4, title: 2 } };
  test.each<[string, number, [string, string | null][], string[]]>([
    ["the same field, changed since", 3, [["severity", "sev1"]], ["severity"]],
    ["the same field, read as it is", 4, [["severity", "sev1"]], []],
    ["another field", 3, [["ownerUserId", "u"]], []],
    ["what is there already", 3, [["severity", "sev3"]], []],
    [
      "one of two",
      1,
      [
        ["severity", "sev1"],
        ["ownerUserId", "u"],
      ],
      ["severity"],
    ],
    [
      "two of two",
      1,
      [
        ["severity", "sev1"],
        ["title", "x"],
      ],
      ["severity", "title"],
    ],
    ["a revision ahead of all", 9, [["severity", "sev1"]], []],
  ])("%s", (_, revision, wanted, conflicts) => {
    const found = findConflicts(now, fields, new Map(wanted), revision);
    expect(found.map(({ path }) => path)).toEqual(conflicts);
  });
});
