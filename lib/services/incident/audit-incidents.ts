import type { Postgres, PostgresPool } from "#db/postgres/client.ts";
import type { Neglected } from "#db/postgres/queries/incident-audit.ts";
import {
  listAuditorsEars,
  listNeglected,
  recordAudit,
} from "#db/postgres/queries/incident-audit.ts";
import type { AuditFinding } from "#lib/domain/incident.ts";
import type { AlertingOptions } from "./alerting.ts";
import { alertingOf } from "./alerting.ts";
import { openLocked } from "./change-incident.ts";

/** An incident's first message and its escalation have had their time by then, tries and all. */
export const auditGraceMs = 10 * 60_000;
/** What still lacks the same is told again as an incident that nobody acknowledges is. */
const toldAgainMs = 4 * 3_600_000;

export interface AuditOptions extends Omit<AlertingOptions, "workspaceId"> {
  /** This one alone; without it all of them. */
  workspaceId?: string | undefined;
  signal?: AbortSignal | undefined;
  /** One that fails leaves the others alone. */
  onError(error: unknown, incidentId: string): void;
}

/** Finds open incidents that nobody will do anything about, and tells those that hear of everything: that nobody was told of an incident
 *  is found by nothing that tells. Answers how many there were. */
export async function auditIncidents(
  postgres: PostgresPool,
  options: AuditOptions,
): Promise<number> {
  const nowMs = options.now.getTime();
  const found = await listNeglected(postgres.db, {
    graceBefore: new Date(nowMs - auditGraceMs),
    toldBefore: new Date(nowMs - toldAgainMs),
    workspaceId: options.workspaceId,
  });
  for (const one of found) {
    if (options.signal?.aborted === true) return 0;
    try {
      await postgres.transaction((tx) =>
        tell(tx, { ...options, workspaceId: one.workspaceId }, one),
      );
    } catch (error) {
      options.onError(error, one.incidentId);
    }
  }
  return found.length;
}

async function tell(
  tx: Postgres,
  options: AlertingOptions,
  { incidentId, findings }: Neglected,
): Promise<void> {
  const { workspaceId, now } = options;
  const scope = { pg: tx, workspaceId };
  const { desk, file } = await openLocked(alertingOf(tx, options), incidentId);
  // An acknowledgement that ran out is taken back first: then somebody is paged again.
  if (findings.includes("ack_expired")) await desk.step(file, { kind: "tick" });
  const ears = await listAuditorsEars(scope);
  const text = `Nobody would have acted on it: ${findings.map((one) => words[one]).join("; ")}`;
  file.row = {
    ...file.row,
    destinationIds: [...new Set([...file.row.destinationIds, ...ears])],
  };
  file.tells.push({ kind: "escalated", note: text, isWritten: true });
  desk.note(file, { kind: "escalated", text, occurredAt: now });
  await recordAudit(scope, { incidentId, findings, now });
  await desk.close();
}

const words: Record<AuditFinding, string> = {
  unheard: "no message of it arrived anywhere",
  stalled: "nobody is to be paged next",
  ack_expired: "its acknowledgement ran out",
  unowned: "it has no owner",
};
