import { listIncidentDigests, listOwnerNames } from "#db/postgres/queries/incident.ts";
import {
  findSignature,
  listRemedies,
  listSignatures,
} from "#db/postgres/queries/incident-signature.ts";
import { findPostmortemRow } from "#db/postgres/queries/postmortem.ts";
import { similarIncidentsInput, similarIncidentsOutput } from "#lib/api/incident.ts";
import type { TimelineKind } from "#lib/domain/incident.ts";
import { compareSignatures } from "#lib/rules/compare-signatures.ts";
import { defineService } from "../define-service.ts";
import { getIncidentRow } from "./get-incident.ts";
import { emptyDigest, toSummary } from "./to-incident.ts";

/** Past incidents that are held against this one. */
const comparedMax = 1_000;
/** Below it likeness is chance. */
const likenessMin = 0.5;
const remediesMax = 5;

const remedyKinds: TimelineKind[] = ["action_run"];

/** Past incidents that are like this one by what happened to the features, with what fixed them. */
export const listSimilarIncidents = defineService({
  name: "listSimilarIncidents",
  role: "viewer",
  input: similarIncidentsInput,
  output: similarIncidentsOutput,
  writes: false,
  async run(ctx, { incident, limit }) {
    const { id } = await getIncidentRow(ctx, incident);
    const own = await findSignature(ctx, id);
    if (own === null || own.parts.length === 0)
      return { hasSignature: false, comparedCount: 0, likenessMin, similar: [] };
    const others = await listSignatures(ctx, id, comparedMax);
    const alike = others
      .map(({ incident: row, signature }) => ({ row, ...compareSignatures(own, signature) }))
      .filter(({ value }) => value >= likenessMin)
      .sort((a, b) => b.value - a.value || b.row.number - a.row.number)
      .slice(0, limit);
    const ids = alike.map(({ row }) => row.id);
    const digests = new Map(
      (await listIncidentDigests(ctx, ids)).map((digest) => [digest.incidentId, digest]),
    );
    const names = await listOwnerNames(
      ctx,
      alike.map(({ row }) => row),
    );
    const remedies = Map.groupBy(
      await listRemedies(ctx, ids, remedyKinds),
      ({ incidentId }) => incidentId,
    );
    const written = new Set<string>();
    for (const incidentId of ids)
      if ((await findPostmortemRow(ctx, { incidentId })) !== null) written.add(incidentId);
    return {
      hasSignature: true,
      comparedCount: others.length,
      likenessMin,
      similar: alike.map(({ row, value, sharedColumns, sharedCause }) => ({
        incident: toSummary(row, digests.get(row.id) ?? emptyDigest, names),
        likeness: value,
        sharedColumns,
        sharedCause,
        verdict: row.verdict,
        resolution: row.resolution,
        remedies: (remedies.get(row.id) ?? []).slice(-remediesMax).map(({ text }) => text),
        hasPostmortem: written.has(row.id),
      })),
    };
  },
});
