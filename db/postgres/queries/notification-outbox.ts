import { and, eq, inArray, isNotNull, sql } from "drizzle-orm";
import type {
  DeliveryFailure,
  DeliveryRemedy,
  DestinationKind,
  NotificationState,
} from "#lib/domain/destination.ts";
import { destinationKinds } from "#lib/domain/destination.ts";
import type { IncidentMessage, NotificationKind } from "#lib/domain/notification.ts";
import type { Postgres } from "../client.ts";
import {
  destinations,
  notificationAttempts,
  notifications,
  notificationThreads,
} from "../schema/notifications.ts";

const openStates = sql.raw("('queued', 'failed', 'sending')");
const moment = (at: Date) => sql`${at.toISOString()}::timestamptz`;

/** Which of these the workspace has or had: a deleted one must still hear that what it was told is over. */
export async function findDestinationIds(
  tx: Postgres,
  workspaceId: string,
  destinationIds: readonly string[],
): Promise<string[]> {
  if (destinationIds.length === 0) return [];
  const found = await tx
    .select({ id: destinations.id })
    .from(destinations)
    .where(
      and(eq(destinations.workspaceId, workspaceId), inArray(destinations.id, [...destinationIds])),
    )
    .limit(destinationIds.length);
  return found.map(({ id }) => id);
}

/** Who hears of an incident in the stead of a destination that could not be told. */
export async function listFallbackIds(
  tx: Postgres,
  workspaceId: string,
  incidentId: string,
): Promise<string[]> {
  const found = await tx
    .selectDistinct({ id: notifications.destinationId })
    .from(notifications)
    .where(
      and(
        eq(notifications.workspaceId, workspaceId),
        eq(notifications.incidentId, incidentId),
        isNotNull(notifications.fallbackFor),
      ),
    )
    .limit(fallbacksMax);
  return found.map(({ id }) => id);
}

const fallbacksMax = 200;

export type NewNotification = typeof notifications.$inferInsert;

/** A change that was told to a destination already is not told again. */
export async function insertNotifications(
  tx: Postgres,
  rows: readonly NewNotification[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx
    .insert(notifications)
    .values([...rows])
    .onConflictDoNothing({
      target: [
        notifications.destinationId,
        notifications.incidentId,
        notifications.sequence,
        notifications.kind,
      ],
    });
}

/** One message that is to be sent now, and to nobody else. */
export interface ClaimedNotification {
  id: string;
  workspaceId: string;
  incidentId: string;
  sequence: number;
  kind: NotificationKind;
  dedupKey: string;
  message: IncidentMessage;
  /** This one's number, from 1 over all replays. */
  attempt: number;
  attemptBase: number;
  possibleDuplicate: boolean;
  createdAt: Date;
  lifetimeFrom: Date;
  /** Also names the claim: one whose lease ran out is somebody else's. */
  leaseUntil: Date;
  destination: {
    id: string;
    name: string;
    kind: DestinationKind;
    settings: Record<string, unknown>;
    sealed: string;
    isEnabled: boolean;
    isDeleted: boolean;
    disabledReason: string;
  };
  sealedThread: string | null;
  /** Something of this incident reached the destination, or may have. */
  hasLeft: boolean;
}

export type Claim =
  | { kind: "notification"; notification: ClaimedNotification }
  /** Somebody was quicker, or what need not be sent any more was put away: there may be more. */
  | { kind: "again" }
  | null;

export interface ClaimOptions {
  now: Date;
  leaseMs: number;
  /** Only this one's. */
  workspaceId?: string | undefined;
}

/** Takes the message that waits longest at a destination that nobody sends to and that does not rest; of an incident at a destination
 *  only the first. The attempt is written down before it is made. One transaction. */
export async function claimNotification(
  tx: Postgres,
  { now, leaseMs, workspaceId }: ClaimOptions,
): Promise<Claim> {
  const found = await tx.execute<{ id: string }>(sql`
    SELECT due.id FROM destinations AS place
    CROSS JOIN LATERAL (
      SELECT waiting.id, waiting.next_at FROM notifications AS waiting
      WHERE waiting.destination_id = place.id AND waiting.state IN ${openStates} AND waiting.next_at <= ${moment(now)}
        AND NOT EXISTS (${earlierOpen("waiting")})
      ORDER BY waiting.next_at, waiting.position LIMIT 1) AS due
    WHERE ${workspaceId === undefined ? sql`true` : sql`place.workspace_id = ${workspaceId}`}
      AND (place.leased_until IS NULL OR place.leased_until <= ${moment(now)})
      AND (place.paused_until IS NULL OR place.paused_until <= ${moment(now)})
    ORDER BY due.next_at LIMIT 1
    FOR UPDATE OF place SKIP LOCKED`);
  const [first] = found.rows;
  if (first === undefined) return null;
  // Read again now that the destination is ours: somebody may have been quicker by a moment.
  const row = await findClaimable(tx, first.id, now);
  if (row === null) return { kind: "again" };
  if (await cancelNeedless(tx, row, now)) return { kind: "again" };
  return { kind: "notification", notification: await beginAttempt(tx, row, { now, leaseMs }) };
}

/** What of the same incident must be told at the same destination before. */
const earlierOpen = (alias: "waiting" | "notifications") => {
  const row = sql.raw(alias);
  return sql`SELECT 1 FROM notifications AS earlier
    WHERE earlier.destination_id = ${row}.destination_id AND earlier.incident_id = ${row}.incident_id AND earlier.state IN ${openStates}
      AND (earlier.sequence, earlier.position) < (${row}.sequence, ${row}.position)`;
};

const claimColumns = {
  id: notifications.id,
  workspaceId: notifications.workspaceId,
  incidentId: notifications.incidentId,
  sequence: notifications.sequence,
  position: notifications.position,
  kind: notifications.kind,
  dedupKey: notifications.dedupKey,
  message: notifications.message,
  state: notifications.state,
  attempt: notifications.attempt,
  attemptBase: notifications.attemptBase,
  possibleDuplicate: notifications.possibleDuplicate,
  createdAt: notifications.createdAt,
  lifetimeFrom: notifications.lifetimeFrom,
  destination: {
    id: destinations.id,
    name: destinations.name,
    kind: destinations.kind,
    settings: destinations.settings,
    sealed: destinations.sealed,
    isEnabled: destinations.isEnabled,
    isDeleted: sql<boolean>`${destinations.deletedAt} IS NOT NULL`,
    disabledReason: destinations.disabledReason,
  },
};

type ClaimRow = NonNullable<Awaited<ReturnType<typeof findClaimable>>>;

async function findClaimable(tx: Postgres, id: string, now: Date) {
  const [row] = await tx
    .select(claimColumns)
    .from(notifications)
    .innerJoin(destinations, eq(destinations.id, notifications.destinationId))
    .where(
      and(
        eq(notifications.id, id),
        sql`${notifications.state} IN ${openStates} AND ${notifications.nextAt} <= ${moment(now)}`,
        sql`NOT EXISTS (${earlierOpen("notifications")})`,
      ),
    )
    .limit(1);
  return row ?? null;
}

/** An update that a newer one repeats is kept, with the reason, and not sent. What fired and what is over are always told, however
 *  late: whether an incident is told of at all is decided where it is written, not here. */
async function cancelNeedless(tx: Postgres, row: ClaimRow, now: Date): Promise<boolean> {
  if (row.attempt > 0 || row.kind !== "updated") return false;
  const cancelled = await tx.execute(sql`
    UPDATE notifications SET state = 'cancelled', failure = 'cancelled', finished_at = ${moment(now)},
      answer = 'Not sent: a newer update says more.'
    WHERE id = ${row.id} AND EXISTS (
      SELECT 1 FROM notifications WHERE destination_id = ${row.destination.id} AND incident_id = ${row.incidentId}
        AND state = 'queued' AND attempt = 0 AND kind = 'updated' AND (sequence, position) > (${row.sequence}, ${row.position}))
    RETURNING id`);
  return cancelled.rows.length > 0;
}

async function beginAttempt(
  tx: Postgres,
  row: ClaimRow,
  { now, leaseMs }: ClaimOptions,
): Promise<ClaimedNotification> {
  const leaseUntil = new Date(now.getTime() + leaseMs);
  const attempt = row.attempt + 1;
  // Its sender ended without a word: what it sent may have arrived.
  const possibleDuplicate = row.possibleDuplicate || row.state === "sending";
  await tx
    .update(notifications)
    .set({ state: "sending", attempt, nextAt: leaseUntil, possibleDuplicate })
    .where(eq(notifications.id, row.id));
  await tx
    .update(destinations)
    .set({ leasedUntil: leaseUntil })
    .where(eq(destinations.id, row.destination.id));
  await tx.insert(notificationAttempts).values({
    notificationId: row.id,
    attempt,
    workspaceId: row.workspaceId,
    startedAt: now,
  });
  const [thread] = await tx
    .select({ sealed: notificationThreads.sealed })
    .from(notificationThreads)
    .where(
      and(
        eq(notificationThreads.incidentId, row.incidentId),
        eq(notificationThreads.destinationId, row.destination.id),
      ),
    )
    .limit(1);
  const left = await tx.execute(sql`
    SELECT 1 FROM notifications WHERE destination_id = ${row.destination.id} AND incident_id = ${row.incidentId}
      AND id <> ${row.id} AND attempt > 0 AND failure IS DISTINCT FROM 'cancelled' LIMIT 1`);
  const { state: _, position: __, ...rest } = row;
  return {
    ...rest,
    attempt,
    possibleDuplicate,
    leaseUntil,
    sealedThread: thread?.sealed ?? null,
    hasLeft: left.rows.length > 0,
  };
}

/** Kept before a trigger leaves; null forgets it, with its resolve. */
export async function setNotificationThread(
  tx: Postgres,
  { workspaceId, incidentId, destinationId }: ThreadKey & { workspaceId: string },
  { sealed, now }: { sealed: string | null; now: Date },
): Promise<void> {
  if (sealed === null) return forgetNotificationThread(tx, { incidentId, destinationId });
  await tx
    .insert(notificationThreads)
    .values({ incidentId, destinationId, workspaceId, sealed, updatedAt: now })
    .onConflictDoUpdate({
      target: [notificationThreads.incidentId, notificationThreads.destinationId],
      set: { sealed, updatedAt: now },
    });
}

export interface ThreadKey {
  incidentId: string;
  destinationId: string;
}

/** What is over outside is known by nothing there any more: the next time it opens it is a new one. */
export async function forgetNotificationThread(
  tx: Postgres,
  { incidentId, destinationId }: ThreadKey,
): Promise<void> {
  await tx
    .delete(notificationThreads)
    .where(
      and(
        eq(notificationThreads.incidentId, incidentId),
        eq(notificationThreads.destinationId, destinationId),
      ),
    );
}

export interface Settlement {
  state: Exclude<NotificationState, "queued" | "sending">;
  attemptOutcome: "sent" | "retry" | "permanent" | "not_told";
  failure: DeliveryFailure | null;
  remedy: DeliveryRemedy | null;
  status: number | null;
  answer: string;
  nextAt: Date;
  possibleDuplicate: boolean;
  pausedUntil: Date | null;
  /** The receiver is gone: why nothing more is sent there. */
  disabledReason: string | null;
}

/** Writes down how an attempt ended. What is not ours any more, because the lease ran out, is left to whoever has it; the log of
 *  the attempt is written all the same. Returns whether it was ours. */
export async function settleNotification(
  tx: Postgres,
  claim: ClaimedNotification,
  settlement: Settlement,
  now: Date,
): Promise<boolean> {
  const { state, attemptOutcome, failure, remedy, status, answer } = settlement;
  const isOver = state !== "failed";
  await tx
    .update(notificationAttempts)
    .set({ outcome: attemptOutcome, failure, status, answer, finishedAt: now })
    .where(
      and(
        eq(notificationAttempts.notificationId, claim.id),
        eq(notificationAttempts.attempt, claim.attempt),
      ),
    );
  const held = await tx
    .update(notifications)
    .set({
      state,
      failure,
      remedy,
      status,
      answer,
      nextAt: settlement.nextAt,
      possibleDuplicate: settlement.possibleDuplicate,
      finishedAt: isOver ? now : null,
    })
    .where(
      and(
        eq(notifications.id, claim.id),
        eq(notifications.state, "sending"),
        eq(notifications.attempt, claim.attempt),
      ),
    )
    .returning({ id: notifications.id });
  const isOurs = held.length > 0;
  const isFailure = state === "failed" || state === "dead";
  await tx
    .update(destinations)
    .set({
      ...(state === "sent" ? { lastSentAt: now } : {}),
      ...(isFailure ? { lastFailedAt: now, lastFailure: answer } : {}),
      ...(settlement.pausedUntil === null ? {} : { pausedUntil: settlement.pausedUntil }),
      ...(settlement.disabledReason === null
        ? {}
        : { isEnabled: false, disabledReason: settlement.disabledReason, updatedAt: now }),
      ...(isOurs ? { leasedUntil: null } : {}),
    })
    .where(eq(destinations.id, claim.destination.id));
  return isOurs;
}

/** How many wait, and since when the longest, over all workspaces: for the worker's metrics. None is a count too. */
export async function countOpenNotifications(
  pg: Postgres,
): Promise<{ kind: DestinationKind; count: number; oldestAt: Date | null }[]> {
  const found = await pg.execute<{
    kind: DestinationKind;
    count: string;
    oldest: string | null;
  }>(sql`
    SELECT place.kind, count(*) AS count, min(waiting.created_at)::text AS oldest
    FROM notifications AS waiting JOIN destinations AS place ON place.id = waiting.destination_id
    WHERE waiting.state IN ${openStates} GROUP BY place.kind`);
  return destinationKinds.map((kind) => {
    const row = found.rows.find((each) => each.kind === kind);
    return {
      kind,
      count: Number(row?.count ?? 0),
      oldestAt: row?.oldest == null ? null : new Date(row.oldest),
    };
  });
}
