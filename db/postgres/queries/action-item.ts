import { and, asc, count, eq, inArray, isNotNull, isNull, lte, sql } from "drizzle-orm";
import type { ActionItemKind, ActionItemState, Priority } from "#lib/domain/action-item.ts";
import { actionItemLimits } from "#lib/domain/action-item.ts";
import type { Postgres } from "../client.ts";
import { actionItemCounters, actionItemEvents, actionItems } from "../schema/action-items.ts";
import { incidents } from "../schema/incidents.ts";
import { postmortems } from "../schema/postmortems.ts";
import { teamMembers, teams, users } from "../schema/workspaces.ts";
import type { PostgresScope } from "../scope.ts";

export type ActionItemRow = typeof actionItems.$inferSelect;
export type NewActionItem = Omit<typeof actionItems.$inferInsert, "workspaceId">;

/** With the names of what it names. */
export interface NamedActionItem {
  item: ActionItemRow;
  userName: string | null;
  teamName: string | null;
  incidentNumber: number | null;
  modelName: string | null;
  postmortemTitle: string | null;
}

/** From 1 in each workspace, without a gap: a number that was drawn is used in the same transaction. */
export async function drawActionItemNumber({ pg, workspaceId }: PostgresScope): Promise<number> {
  const [drawn] = await pg
    .insert(actionItemCounters)
    .values({ workspaceId, lastNumber: 1 })
    .onConflictDoUpdate({
      target: actionItemCounters.workspaceId,
      set: { lastNumber: sql`${actionItemCounters.lastNumber} + 1` },
    })
    .returning({ number: actionItemCounters.lastNumber });
  if (drawn === undefined) throw new Error("The counter of action items answered nothing.");
  return drawn.number;
}

export async function insertActionItem(
  { pg, workspaceId }: PostgresScope,
  row: NewActionItem,
): Promise<void> {
  await pg.insert(actionItems).values({ ...row, workspaceId });
}

export async function updateActionItemRow(
  { pg, workspaceId }: PostgresScope,
  id: string,
  change: Partial<NewActionItem>,
): Promise<void> {
  await pg
    .update(actionItems)
    .set(change)
    .where(and(eq(actionItems.workspaceId, workspaceId), eq(actionItems.id, id)));
}

const named = (pg: Postgres) =>
  pg
    .select({
      item: actionItems,
      userName: users.name,
      teamName: teams.name,
      incidentNumber: incidents.number,
      modelName: incidents.modelName,
      postmortemTitle: postmortems.title,
    })
    .from(actionItems)
    .leftJoin(users, eq(users.id, actionItems.ownerUserId))
    .leftJoin(
      teams,
      and(eq(teams.id, actionItems.ownerTeamId), eq(teams.workspaceId, actionItems.workspaceId)),
    )
    .leftJoin(
      incidents,
      and(
        eq(incidents.id, actionItems.incidentId),
        eq(incidents.workspaceId, actionItems.workspaceId),
      ),
    )
    .leftJoin(
      postmortems,
      and(
        eq(postmortems.id, actionItems.postmortemId),
        eq(postmortems.workspaceId, actionItems.workspaceId),
      ),
    );

export async function findActionItem(
  { pg, workspaceId }: PostgresScope,
  number: number,
): Promise<NamedActionItem | null> {
  const [found] = await named(pg)
    .where(and(eq(actionItems.workspaceId, workspaceId), eq(actionItems.number, number)))
    .limit(1);
  return found ?? null;
}

/** Locked until the transaction ends: whoever changes it decides from what it is. */
export async function lockActionItem(
  { pg, workspaceId }: PostgresScope,
  key: { id: string } | { number: number },
): Promise<ActionItemRow | null> {
  const [found] = await pg
    .select()
    .from(actionItems)
    .where(
      and(
        eq(actionItems.workspaceId, workspaceId),
        "id" in key ? eq(actionItems.id, key.id) : eq(actionItems.number, key.number),
      ),
    )
    .limit(1)
    .for("update");
  return found ?? null;
}

export interface ActionItemFilter {
  states?: readonly ActionItemState[] | undefined;
  kind?: ActionItemKind | undefined;
  priority?: Priority | undefined;
  /** Null: nobody's. Of a user: what is their teams', too. */
  ownerId?: string | null | undefined;
  incidentId?: string | undefined;
  modelName?: string | undefined;
  /** Due before this day, and not done. */
  overdueOn?: string | undefined;
  hasTest?: boolean | undefined;
}

/** The most pressing first: by priority, then by day, those without one last. */
export function listActionItems(
  { pg, workspaceId }: PostgresScope,
  filter: ActionItemFilter,
): Promise<NamedActionItem[]> {
  const { states, kind, priority, ownerId, incidentId, modelName, overdueOn, hasTest } = filter;
  const isOwned = () =>
    ownerId === null
      ? and(isNull(actionItems.ownerUserId), isNull(actionItems.ownerTeamId))
      : sql`(${actionItems.ownerUserId} = ${ownerId}::uuid OR ${actionItems.ownerTeamId} = ${ownerId}::uuid
          OR ${actionItems.ownerTeamId} IN (SELECT ${teamMembers.teamId} FROM ${teamMembers} WHERE ${teamMembers.userId} = ${ownerId}::uuid))`;
  return named(pg)
    .where(
      and(
        eq(actionItems.workspaceId, workspaceId),
        states === undefined ? undefined : inArray(actionItems.state, [...states]),
        kind === undefined ? undefined : eq(actionItems.kind, kind),
        priority === undefined ? undefined : eq(actionItems.priority, priority),
        ownerId === undefined ? undefined : isOwned(),
        incidentId === undefined ? undefined : eq(actionItems.incidentId, incidentId),
        modelName === undefined ? undefined : eq(incidents.modelName, modelName),
        overdueOn === undefined ? undefined : isOverdueOn(overdueOn),
        hasTest === true ? isNotNull(actionItems.acceptance) : undefined,
      ),
    )
    .orderBy(
      asc(actionItems.priority),
      sql`${actionItems.dueOn} ASC NULLS LAST`,
      asc(actionItems.number),
    )
    .limit(actionItemLimits.listMax);
}

const isOverdueOn = (day: string) =>
  and(
    inArray(actionItems.state, ["open", "in_progress"]),
    sql`${actionItems.dueOn} < ${day}::date`,
  );

/** Of the whole workspace: open, of those overdue and of nobody, and done. */
export async function countActionItems({ pg, workspaceId }: PostgresScope, today: string) {
  const isOpen = sql`${actionItems.state} IN ('open', 'in_progress')`;
  const [found] = await pg
    .select({
      open: sql<number>`(count(*) FILTER (WHERE ${isOpen}))::int`,
      overdue: sql<number>`(count(*) FILTER (WHERE ${isOpen} AND ${actionItems.dueOn} < ${today}::date))::int`,
      unowned: sql<number>`(count(*) FILTER (WHERE ${isOpen} AND ${actionItems.ownerUserId} IS NULL AND ${actionItems.ownerTeamId} IS NULL))::int`,
      failing: sql<number>`(count(*) FILTER (WHERE ${actionItems.testResult}->>'verdict' = 'failed'))::int`,
      done: sql<number>`(count(*) FILTER (WHERE ${actionItems.state} = 'done'))::int`,
    })
    .from(actionItems)
    .where(eq(actionItems.workspaceId, workspaceId));
  return found ?? { open: 0, overdue: 0, unowned: 0, failing: 0, done: 0 };
}

/** How many items are open and how many overdue, by whom they belong to; the most overdue first. */
export async function countOverdueByOwner({ pg, workspaceId }: PostgresScope, today: string) {
  const rows = await pg
    .select({
      userName: users.name,
      teamName: teams.name,
      open: count(),
      overdue: sql<number>`(count(*) FILTER (WHERE ${actionItems.dueOn} < ${today}::date))::int`,
      oldestDueOn: sql<string | null>`min(${actionItems.dueOn})::text`,
    })
    .from(actionItems)
    .leftJoin(users, eq(users.id, actionItems.ownerUserId))
    .leftJoin(teams, eq(teams.id, actionItems.ownerTeamId))
    .where(
      and(
        eq(actionItems.workspaceId, workspaceId),
        inArray(actionItems.state, ["open", "in_progress"]),
      ),
    )
    .groupBy(users.id, users.name, teams.id, teams.name)
    .orderBy(sql`4 DESC`, sql`3 DESC`)
    .limit(actionItemLimits.listMax);
  return rows.map(({ userName, teamName, ...rest }) => ({ ...rest, owner: userName ?? teamName }));
}

/** A change of this monitor has every test of it run again. */
export async function markTestsOfMonitor(
  { pg, workspaceId }: PostgresScope,
  monitorId: string,
  dueAt: Date,
): Promise<void> {
  await pg
    .update(actionItems)
    .set({ testDueAt: dueAt })
    .where(
      and(
        eq(actionItems.workspaceId, workspaceId),
        isNotNull(actionItems.acceptance),
        sql`${actionItems.acceptance}->'subject'->>'monitorId' = ${monitorId}`,
      ),
    );
}

/** Takes one item of any workspace whose test is due, and says when it is due again: one whose worker died comes back. */
export async function claimDueTest(
  pg: Postgres,
  { now, againAt, workspaceId }: { now: Date; againAt: Date; workspaceId?: string | undefined },
): Promise<{ id: string; workspaceId: string } | null> {
  const due = pg
    .select({ id: actionItems.id })
    .from(actionItems)
    .where(
      and(
        isNotNull(actionItems.testDueAt),
        lte(actionItems.testDueAt, now),
        workspaceId === undefined ? undefined : eq(actionItems.workspaceId, workspaceId),
      ),
    )
    .orderBy(asc(actionItems.testDueAt))
    .limit(1)
    .for("update", { skipLocked: true });
  const [claimed] = await pg
    .update(actionItems)
    .set({ testDueAt: againAt })
    .where(inArray(actionItems.id, due))
    .returning({ id: actionItems.id, workspaceId: actionItems.workspaceId });
  return claimed ?? null;
}

const remindMax = 100;

/** Items of any workspace that somebody must be reminded of. */
export function listDueReminders(
  pg: Postgres,
  { now, workspaceId }: { now: Date; workspaceId?: string | undefined },
): Promise<{ id: string; workspaceId: string }[]> {
  return pg
    .select({ id: actionItems.id, workspaceId: actionItems.workspaceId })
    .from(actionItems)
    .where(
      and(
        isNotNull(actionItems.remindAt),
        lte(actionItems.remindAt, now),
        workspaceId === undefined ? undefined : eq(actionItems.workspaceId, workspaceId),
      ),
    )
    .orderBy(asc(actionItems.remindAt), asc(actionItems.id))
    .limit(remindMax);
}

export async function insertActionItemEvent(
  { pg, workspaceId }: PostgresScope,
  event: Omit<typeof actionItemEvents.$inferInsert, "workspaceId">,
): Promise<void> {
  await pg.insert(actionItemEvents).values({ ...event, workspaceId });
}

const eventsMax = 500;

/** What happened to it, in the order in which it did. */
export function listActionItemEvents({ pg, workspaceId }: PostgresScope, itemId: string) {
  return pg
    .select()
    .from(actionItemEvents)
    .where(and(eq(actionItemEvents.workspaceId, workspaceId), eq(actionItemEvents.itemId, itemId)))
    .orderBy(asc(actionItemEvents.position))
    .limit(eventsMax);
}
