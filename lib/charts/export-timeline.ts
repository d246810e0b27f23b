import type { TimelineEntry } from "#lib/api/timeline.ts";
import { formatUtc } from "./format-time.ts";

/** A timeline as markdown, by when things happened, corrections and pins said. Times are UTC: whoever reads it may be anywhere. */
export function exportTimeline(
  { number, title }: { number: number; title: string },
  entries: readonly TimelineEntry[],
): string {
  const ordered = entries.toSorted((a, b) => Date.parse(a.occurredAt) - Date.parse(b.occurredAt));
  const lines = ordered.flatMap((entry) => [
    `- **${formatUtc(Date.parse(entry.occurredAt))}** ${sayWho(entry)}${entry.text.replaceAll("\n", "\n  ")}`,
    ...entry.earlier.map(
      ({ text, by, recordedAt }) =>
        `  - before a correction, ${by} at ${formatUtc(Date.parse(recordedAt))}: ${text.replaceAll("\n", "\n    ")}`,
    ),
  ]);
  return [`# Incident ${number}: ${title}`, "", ...lines, ""].join("\n");
}

function sayWho({ actor, kind, pin }: TimelineEntry): string {
  const pinned = pin === null ? "" : "(pinned) ";
  return kind === "note" && actor.kind !== "job" ? `${pinned}${actor.name}: ` : pinned;
}
