import type { TimelineKind } from "#lib/domain/incident.ts";
import type { SectionKind } from "#lib/domain/postmortem.ts";

/** What a section begins with: what the incident knows, in variables, so that it follows what is corrected later. Sections that
 *  only people can write begin empty. */
export function draftSection({ key, kind }: { key: string; kind: SectionKind }): string {
  if (kind === "text" && key === "summary")
    return "Incident #{{incident.number}} ({{incident.severity}}): {{incident.title}}. It began {{impact.started}} and was detected {{detected.after}} later. It affected {{impact.predictions}} predictions of {{incident.model}} in {{incident.environment}} over {{impact.duration}}.";
  switch (kind) {
    case "impact":
      return "{{impact.predictions}} predictions of {{incident.model}} in {{incident.environment}}, {{incident.segment}}, were affected from {{impact.started}} until {{impact.ended}}.";
    case "detection":
      return "It was detected {{detected.after}} after the impact began.";
    case "text":
    case "timeline":
    case "factors":
    case "action_items":
      return "";
  }
}

/** What was only told, undone at once, or written down about the record itself is noise to who reads it later; it stays there to be taken in. */
const leftOut: ReadonlySet<TimelineKind> = new Set([
  "told",
  "not_told",
  "owner_changed",
  "roles_changed",
  "title_changed",
  "stamps_edited",
  "acknowledgement_withdrawn",
  "alert_explained",
]);
export const isWorthTelling = (kind: TimelineKind): boolean => !leftOut.has(kind);

/** Writes of the role and not of the person: who it was stands on the incident. */
export function leaveOutNames(text: string, names: readonly string[]): string {
  const known = [...new Set(names)]
    .filter((name) => name.trim() !== "")
    .sort((a, b) => b.length - a.length);
  if (known.length === 0) return text;
  const pattern = new RegExp(
    `(?<![\\p{L}\\p{N}_])(?:${known.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})(?![\\p{L}\\p{N}_])`,
    "gu",
  );
  return text.replace(pattern, (_name, offset: number) =>
    offset === 0 ? "The responder" : "the responder",
  );
}
