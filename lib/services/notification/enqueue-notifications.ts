import type { Postgres } from "#db/postgres/client.ts";
import type { NewNotification } from "#db/postgres/queries/notification-outbox.ts";
import {
  findDestinationIds,
  insertNotifications,
  listFallbackIds,
} from "#db/postgres/queries/notification-outbox.ts";
import type { IncidentMessage } from "#lib/domain/notification.ts";
import { cleanMessage } from "#lib/notify/clean-message.ts";
import { dedupKeyOf } from "#lib/notify/dedup-key.ts";

export interface EnqueueRequest {
  workspaceId: string;
  message: IncidentMessage;
  destinationIds: readonly string[];
  /** Where the change came from: it is not told what it said. */
  notDestinationIds?: readonly string[];
  /** These are told in the stead of this one. */
  fallbackFor?: string;
  now: Date;
  newId: () => string;
}

/** Writes the intent to tell, in the transaction of what is told of: one row a destination, which the worker sends. A destination
 *  that there is not gets a row too, a dead one: nothing is lost without a trace. */
export async function enqueueNotifications(tx: Postgres, request: EnqueueRequest): Promise<void> {
  const { workspaceId, message, destinationIds, notDestinationIds = [], now, newId } = request;
  // Whoever heard of it in another's stead hears the rest of it, too.
  const instead = await listFallbackIds(tx, workspaceId, message.incidentId);
  const wanted = [...new Set([...destinationIds, ...instead])].filter(
    (id) => !notDestinationIds.includes(id),
  );
  if (wanted.length === 0) return;
  const known = new Set(await findDestinationIds(tx, workspaceId, wanted));
  // What people wrote may hold what no store takes, and must not undo the change that it tells of.
  const clean = cleanMessage(message);
  const rows = wanted.map((destinationId): NewNotification => {
    const row = {
      id: newId(),
      workspaceId,
      incidentId: clean.incidentId,
      incidentNumber: clean.incidentNumber,
      sequence: clean.sequence,
      destinationId,
      kind: clean.kind,
      dedupKey: dedupKeyOf(workspaceId, clean.groupKey),
      message: clean,
      fallbackFor: request.fallbackFor ?? null,
      nextAt: now,
      lifetimeFrom: now,
      createdAt: now,
    };
    return known.has(destinationId) ? { ...row, state: "queued" } : { ...row, ...gone(now) };
  });
  await insertNotifications(tx, rows);
}

const gone = (now: Date) =>
  ({
    state: "dead",
    failure: "other",
    remedy: "fix_settings",
    answer: "Not sent: there is no such destination.",
    finishedAt: now,
  }) as const;
