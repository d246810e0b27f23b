import type { z } from "zod";
import type { TimelineEntryRow } from "#db/postgres/queries/incident.ts";
import { listTimeline } from "#db/postgres/queries/incident.ts";
import { listNoteEdits } from "#db/postgres/queries/incident-room.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import type { timelineEntrySchema } from "#lib/api/timeline.ts";

type Entry = z.input<typeof timelineEntrySchema>;

/** An incident's timeline as the API answers it. */
export async function readTimeline(scope: PostgresScope, incidentId: string): Promise<Entry[]> {
  const entries = await listTimeline(scope, incidentId);
  const isCorrected = entries.some(({ revision }) => revision > 1);
  const edits = isCorrected ? await listNoteEdits(scope, incidentId) : [];
  return entries.map((entry) => {
    const newest = edits.find(
      ({ entryId, revision }) => entryId === entry.id && revision === entry.revision,
    );
    return { ...toEntry(entry), correctedBy: newest?.actor.name ?? null };
  });
}

function toEntry(row: TimelineEntryRow): Omit<Entry, "correctedBy"> {
  const { id, kind, text, actor, detail, revision, pin } = row;
  return {
    id,
    kind,
    text,
    actor: { kind: actor.kind, name: actor.name, via: actor.via },
    detail,
    occurredAt: row.occurredAt.toISOString(),
    recordedAt: row.recordedAt.toISOString(),
    revision,
    earlier: row.earlier.map((version) => ({
      revision: version.revision,
      text: version.text,
      occurredAt: version.occurredAt.toISOString(),
      by: version.actor.name,
      recordedAt: version.recordedAt.toISOString(),
    })),
    pin: pin === null ? null : { by: pin.actor.name, at: pin.pinnedAt.toISOString() },
  };
}
