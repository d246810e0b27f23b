import type { TimelineEntry } from "#lib/api/timeline.ts";
import type { TimelineKind } from "#lib/domain/incident.ts";
import { isAutomatic } from "./name-incident.ts";

export const entryFilters = ["important", "notes", "alerts", "deeds", "messages", "all"] as const;
export type EntryFilter = (typeof entryFilters)[number];

export const entryFilterNames: Record<EntryFilter, string> = {
  important: "What matters",
  notes: "Notes and updates",
  alerts: "Alerts",
  deeds: "What people did",
  messages: "Messages",
  all: "Everything",
};

const notes: ReadonlySet<TimelineKind> = new Set(["note", "status_update"]);
const messages: ReadonlySet<TimelineKind> = new Set(["told", "not_told"]);
const isAlert = (kind: TimelineKind) => kind.startsWith("alert_");

/** The entries that a reader wants to see, in the order that they came in. */
export const selectEntries = (
  entries: readonly TimelineEntry[],
  filter: EntryFilter,
): TimelineEntry[] => entries.filter((entry) => isOf(entry, filter));

function isOf({ kind, actor }: TimelineEntry, filter: EntryFilter): boolean {
  switch (filter) {
    case "all":
      return true;
    case "important":
      return !isAutomatic(kind, actor.kind);
    case "notes":
      return notes.has(kind);
    case "alerts":
      return isAlert(kind);
    case "messages":
      return messages.has(kind);
    case "deeds":
      return actor.kind !== "job" && !notes.has(kind);
  }
}
