import { listSignedAlerts, upsertSignature } from "#db/postgres/queries/incident-signature.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import type { IncidentSignature } from "#lib/domain/incident-signature.ts";
import { signatureOf } from "#lib/rules/compare-signatures.ts";

interface Signed {
  id: string;
  modelId: string | null;
  causeClass: string;
  segmentKey: string;
}

/** Writes down the shape of what an incident is about, from the evidence of its alerts. Of one that no alert opened there is none. */
export async function signIncident(
  scope: PostgresScope & { now: Date },
  { id, modelId, causeClass, segmentKey }: Signed,
): Promise<IncidentSignature | null> {
  const alerts = await listSignedAlerts(scope, id);
  if (alerts.length === 0) return null;
  const signature = signatureOf(
    { modelId, causeClass, segmentKey },
    alerts.map(({ alert, evidence }) => ({
      causeClass: alert.causeClass,
      monitorKind: alert.monitorKind,
      subject: alert.subject,
      column: alert.column,
      evidence,
    })),
  );
  await upsertSignature(scope, id, signature, scope.now);
  return signature;
}
