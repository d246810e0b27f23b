import type { Incident } from "#lib/api/incident.ts";
import { newestUpdate } from "#lib/charts/newest-update.ts";
import { NoteText } from "../timeline/note-text.tsx";
import { TimeText } from "../ui/time-text.tsx";

/** What was told last about how far it is. */
export function NewestUpdate({ workspace, incident }: { workspace: string; incident: Incident }) {
  const update = newestUpdate(incident.timeline);
  if (update === null) return null;
  return (
    <section aria-label="Status" className="border-accent-fill border-l-2 pl-3 text-sm">
      <NoteText workspace={workspace} number={incident.number} text={update.text} />
      <p className="text-ink-3 text-xs">
        {update.actor.name}, <TimeText iso={update.occurredAt} />
      </p>
    </section>
  );
}
