import { expect, test } from "vitest";
import type { SimilarIncidents } from "#lib/api/incident.ts";
import { sayLikeness, sayRemedy } from "./say-similar.ts";

type Similar = SimilarIncidents["similar"][number];
// Only what is said.
const incident = {
  detectedAt: "2026-11-20T01:00:00.000Z",
  impactStartedAt: "2026-11-20T00:00:00.000Z",
  resolvedAt: "2026-11-20T03:00:00.000Z",
} as Similar["incident"];
const similar: Similar = {
  incident,
  likeness: 0.92,
  sharedColumns: ["distance"],
  sharedCause: "unit_change",
  verdict: "data_bug",
  resolution: "converted the feed back",
  remedies: ["Ada ran Roll back: it worked"],
  hasPostmortem: false,
};
const plain = (text: string | null) => text?.replaceAll(/\s/g, " ") ?? null;

test("a past incident is told by what is alike and by what ended it", () => {
  expect(plain(sayLikeness(similar))).toBe("92 % alike: unit change, also on distance");
  expect(plain(sayLikeness({ ...similar, sharedCause: null, sharedColumns: [] }))).toBe(
    "92 % alike: by how its values moved",
  );
  expect(plain(sayRemedy(similar))).toBe(
    "data bug; converted the feed back; Ada ran Roll back: it worked, after 3 h",
  );
});

test("where nobody said what fixed it, nothing is made up", () => {
  expect(sayRemedy({ ...similar, verdict: null, resolution: null, remedies: [] })).toBeNull();
  expect(
    plain(sayRemedy({ ...similar, incident: { ...incident, resolvedAt: null }, verdict: null })),
  ).toBe("converted the feed back; Ada ran Roll back: it worked");
});
