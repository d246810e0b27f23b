import { randomUUID } from "node:crypto";
import { noteInput, timelineOutput } from "#lib/api/timeline.ts";
import { defineService } from "../define-service.ts";
import { getIncidentRow } from "../incident/get-incident.ts";
import { recordOnTimeline } from "../incident/record-on-timeline.ts";
import { toIncidentActor } from "../incident/to-alerting.ts";
import { parseMoment } from "./parse-moment.ts";
import { readTimeline } from "./to-timeline.ts";

/** Writes a note into the timeline, at the moment that it is about. Notes of several people never conflict. */
export const addNote = defineService({
  name: "addNote",
  role: "editor",
  input: noteInput,
  output: timelineOutput,
  writes: true,
  async run(ctx, { incident, text, occurredAt }) {
    const at = parseMoment(occurredAt, ctx.now) ?? ctx.now;
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
    return { timeline: await readTimeline(ctx, incidentId) };
  },
});
