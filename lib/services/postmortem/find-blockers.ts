import type { PostmortemContent } from "#lib/api/postmortem.ts";
import { isOpenIncident } from "#lib/domain/incident.ts";
import { findPublishBlockers } from "#lib/rules/find-publish-blockers.ts";
import type { Blocker } from "#lib/rules/step-postmortem.ts";

/** What of its content keeps a postmortem from being published. */
export function findBlockers({
  incident,
  sections,
  entries,
  items,
}: Pick<PostmortemContent, "incident" | "sections" | "entries" | "items">): Blocker[] {
  return [
    ...(isOpenIncident(incident.state)
      ? [{ path: "incident", message: `#${incident.number} is open again` }]
      : []),
    ...findPublishBlockers({
      sections,
      includedEntryCount: entries.filter(({ isIncluded }) => isIncluded).length,
      items: items.map(({ number, state, owner }) => ({
        number,
        state,
        hasOwner: owner !== null,
      })),
    }),
  ];
}
