import {
  countOpenIncidents,
  listIncidentDigests,
  listIncidentRows,
  listOwnerNames,
} from "#db/postgres/queries/incident.ts";
import { incidentListInput, incidentListOutput } from "#lib/api/incident.ts";
import { openIncidentStates } from "#lib/domain/incident.ts";
import type { ServiceContext } from "../context.ts";
import { defineService } from "../define-service.ts";
import { emptyDigest, toSummary } from "./to-incident.ts";

/** The incidents of a workspace, newest first. */
export const listIncidents = defineService({
  name: "listIncidents",
  role: "viewer",
  input: incidentListInput,
  output: incidentListOutput,
  writes: false,
  async run(ctx, { state, severity, model, causeClass, owner, before, limit }) {
    const rows = await listIncidentRows(ctx, {
      states: statesOf(state),
      severity,
      modelName: model,
      causeClass,
      ownerId: ownerIdOf(ctx, owner),
      before,
      countMax: limit + 1,
    });
    const shown = rows.slice(0, limit);
    const [digests, ownerNames, counts] = await Promise.all([
      listIncidentDigests(
        ctx,
        shown.map(({ id }) => id),
      ),
      listOwnerNames(ctx, shown),
      countOpenIncidents(ctx),
    ]);
    const digestOf = new Map(digests.map((digest) => [digest.incidentId, digest]));
    return {
      incidents: shown.map((row) => {
        const { incidentId: _, ...digest } = digestOf.get(row.id) ?? {
          incidentId: row.id,
          ...emptyDigest,
        };
        return toSummary(row, digest, ownerNames);
      }),
      next: rows.length > limit ? (shown.at(-1)?.number ?? null) : null,
      counts,
    };
  },
});

function statesOf(state: (typeof incidentListInput)["_output"]["state"]) {
  if (state === undefined) return undefined;
  return state === "open" ? openIncidentStates : [state];
}

/** Of a key nothing is its own. */
function ownerIdOf(ctx: ServiceContext, owner: string | undefined): string | null | undefined {
  if (owner === "nobody") return null;
  if (owner !== "me") return owner;
  return ctx.actor.kind === "user" ? ctx.actor.userId : nobodyId;
}

const nobodyId = "00000000-0000-0000-0000-000000000000";
