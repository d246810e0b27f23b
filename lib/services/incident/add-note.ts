import { randomUUID } from "node:crypto";
import { incidentNoteInput, incidentOutput } from "#lib/api/incident.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";
import { getIncidentRow, readIncident } from "./get-incident.ts";
import { recordOnTimeline } from "./record-on-timeline.ts";
import { toIncidentActor } from "./to-alerting.ts";

/** Writes a note into the timeline, at the moment that it is about. */
export const addNote = defineService({
  name: "addNote",
  role: "editor",
  input: incidentNoteInput,
  output: incidentOutput,
  writes: true,
  async run(ctx, { incident, text, occurredAt }) {
    const at = occurredAt === undefined ? ctx.now : new Date(occurredAt);
    if (at > ctx.now)
      throw new AppError("invalid_request", "A note is about what has happened.", {
        details: [{ path: "occurredAt", message: "expected a moment that is not ahead of now" }],
      });
    const { id: incidentId } = await getIncidentRow(ctx, incident);
    const id = randomUUID();
    const actor = await toIncidentActor(ctx);
    await recordOnTimeline(ctx, { id, incidentId, kind: "note", text, actor, occurredAt: at });
    ctx.audit({
      action: "incident.note",
      targetKind: "incident",
      targetId: incidentId,
      after: { id, text, occurredAt: at.toISOString() },
    });
    return readIncident(ctx, incident);
  },
});
