import { listIncidentAudit } from "#db/postgres/queries/incident-room.ts";
import { incidentHistoryOutput, incidentInput } from "#lib/api/incident.ts";
import { defineService } from "../define-service.ts";
import { getIncidentRow } from "./get-incident.ts";

/** Who changed what of an incident, from what to what. */
export const getIncidentHistory = defineService({
  name: "getIncidentHistory",
  role: "viewer",
  input: incidentInput,
  output: incidentHistoryOutput,
  writes: false,
  async run(ctx, { incident }) {
    const { id } = await getIncidentRow(ctx, incident);
    const changes = await listIncidentAudit(ctx, id);
    return {
      changes: changes.map((row) => ({
        id: row.id,
        at: row.at.toISOString(),
        action: row.action,
        actor: { kind: row.actorKind, name: row.userName ?? nameKey(row) },
        before: row.before ?? null,
        after: row.after ?? null,
      })),
    };
  },
});

interface Named {
  keyName: string | null;
  actorKind: string;
  actorId: string;
}

function nameKey({ keyName, actorKind, actorId }: Named): string {
  if (keyName !== null) return `key ${keyName}`;
  return actorKind === "job" ? actorId : "somebody who has left";
}
