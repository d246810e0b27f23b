import { and, desc, eq, isNull } from "drizzle-orm";
import type { Postgres } from "../client.ts";
import {
  destinations,
  inboundEvents,
  notifications,
  slackAccounts,
} from "../schema/notifications.ts";
import { memberships, users, workspaces } from "../schema/workspaces.ts";

/** A destination as a door from outside finds it: by its id alone, since whoever calls has no session. What it says is believed only
 *  once its signature was checked with the secret that is sealed here. */
export async function findInboundDestination(pg: Postgres, destinationId: string) {
  const [row] = await pg
    .select({
      id: destinations.id,
      workspaceId: destinations.workspaceId,
      slug: workspaces.slug,
      kind: destinations.kind,
      settings: destinations.settings,
      sealed: destinations.sealed,
    })
    .from(destinations)
    .innerJoin(workspaces, eq(workspaces.id, destinations.workspaceId))
    .where(and(eq(destinations.id, destinationId), isNull(destinations.deletedAt)))
    .limit(1);
  return row ?? null;
}

/** False: it was seen before. Written in the transaction of what it changes. */
export async function insertInboundEvent(
  tx: Postgres,
  event: { destinationId: string; eventId: string; now: Date },
): Promise<boolean> {
  const rows = await tx
    .insert(inboundEvents)
    .values({ destinationId: event.destinationId, eventId: event.eventId, seenAt: event.now })
    .onConflictDoNothing()
    .returning({ eventId: inboundEvents.eventId });
  return rows.length > 0;
}

/** The newest of what a destination was told under a key: whose incident it is, and since when it is told of as open. */
export async function findToldIncident(
  tx: Postgres,
  { destinationId, dedupKey }: { destinationId: string; dedupKey: string },
) {
  const told = and(
    eq(notifications.destinationId, destinationId),
    eq(notifications.dedupKey, dedupKey),
  );
  const [newest] = await tx
    .select({ incidentId: notifications.incidentId })
    .from(notifications)
    .where(told)
    .orderBy(desc(notifications.position))
    .limit(1);
  if (newest === undefined) return null;
  const opened = await tx
    .select({ kind: notifications.kind, createdAt: notifications.createdAt })
    .from(notifications)
    .where(and(told, eq(notifications.incidentId, newest.incidentId)))
    .orderBy(desc(notifications.position))
    .limit(200);
  const reopened = opened.find(({ kind }) => kind === "reopened" || kind === "triggered");
  return { incidentId: newest.incidentId, openedAt: reopened?.createdAt ?? null };
}

/** Who somebody in Slack is here, and what they may do; null when nobody said so, or they are no member any more. */
export async function findSlackAccount(
  pg: Postgres,
  {
    workspaceId,
    teamId,
    slackUserId,
  }: { workspaceId: string; teamId: string; slackUserId: string },
) {
  const [row] = await pg
    .select({ userId: users.id, name: users.name, role: memberships.role })
    .from(slackAccounts)
    .innerJoin(users, eq(users.id, slackAccounts.userId))
    .innerJoin(
      memberships,
      and(eq(memberships.userId, users.id), eq(memberships.workspaceId, workspaceId)),
    )
    .where(
      and(
        eq(slackAccounts.workspaceId, workspaceId),
        eq(slackAccounts.slackTeamId, teamId),
        eq(slackAccounts.slackUserId, slackUserId),
      ),
    )
    .limit(1);
  return row ?? null;
}

export async function putSlackAccount(
  tx: Postgres,
  account: typeof slackAccounts.$inferInsert,
): Promise<void> {
  await tx
    .insert(slackAccounts)
    .values(account)
    .onConflictDoUpdate({
      target: [slackAccounts.workspaceId, slackAccounts.slackTeamId, slackAccounts.slackUserId],
      set: { userId: account.userId, linkedAt: account.linkedAt },
    });
}
