import { listActionItems } from "#db/postgres/queries/action-item.ts";
import { listPostmortemRows } from "#db/postgres/queries/postmortem.ts";
import { postmortemInput, postmortemStatusOutput } from "#lib/api/postmortem.ts";
import { defineService } from "../define-service.ts";
import { getIncidentRow } from "../incident/get-incident.ts";
import { refuseBeginning } from "./create-postmortem.ts";
import { toPostmortemSummary } from "./list-postmortems.ts";
import { toPostmortemItem } from "./to-postmortem-item.ts";

/** Whether an incident has a postmortem, and what is still to be done about it. */
export const getPostmortemStatus = defineService({
  name: "getPostmortemStatus",
  role: "viewer",
  input: postmortemInput,
  output: postmortemStatusOutput,
  writes: false,
  async run(ctx, { incident: number }) {
    const incident = await getIncidentRow(ctx, number);
    const [row] = await listPostmortemRows(ctx, { incidentId: incident.id, countMax: 1 });
    const items = await listActionItems(ctx, {
      incidentId: incident.id,
      states: ["open", "in_progress"],
    });
    return {
      postmortem: row === undefined ? null : toPostmortemSummary(row),
      refusal: row === undefined ? await refuseBeginning(ctx, incident) : null,
      openItems: items.map(toPostmortemItem),
    };
  },
});
