import { and, asc, desc, eq, inArray, isNull, ne, sql } from "drizzle-orm";
import type { FrozenEvidence } from "#lib/domain/evidence.ts";
import type { TimelineKind } from "#lib/domain/incident.ts";
import type { IncidentSignature } from "#lib/domain/incident-signature.ts";
import { incidentSignatures } from "../schema/incident-room.ts";
import {
  alerts,
  incidentAlerts,
  incidentEvidence,
  incidents,
  incidentTimeline,
} from "../schema/incidents.ts";
import type { PostgresScope } from "../scope.ts";
import type { AlertRow } from "./alert.ts";
import type { IncidentRow } from "./incident.ts";

/** As many alerts of one incident as its shape is taken from: those that came first. */
const signedMax = 100;

type SignedEvidence = Pick<FrozenEvidence, "value" | "fireThreshold" | "statistic" | "shape">;

/** The first alerts of an incident, each with what was frozen of it. */
export async function listSignedAlerts(
  { pg, workspaceId }: PostgresScope,
  incidentId: string,
): Promise<{ alert: AlertRow; evidence: SignedEvidence | null }[]> {
  // Of the evidence, which may be large, only what a shape is made of.
  const part = sql<SignedEvidence | null>`CASE WHEN ${incidentEvidence.hash} IS NULL THEN NULL ELSE jsonb_build_object(
    'value', ${incidentEvidence.evidence}->'value', 'fireThreshold', ${incidentEvidence.evidence}->'fireThreshold',
    'statistic', ${incidentEvidence.evidence}->'statistic', 'shape', ${incidentEvidence.evidence}->'shape') END`;
  return pg
    .select({ alert: alerts, evidence: part })
    .from(incidentAlerts)
    .innerJoin(alerts, eq(alerts.id, incidentAlerts.alertId))
    .leftJoin(
      incidentEvidence,
      and(
        eq(incidentEvidence.workspaceId, workspaceId),
        eq(incidentEvidence.hash, alerts.evidenceHash),
      ),
    )
    .where(
      and(
        eq(incidentAlerts.workspaceId, workspaceId),
        eq(incidentAlerts.incidentId, incidentId),
        eq(incidentAlerts.role, "own"),
        isNull(incidentAlerts.leftAt),
      ),
    )
    .orderBy(asc(alerts.firedAt), asc(alerts.id))
    .limit(signedMax);
}

export async function upsertSignature(
  { pg, workspaceId }: PostgresScope,
  incidentId: string,
  signature: IncidentSignature,
  now: Date,
): Promise<void> {
  const values = { signature, updatedAt: now };
  await pg
    .insert(incidentSignatures)
    .values({ workspaceId, incidentId, ...values })
    .onConflictDoUpdate({ target: incidentSignatures.incidentId, set: values });
}

export async function findSignature(
  { pg, workspaceId }: PostgresScope,
  incidentId: string,
): Promise<IncidentSignature | null> {
  const [found] = await pg
    .select({ signature: incidentSignatures.signature })
    .from(incidentSignatures)
    .where(
      and(
        eq(incidentSignatures.workspaceId, workspaceId),
        eq(incidentSignatures.incidentId, incidentId),
      ),
    )
    .limit(1);
  return found?.signature ?? null;
}

/** The newest other incidents of a workspace that have a shape; a test and what was merged away teach nothing. */
export function listSignatures(
  { pg, workspaceId }: PostgresScope,
  exceptId: string,
  countMax: number,
): Promise<{ incident: IncidentRow; signature: IncidentSignature }[]> {
  return pg
    .select({ incident: incidents, signature: incidentSignatures.signature })
    .from(incidentSignatures)
    .innerJoin(incidents, eq(incidents.id, incidentSignatures.incidentId))
    .where(
      and(
        eq(incidentSignatures.workspaceId, workspaceId),
        ne(incidents.id, exceptId),
        eq(incidents.mode, "real"),
        ne(incidents.state, "merged"),
      ),
    )
    .orderBy(desc(incidents.number))
    .limit(countMax);
}

/** What was done about some incidents by an action or along a runbook, oldest first. */
export function listRemedies(
  { pg, workspaceId }: PostgresScope,
  incidentIds: readonly string[],
  kinds: readonly TimelineKind[],
) {
  if (incidentIds.length === 0 || kinds.length === 0) return Promise.resolve([]);
  return pg
    .select({ incidentId: incidentTimeline.incidentId, text: incidentTimeline.text })
    .from(incidentTimeline)
    .where(
      and(
        eq(incidentTimeline.workspaceId, workspaceId),
        inArray(incidentTimeline.incidentId, [...incidentIds]),
        inArray(incidentTimeline.kind, [...kinds]),
      ),
    )
    .orderBy(asc(incidentTimeline.occurredAt), asc(incidentTimeline.position))
    .limit(remediesMax);
}

const remediesMax = 500;
