import { and, asc, count, eq, isNull, sql } from "drizzle-orm";
import { destinations } from "../schema/notifications.ts";
import type { PostgresScope } from "../scope.ts";

const listedMax = 200;
const daysSeen = 7;

const columns = {
  id: destinations.id,
  name: destinations.name,
  kind: destinations.kind,
  address: destinations.address,
  settings: destinations.settings,
  sealed: destinations.sealed,
  isEnabled: destinations.isEnabled,
  isDefault: destinations.isDefault,
  disabledReason: destinations.disabledReason,
  lastSentAt: destinations.lastSentAt,
  lastFailedAt: destinations.lastFailedAt,
  lastFailure: destinations.lastFailure,
  pausedUntil: destinations.pausedUntil,
  createdAt: destinations.createdAt,
};

/** The destinations of a workspace by name. */
export function listDestinationRows({ pg, workspaceId }: PostgresScope) {
  return pg
    .select(columns)
    .from(destinations)
    .where(and(eq(destinations.workspaceId, workspaceId), isNull(destinations.deletedAt)))
    .orderBy(asc(sql`lower(${destinations.name})`))
    .limit(listedMax);
}

export type DestinationRow = Awaited<ReturnType<typeof listDestinationRows>>[number];

export async function findDestinationRow(
  { pg, workspaceId }: PostgresScope,
  destinationId: string,
): Promise<DestinationRow | null> {
  const [row] = await pg
    .select(columns)
    .from(destinations)
    .where(
      and(
        eq(destinations.workspaceId, workspaceId),
        eq(destinations.id, destinationId),
        isNull(destinations.deletedAt),
      ),
    )
    .limit(1);
  return row ?? null;
}

export async function countDestinations({ pg, workspaceId }: PostgresScope): Promise<number> {
  const [row] = await pg
    .select({ count: count() })
    .from(destinations)
    .where(and(eq(destinations.workspaceId, workspaceId), isNull(destinations.deletedAt)));
  return row?.count ?? 0;
}

/** Who hears of an incident for which nobody named a destination. */
export async function listDefaultDestinationIds({
  pg,
  workspaceId,
}: PostgresScope): Promise<string[]> {
  const rows = await pg
    .select({ id: destinations.id })
    .from(destinations)
    .where(
      and(
        eq(destinations.workspaceId, workspaceId),
        eq(destinations.isDefault, true),
        isNull(destinations.deletedAt),
      ),
    )
    .limit(listedMax);
  return rows.map(({ id }) => id);
}

/** Who wants to hear of changes. */
export async function listChangeDestinationIds({
  pg,
  workspaceId,
}: PostgresScope): Promise<string[]> {
  const rows = await pg
    .select({ id: destinations.id })
    .from(destinations)
    .where(
      and(
        eq(destinations.workspaceId, workspaceId),
        eq(destinations.kind, "pagerduty"),
        eq(destinations.isEnabled, true),
        isNull(destinations.deletedAt),
        sql`${destinations.settings} ->> 'changeEvents' = 'send'`,
      ),
    )
    .limit(listedMax);
  return rows.map(({ id }) => id);
}

/** False when the name is taken. */
export async function insertDestination(
  { pg, workspaceId }: PostgresScope,
  values: Omit<typeof destinations.$inferInsert, "workspaceId">,
): Promise<boolean> {
  const rows = await pg
    .insert(destinations)
    .values({ ...values, workspaceId })
    .onConflictDoNothing()
    .returning({ id: destinations.id });
  return rows.length > 0;
}

/** Whether another one has this name. */
export async function isNameTaken(
  { pg, workspaceId }: PostgresScope,
  name: string,
  exceptId: string,
): Promise<boolean> {
  const rows = await pg
    .select({ id: destinations.id })
    .from(destinations)
    .where(
      and(
        eq(destinations.workspaceId, workspaceId),
        sql`lower(${destinations.name}) = lower(${name})`,
        sql`${destinations.id} <> ${exceptId}`,
        isNull(destinations.deletedAt),
      ),
    )
    .limit(1);
  return rows.length > 0;
}

export async function updateDestinationRow(
  { pg, workspaceId }: PostgresScope,
  destinationId: string,
  values: Partial<
    Pick<
      typeof destinations.$inferInsert,
      | "name"
      | "address"
      | "settings"
      | "sealed"
      | "isEnabled"
      | "isDefault"
      | "disabledReason"
      | "pausedUntil"
      | "deletedAt"
    >
  > & { updatedAt: Date },
): Promise<void> {
  await pg
    .update(destinations)
    .set({ ...values, revision: sql`${destinations.revision} + 1` })
    .where(and(eq(destinations.workspaceId, workspaceId), eq(destinations.id, destinationId)));
}

export interface DestinationTraffic {
  waitingCount: number;
  oldestWaitingAt: Date | null;
  deadCount: number;
  sentCount: number;
}

/** What waits at each destination, and what the last seven days came to. */
export async function countTraffic(
  { pg, workspaceId }: PostgresScope,
  now: Date,
): Promise<Map<string, DestinationTraffic>> {
  const since = new Date(now.getTime() - daysSeen * 86_400_000).toISOString();
  const found = await pg.execute<{
    destination_id: string;
    waiting: string;
    oldest: string | null;
    dead: string;
    sent: string;
  }>(sql`
    SELECT destination_id, count(*) FILTER (WHERE finished_at IS NULL) AS waiting,
      min(created_at) FILTER (WHERE finished_at IS NULL)::text AS oldest,
      count(*) FILTER (WHERE state = 'dead') AS dead, count(*) FILTER (WHERE state = 'sent') AS sent
    FROM notifications
    WHERE workspace_id = ${workspaceId} AND (finished_at IS NULL OR finished_at >= ${since}::timestamptz)
    GROUP BY destination_id LIMIT 1000`);
  return new Map(
    found.rows.map((row) => [
      row.destination_id,
      {
        waitingCount: Number(row.waiting),
        oldestWaitingAt: row.oldest === null ? null : new Date(row.oldest),
        deadCount: Number(row.dead),
        sentCount: Number(row.sent),
      },
    ]),
  );
}
