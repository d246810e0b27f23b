import type { TimelineEntryRow } from "#db/postgres/queries/incident.ts";
import { listTimeline, lockWriter } from "#db/postgres/queries/incident.ts";
import {
  deletePin,
  findTimelineEntry,
  insertNoteEdit,
  insertPin,
  listPins,
} from "#db/postgres/queries/incident-room.ts";
import { timelineOutput, updateEntryInput } from "#lib/api/timeline.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { IncidentActor } from "#lib/domain/incident.ts";
import { assertRevision } from "../assert-revision.ts";
import type { ServiceContext } from "../context.ts";
import { defineService } from "../define-service.ts";
import { getIncidentRow } from "../incident/get-incident.ts";
import { toIncidentActor } from "../incident/to-alerting.ts";
import { parseMoment } from "./parse-moment.ts";
import { readTimeline } from "./to-timeline.ts";

type Input = (typeof updateEntryInput)["_output"];

/** More than fits above a timeline is no selection any more. */
const pinsMax = 50;
/** A note is corrected, not written anew for ever. */
const revisionsMax = 100;

/** Pins an entry or takes the pin off; corrects a note, whose earlier words are kept and shown. */
export const updateEntry = defineService({
  name: "updateEntry",
  role: "editor",
  input: updateEntryInput,
  output: timelineOutput,
  writes: true,
  async run(ctx, input) {
    const { id: incidentId } = await getIncidentRow(ctx, input.incident);
    await lockWriter(ctx.pg, `timeline ${incidentId}`);
    if ((await findTimelineEntry(ctx, incidentId, input.entryId)) === null)
      throw new AppError("not_found", `Incident ${input.incident} has no such entry.`);
    const entry = (await listTimeline(ctx, incidentId)).find(({ id }) => id === input.entryId);
    if (entry === undefined) throw new AppError("not_found", "The entry is past what is shown.");
    const actor = await toIncidentActor(ctx);
    const isPinChanged = await setPin(ctx, entry, input.isPinned, actor);
    const isCorrected = await correct(ctx, entry, input, actor);
    if (!isPinChanged && !isCorrected) ctx.audit("unchanged");
    return { timeline: await readTimeline(ctx, incidentId) };
  },
});

async function setPin(
  ctx: ServiceContext,
  { id: entryId, incidentId, pin, text }: TimelineEntryRow,
  isPinned: boolean | undefined,
  actor: IncidentActor,
): Promise<boolean> {
  if (isPinned === undefined || isPinned === (pin !== null)) return false;
  if (isPinned) {
    if ((await listPins(ctx, incidentId)).length >= pinsMax)
      throw new AppError("limit_exceeded", `At most ${pinsMax} entries are pinned at once.`);
    const { workspaceId, now } = ctx;
    await insertPin(ctx.pg, { workspaceId, incidentId, entryId, actor, pinnedAt: now });
  } else await deletePin(ctx, incidentId, entryId);
  ctx.audit({
    action: isPinned ? "incident.pin" : "incident.unpin",
    targetKind: "incident",
    targetId: incidentId,
    after: { entryId, text },
  });
  return true;
}

async function correct(
  ctx: ServiceContext,
  entry: TimelineEntryRow,
  input: Input,
  actor: IncidentActor,
): Promise<boolean> {
  if (input.text === undefined && input.occurredAt === undefined) return false;
  if (entry.kind !== "note" || entry.actor.kind === "job")
    throw new AppError("conflict", "Only a note that a person wrote can be corrected.");
  if (input.revision === undefined)
    throw new AppError("invalid_request", "A note is corrected from what was read.", {
      details: [{ path: "revision", message: "expected the revision that was read" }],
    });
  assertRevision("The note", entry.revision, input.revision);
  const text = input.text ?? entry.text;
  const occurredAt = parseMoment(input.occurredAt, ctx.now) ?? entry.occurredAt;
  if (text === entry.text && occurredAt.getTime() === entry.occurredAt.getTime()) return false;
  if (entry.revision >= revisionsMax)
    throw new AppError("limit_exceeded", `A note is corrected at most ${revisionsMax - 1} times.`);
  const { workspaceId, now } = ctx;
  const isWritten = await insertNoteEdit(ctx.pg, {
    workspaceId,
    incidentId: entry.incidentId,
    entryId: entry.id,
    revision: entry.revision + 1,
    text,
    occurredAt,
    actor,
    recordedAt: now,
  });
  // Whoever holds the lock is alone; this is for a writer that does not take it.
  if (!isWritten) assertRevision("The note", entry.revision + 1, input.revision);
  ctx.audit({
    action: "incident.note.correct",
    targetKind: "incident",
    targetId: entry.incidentId,
    before: { id: entry.id, text: entry.text, occurredAt: entry.occurredAt.toISOString() },
    after: { id: entry.id, text, occurredAt: occurredAt.toISOString() },
  });
  return true;
}
