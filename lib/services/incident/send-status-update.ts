import { incidentOutput, statusUpdateInput } from "#lib/api/incident.ts";
import { defineService } from "../define-service.ts";
import { alertingOf } from "./alerting.ts";
import { applyEvent } from "./change-incident.ts";
import { getIncidentRow, readIncident } from "./get-incident.ts";
import { toAlertingOptions, toIncidentActor } from "./to-alerting.ts";

/** Says to everybody who was told of an incident how far people have come, where they were told of it. */
export const sendStatusUpdate = defineService({
  name: "sendStatusUpdate",
  role: "editor",
  input: statusUpdateInput,
  output: incidentOutput,
  writes: true,
  async run(ctx, { incident, phase, text }) {
    const { id: incidentId } = await getIncidentRow(ctx, incident);
    const actor = await toIncidentActor(ctx);
    const alerting = alertingOf(ctx.pg, toAlertingOptions(ctx));
    const event = { kind: "status_update" as const, by: actor.name, phase, text };
    await applyEvent(alerting, { incidentId, actor }, event);
    ctx.audit({
      action: "incident.status_update",
      targetKind: "incident",
      targetId: incidentId,
      after: { phase, text },
    });
    return readIncident(ctx, incident);
  },
});
