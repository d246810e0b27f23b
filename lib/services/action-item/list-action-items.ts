import {
  countActionItems,
  countOverdueByOwner,
  listActionItems as listRows,
} from "#db/postgres/queries/action-item.ts";
import { actionItemListInput, actionItemListOutput } from "#lib/api/action-item.ts";
import { wallOf } from "#lib/rules/wall-clock.ts";
import type { ServiceContext } from "../context.ts";
import { defineService } from "../define-service.ts";
import { getIncidentRow } from "../incident/get-incident.ts";
import { zoneOf } from "./get-action-item.ts";
import { toActionItem } from "./to-action-item.ts";

/** What is to be done, the most pressing first, and who is behind with it. */
export const listActionItems = defineService({
  name: "listActionItems",
  role: "viewer",
  input: actionItemListInput,
  output: actionItemListOutput,
  writes: false,
  async run(ctx, { state, kind, priority, owner, incident, model, overdue }) {
    const zone = await zoneOf(ctx);
    const today = new Date(wallOf(zone, ctx.now.getTime())).toISOString().slice(0, 10);
    const items = await listRows(ctx, {
      states: statesOf(state),
      kind,
      priority,
      ownerId: ownerIdOf(ctx, owner),
      incidentId: incident === undefined ? undefined : (await getIncidentRow(ctx, incident)).id,
      modelName: model,
      overdueOn: overdue === "true" ? today : undefined,
    });
    return {
      items: items.map((item) => toActionItem(item, { zone, now: ctx.now })),
      counts: await countActionItems(ctx, today),
      owners: await countOverdueByOwner(ctx, today),
    };
  },
});

function statesOf(state: (typeof actionItemListInput)["_output"]["state"]) {
  if (state === undefined) return undefined;
  return state === "active" ? (["open", "in_progress"] as const) : [state];
}

/** Of a key nothing is its own. */
function ownerIdOf(ctx: ServiceContext, owner: string | undefined): string | null | undefined {
  if (owner === "nobody") return null;
  if (owner !== "me") return owner;
  return ctx.actor.kind === "user" ? ctx.actor.userId : nobodyId;
}

const nobodyId = "00000000-0000-0000-0000-000000000000";
