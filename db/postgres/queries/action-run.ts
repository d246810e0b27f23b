import {
  and,
  asc,
  desc,
  eq,
  gt,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  notInArray,
  sql,
} from "drizzle-orm";
import type { ActionRunState } from "#lib/domain/action.ts";
import { actionLimits } from "#lib/domain/action.ts";
import type { Postgres } from "../client.ts";
import { actionRunEvents, actionRuns } from "../schema/actions.ts";
import type { PostgresScope } from "../scope.ts";

export type ActionRunRow = typeof actionRuns.$inferSelect;
export type ActionRunEventRow = typeof actionRunEvents.$inferSelect;

export async function insertRun(
  pg: Postgres,
  run: typeof actionRuns.$inferInsert,
): Promise<ActionRunRow> {
  const [row] = await pg.insert(actionRuns).values(run).returning();
  if (row === undefined) throw new Error("A run was not stored.");
  return row;
}

export async function findRun(
  { pg, workspaceId }: PostgresScope,
  runId: string,
): Promise<ActionRunRow | null> {
  const [row] = await pg
    .select()
    .from(actionRuns)
    .where(and(eq(actionRuns.workspaceId, workspaceId), eq(actionRuns.id, runId)))
    .limit(1);
  return row ?? null;
}

/** Nobody else changes it until the transaction ends. */
export async function lockRun(
  { pg, workspaceId }: PostgresScope,
  runId: string,
): Promise<ActionRunRow | null> {
  const [row] = await pg
    .select()
    .from(actionRuns)
    .where(and(eq(actionRuns.workspaceId, workspaceId), eq(actionRuns.id, runId)))
    .limit(1)
    .for("update");
  return row ?? null;
}

/** Whose run it is, for a report from outside, which names no workspace. */
export async function findRunOfReport(pg: Postgres, runId: string) {
  const [row] = await pg
    .select({ workspaceId: actionRuns.workspaceId, actionId: actionRuns.actionId })
    .from(actionRuns)
    .where(eq(actionRuns.id, runId))
    .limit(1);
  return row ?? null;
}

export async function updateRun(
  { pg, workspaceId }: PostgresScope,
  runId: string,
  values: Partial<typeof actionRuns.$inferInsert>,
): Promise<void> {
  await pg
    .update(actionRuns)
    .set(values)
    .where(and(eq(actionRuns.workspaceId, workspaceId), eq(actionRuns.id, runId)));
}

export async function insertRunEvent(
  pg: Postgres,
  event: typeof actionRunEvents.$inferInsert,
): Promise<void> {
  await pg.insert(actionRunEvents).values(event);
}

const eventsMax = 200;

export function listRunEvents(
  { pg, workspaceId }: PostgresScope,
  runId: string,
): Promise<ActionRunEventRow[]> {
  return pg
    .select()
    .from(actionRunEvents)
    .where(and(eq(actionRunEvents.workspaceId, workspaceId), eq(actionRunEvents.runId, runId)))
    .orderBy(asc(actionRunEvents.position))
    .limit(eventsMax);
}

/** Takes the run that is due longest and keeps others from it until `until`. */
export async function takeDueRun(
  tx: Postgres,
  { now, until, workspaceId }: { now: Date; until: Date; workspaceId?: string | undefined },
): Promise<ActionRunRow | null> {
  const [row] = await tx
    .select()
    .from(actionRuns)
    .where(
      and(
        isNotNull(actionRuns.dueAt),
        lte(actionRuns.dueAt, now),
        workspaceId === undefined ? undefined : eq(actionRuns.workspaceId, workspaceId),
      ),
    )
    .orderBy(asc(actionRuns.dueAt), asc(actionRuns.position))
    .limit(1)
    .for("update", { skipLocked: true });
  if (row === undefined) return null;
  await tx.update(actionRuns).set({ dueAt: until }).where(eq(actionRuns.id, row.id));
  return row;
}

/** Written before the first byte leaves. False: the claim is somebody else's by now, and nothing may be sent. */
export async function markSent(
  pg: Postgres,
  { id, attempt }: Pick<ActionRunRow, "id" | "attempt">,
  now: Date,
): Promise<boolean> {
  const rows = await pg
    .update(actionRuns)
    .set({ sentAt: now })
    .where(
      and(
        eq(actionRuns.id, id),
        eq(actionRuns.attempt, attempt),
        eq(actionRuns.state, "sending"),
        gt(actionRuns.claimUntil, now),
      ),
    )
    .returning({ id: actionRuns.id });
  return rows.length > 0;
}

export interface RunFilter {
  actionSlug?: string | undefined;
  incidentNumber?: number | undefined;
  stepId?: string | undefined;
  states?: readonly ActionRunState[] | undefined;
  before?: number | undefined;
  countMax: number;
}

/** Newest first. */
export function listRunRows(
  { pg, workspaceId }: PostgresScope,
  { actionSlug, incidentNumber, stepId, states, before, countMax }: RunFilter,
): Promise<ActionRunRow[]> {
  return pg
    .select()
    .from(actionRuns)
    .where(
      and(
        eq(actionRuns.workspaceId, workspaceId),
        actionSlug === undefined ? undefined : eq(actionRuns.actionSlug, actionSlug),
        incidentNumber === undefined ? undefined : eq(actionRuns.incidentNumber, incidentNumber),
        stepId === undefined ? undefined : eq(actionRuns.stepId, stepId),
        states === undefined ? undefined : inArray(actionRuns.state, [...states]),
        before === undefined ? undefined : lt(actionRuns.position, before),
      ),
    )
    .orderBy(desc(actionRuns.position))
    .limit(countMax);
}

/** The newest run of each action that was no test. */
export async function listLastRuns({
  pg,
  workspaceId,
}: PostgresScope): Promise<Map<string, { state: ActionRunState; requestedAt: Date }>> {
  const found = await pg.execute<{ action_id: string; state: ActionRunState; at: string }>(sql`
    SELECT DISTINCT ON (action_id) action_id, state, requested_at::text AS at FROM action_runs
    WHERE workspace_id = ${workspaceId}::uuid AND mode <> 'test'
    ORDER BY action_id, requested_at DESC LIMIT ${actionLimits.perWorkspaceMax * 10}`);
  return new Map(
    found.rows.map(({ action_id, state, at }) => [action_id, { state, requestedAt: new Date(at) }]),
  );
}

/** What never was to be done does not count. */
const uncounted: ActionRunState[] = [
  "requested",
  "checks_failed",
  "rehearsed",
  "declined",
  "cancelled",
  "expired",
];

/** How often an action was run since then, and when last; of one reaction alone where it is named. */
export async function countRunsSince(
  { pg, workspaceId }: PostgresScope,
  {
    actionId,
    reactionId,
    since,
    exceptRunId,
  }: { actionId: string; reactionId?: string; since: Date; exceptRunId?: string },
): Promise<{ runCount: number; lastAt: Date | null }> {
  const [row] = await pg
    .select({
      runCount: sql<number>`count(*)::int`,
      lastAt: sql<string | null>`max(${actionRuns.requestedAt})::text`,
    })
    .from(actionRuns)
    .where(
      and(
        eq(actionRuns.workspaceId, workspaceId),
        eq(actionRuns.actionId, actionId),
        eq(actionRuns.mode, "real"),
        gt(actionRuns.requestedAt, since),
        // A reaction's own run that has not been checked yet counts against its next.
        reactionId === undefined
          ? notInArray(actionRuns.state, uncounted)
          : and(
              eq(actionRuns.reactionId, reactionId),
              notInArray(
                actionRuns.state,
                uncounted.filter((state) => state !== "requested"),
              ),
            ),
        exceptRunId === undefined ? undefined : sql`${actionRuns.id} <> ${exceptRunId}::uuid`,
      ),
    );
  return {
    runCount: row?.runCount ?? 0,
    lastAt: row?.lastAt == null ? null : new Date(row.lastAt),
  };
}

/** A run of this action for this incident that is not over. */
export async function findOpenRun(
  { pg, workspaceId }: PostgresScope,
  { actionId, incidentId }: { actionId: string; incidentId: string },
): Promise<ActionRunRow | null> {
  const [row] = await pg
    .select()
    .from(actionRuns)
    .where(
      and(
        eq(actionRuns.workspaceId, workspaceId),
        eq(actionRuns.actionId, actionId),
        eq(actionRuns.incidentId, incidentId),
        sql`${actionRuns.finishedAt} IS NULL`,
      ),
    )
    .orderBy(desc(actionRuns.position))
    .limit(1);
  return row ?? null;
}

/** How many are not over, over all workspaces, by state; for the worker's metrics. */
export async function countOpenRuns(
  pg: Postgres,
): Promise<{ state: ActionRunState; count: number }[]> {
  return pg
    .select({ state: actionRuns.state, count: sql<number>`count(*)::int` })
    .from(actionRuns)
    .where(isNull(actionRuns.finishedAt))
    .groupBy(actionRuns.state)
    .limit(actionLimits.listedMax);
}
