import { and, eq, inArray, sql } from "drizzle-orm";
import type { DestinationKind } from "#lib/domain/destination.ts";
import type { Postgres } from "../client.ts";
import { destinations, notificationThreads } from "../schema/notifications.ts";

/** Incidents that one post tells of. */
const threadsMax = 100;

export interface RefreshClaim {
  destination: {
    id: string;
    kind: DestinationKind;
    settings: Record<string, unknown>;
    sealed: string;
  };
  leaseUntil: Date;
  threads: { incidentId: string; sealed: string }[];
}

const moment = (time: Date) => sql`${time.toISOString()}::timestamptz`;

/** Takes an Alertmanager that has not been told for a while of incidents that are still open there, as a message is taken: nobody else
 *  sends to it meanwhile. An incident that is over is told by its own message, and else ends there by itself. */
export async function claimRefresh(
  tx: Postgres,
  {
    now,
    toldBefore,
    leaseMs,
    workspaceId,
  }: { now: Date; toldBefore: Date; leaseMs: number; workspaceId?: string | undefined },
): Promise<RefreshClaim | null> {
  const due = sql`
    SELECT thread.incident_id, thread.sealed FROM notification_threads AS thread
    JOIN incidents AS open_incident ON open_incident.id = thread.incident_id AND open_incident.resolved_at IS NULL
    WHERE thread.destination_id = place.id AND thread.updated_at <= ${moment(toldBefore)}`;
  const found = await tx.execute<{ id: string }>(sql`
    SELECT place.id FROM destinations AS place
    WHERE place.kind = 'alertmanager' AND place.settings ->> 'api' = 'alerts' AND place.is_enabled AND place.deleted_at IS NULL
      AND ${workspaceId === undefined ? sql`true` : sql`place.workspace_id = ${workspaceId}`}
      AND (place.leased_until IS NULL OR place.leased_until <= ${moment(now)})
      AND (place.paused_until IS NULL OR place.paused_until <= ${moment(now)})
      AND EXISTS (${due})
    ORDER BY place.last_failed_at NULLS FIRST, place.id LIMIT 1
    FOR UPDATE OF place SKIP LOCKED`);
  const [first] = found.rows;
  if (first === undefined) return null;
  const leaseUntil = new Date(now.getTime() + leaseMs);
  const [destination] = await tx
    .update(destinations)
    .set({ leasedUntil: leaseUntil })
    .where(eq(destinations.id, first.id))
    .returning({
      id: destinations.id,
      kind: destinations.kind,
      settings: destinations.settings,
      sealed: destinations.sealed,
    });
  if (destination === undefined) return null;
  const threads = await tx.execute<{ incident_id: string; sealed: string }>(sql`
    SELECT due.* FROM destinations AS place CROSS JOIN LATERAL (${due} ORDER BY thread.updated_at LIMIT ${threadsMax}) AS due
    WHERE place.id = ${destination.id}`);
  return {
    destination,
    leaseUntil,
    threads: threads.rows.map((row) => ({ incidentId: row.incident_id, sealed: row.sealed })),
  };
}

/** Gives it back. What failed stands with the destination, and is tried again after the others; no page waits for that. */
export async function settleRefresh(
  tx: Postgres,
  { destination, leaseUntil, threads }: RefreshClaim,
  { now, failure }: { now: Date; failure: string | null },
): Promise<void> {
  const isOurs = and(
    eq(destinations.id, destination.id),
    sql`${destinations.leasedUntil} = ${moment(leaseUntil)}`,
  );
  const ours = await tx
    .update(destinations)
    .set({
      leasedUntil: null,
      ...(failure === null
        ? { lastSentAt: now }
        : {
            lastFailedAt: now,
            lastFailure: failure,
          }),
    })
    .where(isOurs)
    .returning({ id: destinations.id });
  // A lease that ran out: whoever sent since may have taken something back.
  if (ours.length === 0 || failure !== null) return;
  await tx
    .update(notificationThreads)
    .set({ updatedAt: now })
    .where(
      and(
        eq(notificationThreads.destinationId, destination.id),
        inArray(
          notificationThreads.incidentId,
          threads.map(({ incidentId }) => incidentId),
        ),
      ),
    );
}
