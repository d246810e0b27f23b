import { describe, expect, test } from "vitest";
import type { TimelineEntry } from "#lib/api/timeline.ts";
import type { TimelineKind } from "#lib/domain/incident.ts";
import { exportTimeline } from "./export-timeline.ts";
import type { EntryFilter } from "./select-entries.ts";
import { selectEntries } from "./select-entries.ts";

const entry = (
  kind: TimelineKind,
  actorKind: "user" | "job",
  change: Partial<TimelineEntry> = {},
): TimelineEntry => ({
  id: "0b1e6cf2-7b1f-4c56-9f3e-6f6f6c1d2a10",
  kind,
  text: kind,
  actor: { kind: actorKind, name: "Ada", via: actorKind === "user" ? "console" : "worker" },
  detail: null,
  occurredAt: "2026-11-20T03:00:00.000Z",
  recordedAt: "2026-11-20T03:00:00.000Z",
  revision: 1,
  earlier: [],
  correctedBy: null,
  pin: null,
  ...change,
});
const entries = [
  entry("alert_fired", "job"),
  entry("told", "job"),
  entry("acknowledged", "user"),
  entry("note", "user"),
  entry("status_update", "user"),
  entry("alert_explained", "job"),
];

describe("a timeline", () => {
  test.each<[EntryFilter, TimelineKind[]]>([
    ["important", ["alert_fired", "acknowledged", "note", "status_update"]],
    ["notes", ["note", "status_update"]],
    ["alerts", ["alert_fired", "alert_explained"]],
    ["deeds", ["acknowledged"]],
    ["messages", ["told"]],
    ["all", entries.map(({ kind }) => kind)],
  ])("shows %s", (filter, kinds) => {
    expect(selectEntries(entries, filter).map(({ kind }) => kind)).toEqual(kinds);
  });

  test("is exported by when things happened, with what was corrected", () => {
    const late = entry("note", "user", {
      text: "The feed\nwas late",
      occurredAt: "2026-11-20T01:00:00.000Z",
      earlier: [
        {
          revision: 1,
          text: "The feed is late",
          occurredAt: "2026-11-20T01:00:00.000Z",
          by: "Grace",
          recordedAt: "2026-11-20T02:00:00.000Z",
        },
      ],
      pin: { by: "Ada", at: "2026-11-20T03:00:00.000Z" },
    });
    const text = exportTimeline({ number: 3, title: "eta: data drift" }, [
      entry("alert_fired", "job"),
      late,
    ]);
    expect(text.split("\n")).toEqual([
      "# Incident 3: eta: data drift",
      "",
      expect.stringMatching(/^- \*\*.*01:00.*\*\* \(pinned\) Ada: The feed$/),
      "  was late",
      expect.stringMatching(/^ {2}- before a correction, Grace at .*02:00.*: The feed is late$/),
      expect.stringMatching(/^- \*\*.*03:00.*\*\* alert_fired$/),
      "",
    ]);
  });
});
