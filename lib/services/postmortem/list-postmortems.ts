import {
  countPostmortems,
  countUnwritten,
  listPostmortemRows,
} from "#db/postgres/queries/postmortem.ts";
import { postmortemListInput, postmortemListOutput } from "#lib/api/postmortem.ts";
import { defineService } from "../define-service.ts";
import { toIso } from "../incident/to-incident.ts";

export const listPostmortems = defineService({
  name: "listPostmortems",
  role: "viewer",
  input: postmortemListInput,
  output: postmortemListOutput,
  writes: false,
  async run(ctx, { state, limit }) {
    const rows = await listPostmortemRows(ctx, { state, countMax: limit });
    return {
      postmortems: rows.map(toPostmortemSummary),
      counts: await countPostmortems(ctx),
      unwrittenCount: await countUnwritten(ctx),
    };
  },
});

export function toPostmortemSummary(row: Awaited<ReturnType<typeof listPostmortemRows>>[number]) {
  const { postmortem } = row;
  return {
    incident: row.incidentNumber,
    title: postmortem.title,
    state: postmortem.state,
    edition: postmortem.edition,
    severity: row.severity,
    model: row.modelName,
    owner: row.ownerName,
    resolvedAt: toIso(row.resolvedAt),
    updatedAt: postmortem.updatedAt.toISOString(),
    publishedAt: toIso(postmortem.publishedAt),
    openItemCount: row.openItemCount,
    itemCount: row.itemCount,
  };
}
