import { and, asc, desc, eq, gt, inArray, lt, sql } from "drizzle-orm";
import type { NotificationState } from "#lib/domain/destination.ts";
import type { Postgres } from "../client.ts";
import {
  destinations,
  inboundEvents,
  notificationAttempts,
  notifications,
  notificationThreads,
} from "../schema/notifications.ts";
import type { PostgresScope } from "../scope.ts";

const columns = {
  id: notifications.id,
  position: notifications.position,
  incidentId: notifications.incidentId,
  incidentNumber: notifications.incidentNumber,
  sequence: notifications.sequence,
  title: sql<string>`${notifications.message}->>'title'`,
  kind: notifications.kind,
  destinationId: notifications.destinationId,
  destinationName: destinations.name,
  destinationKind: destinations.kind,
  state: notifications.state,
  attempt: notifications.attempt,
  nextAt: notifications.nextAt,
  possibleDuplicate: notifications.possibleDuplicate,
  failure: notifications.failure,
  remedy: notifications.remedy,
  status: notifications.status,
  answer: notifications.answer,
  createdAt: notifications.createdAt,
  finishedAt: notifications.finishedAt,
};

export interface NotificationFilter {
  incidentId?: string | undefined;
  destinationId?: string | undefined;
  state?: NotificationState | undefined;
  /** Only what is older than this. */
  beforePosition?: number | undefined;
  countMax: number;
}

/** The delivery log of a workspace, newest first. */
export function listNotificationRows(
  { pg, workspaceId }: PostgresScope,
  { incidentId, destinationId, state, beforePosition, countMax }: NotificationFilter,
) {
  return pg
    .select(columns)
    .from(notifications)
    .leftJoin(
      destinations,
      and(
        eq(destinations.id, notifications.destinationId),
        eq(destinations.workspaceId, workspaceId),
      ),
    )
    .where(
      and(
        eq(notifications.workspaceId, workspaceId),
        incidentId === undefined ? undefined : eq(notifications.incidentId, incidentId),
        destinationId === undefined ? undefined : eq(notifications.destinationId, destinationId),
        state === undefined ? undefined : eq(notifications.state, state),
        beforePosition === undefined ? undefined : lt(notifications.position, beforePosition),
      ),
    )
    .orderBy(desc(notifications.position))
    .limit(countMax);
}

export type NotificationRow = Awaited<ReturnType<typeof listNotificationRows>>[number];

export async function findNotificationRow(
  { pg, workspaceId }: PostgresScope,
  notificationId: string,
): Promise<NotificationRow | null> {
  const [row] = await pg
    .select(columns)
    .from(notifications)
    .leftJoin(
      destinations,
      and(
        eq(destinations.id, notifications.destinationId),
        eq(destinations.workspaceId, workspaceId),
      ),
    )
    .where(and(eq(notifications.workspaceId, workspaceId), eq(notifications.id, notificationId)))
    .limit(1);
  return row ?? null;
}

const attemptsMax = 200;

export function listAttemptRows({ pg, workspaceId }: PostgresScope, notificationId: string) {
  return pg
    .select({
      attempt: notificationAttempts.attempt,
      startedAt: notificationAttempts.startedAt,
      finishedAt: notificationAttempts.finishedAt,
      outcome: notificationAttempts.outcome,
      failure: notificationAttempts.failure,
      status: notificationAttempts.status,
      answer: notificationAttempts.answer,
    })
    .from(notificationAttempts)
    .where(
      and(
        eq(notificationAttempts.workspaceId, workspaceId),
        eq(notificationAttempts.notificationId, notificationId),
      ),
    )
    .orderBy(asc(notificationAttempts.attempt))
    .limit(attemptsMax);
}

/** Whether the same destination was told of the incident's end after this message, or is about to be. */
export async function isResolvedSince(
  { pg, workspaceId }: PostgresScope,
  { incidentId, destinationId, sequence }: NotificationRow,
): Promise<boolean> {
  const [newest] = await pg
    .select({ kind: notifications.kind })
    .from(notifications)
    .where(
      and(
        eq(notifications.workspaceId, workspaceId),
        eq(notifications.incidentId, incidentId),
        eq(notifications.destinationId, destinationId),
        gt(notifications.sequence, sequence),
        inArray(notifications.kind, ["resolved", "reopened"]),
      ),
    )
    .orderBy(desc(notifications.sequence))
    .limit(1);
  return newest?.kind === "resolved";
}

/** Back into the outbox with its id; its attempts count anew. False when it is not given up any more. */
export async function replayDeadRow(
  { pg, workspaceId }: PostgresScope,
  notificationId: string,
  now: Date,
): Promise<boolean> {
  const rows = await pg
    .update(notifications)
    .set({
      state: "queued",
      attemptBase: sql`${notifications.attempt}`,
      nextAt: now,
      lifetimeFrom: now,
      finishedAt: null,
      failure: null,
      remedy: null,
      answer: "",
      status: null,
    })
    .where(
      and(
        eq(notifications.workspaceId, workspaceId),
        eq(notifications.id, notificationId),
        eq(notifications.state, "dead"),
      ),
    )
    .returning({ id: notifications.id });
  return rows.length > 0;
}

const deletedMax = 50_000;

/** Of what is over, the log is kept for so long, and with it go its attempts; by what an incident is known outside is kept longer;
 *  and what came in from outside is told again for two days at most. */
export async function deleteDeliveriesBefore(
  pg: Postgres,
  {
    logBefore,
    threadBefore,
    eventBefore,
  }: { logBefore: Date; threadBefore: Date; eventBefore: Date },
): Promise<void> {
  await pg.execute(sql`
    DELETE FROM notifications WHERE id IN (
      SELECT id FROM notifications WHERE finished_at < ${logBefore.toISOString()}::timestamptz
      ORDER BY finished_at LIMIT ${deletedMax})`);
  await pg.delete(notificationThreads).where(lt(notificationThreads.updatedAt, threadBefore));
  await pg.delete(inboundEvents).where(lt(inboundEvents.seenAt, eventBefore));
}
