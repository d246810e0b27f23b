import { and, count, desc, eq, inArray, lt, sql } from "drizzle-orm";
import type { ReactionOutcome } from "#lib/domain/reaction.ts";
import { reactionLimits } from "#lib/domain/reaction.ts";
import type { Postgres } from "../client.ts";
import { actions, reactionEvaluations, reactions } from "../schema/actions.ts";
import { incidents } from "../schema/incidents.ts";
import type { PostgresScope } from "../scope.ts";

export type ReactionRow = typeof reactions.$inferSelect;
export type ReactionEvaluationRow = typeof reactionEvaluations.$inferSelect;

/** The reactions of a workspace by name, with the name of what each calls. */
export function listReactionRows({
  pg,
  workspaceId,
}: PostgresScope): Promise<{ reaction: ReactionRow; actionName: string | null }[]> {
  return pg
    .select({ reaction: reactions, actionName: actions.name })
    .from(reactions)
    .leftJoin(actions, eq(actions.id, reactions.actionId))
    .where(eq(reactions.workspaceId, workspaceId))
    .orderBy(sql`lower(${reactions.name})`, reactions.id)
    .limit(reactionLimits.perWorkspaceMax);
}

export async function countReactions({ pg, workspaceId }: PostgresScope): Promise<number> {
  const [row] = await pg
    .select({ reactionCount: count() })
    .from(reactions)
    .where(eq(reactions.workspaceId, workspaceId));
  return row?.reactionCount ?? 0;
}

export function listReactionsOfAction(
  { pg, workspaceId }: PostgresScope,
  actionId: string,
): Promise<ReactionRow[]> {
  return pg
    .select()
    .from(reactions)
    .where(and(eq(reactions.workspaceId, workspaceId), eq(reactions.actionId, actionId)))
    .limit(reactionLimits.perWorkspaceMax);
}

export async function findReactionRow(
  { pg, workspaceId }: PostgresScope,
  reactionId: string,
): Promise<ReactionRow | null> {
  const [row] = await pg
    .select()
    .from(reactions)
    .where(and(eq(reactions.workspaceId, workspaceId), eq(reactions.id, reactionId)))
    .limit(1);
  return row ?? null;
}

/** False when the name is taken. */
export async function insertReaction(
  { pg, workspaceId }: PostgresScope,
  reaction: Omit<typeof reactions.$inferInsert, "workspaceId">,
): Promise<boolean> {
  const rows = await pg
    .insert(reactions)
    .values({ ...reaction, workspaceId })
    .onConflictDoNothing()
    .returning({ id: reactions.id });
  return rows.length > 0;
}

export async function isReactionNameTaken(
  { pg, workspaceId }: PostgresScope,
  name: string,
  exceptId: string,
): Promise<boolean> {
  const rows = await pg
    .select({ id: reactions.id })
    .from(reactions)
    .where(
      and(
        eq(reactions.workspaceId, workspaceId),
        sql`lower(${reactions.name}) = lower(${name})`,
        sql`${reactions.id} <> ${exceptId}::uuid`,
      ),
    )
    .limit(1);
  return rows.length > 0;
}

/** Null where somebody changed it since that revision. */
export async function updateReactionRow(
  { pg, workspaceId }: PostgresScope,
  reactionId: string,
  revision: number,
  values: Partial<typeof reactions.$inferInsert> & { updatedAt: Date },
): Promise<ReactionRow | null> {
  const [row] = await pg
    .update(reactions)
    .set({ ...values, revision: revision + 1 })
    .where(
      and(
        eq(reactions.workspaceId, workspaceId),
        eq(reactions.id, reactionId),
        eq(reactions.revision, revision),
      ),
    )
    .returning();
  return row ?? null;
}

export async function deleteReactionRow(
  { pg, workspaceId }: PostgresScope,
  reactionId: string,
): Promise<void> {
  await pg
    .delete(reactions)
    .where(and(eq(reactions.workspaceId, workspaceId), eq(reactions.id, reactionId)));
}

export interface DueReaction {
  reaction: ReactionRow;
  incidentId: string;
}

const dueMax = 50;

/** Incidents of every workspace, or of one, that came to the state of a reaction since it was switched on and that it has not been asked
 *  about; for the worker alone. A test counts for none. */
export async function listDueReactions(
  pg: Postgres,
  { now, workspaceId }: { now: Date; workspaceId?: string | undefined },
): Promise<DueReaction[]> {
  const at = now.toISOString();
  const event = sql`${reactions.definition} ->> 'event'`;
  const stillOpenAt = sql`${incidents.detectedAt} + (${reactions.definition} ->> 'afterMinutes')::int * interval '1 minute'`;
  const cameAt = sql`CASE ${event}
    WHEN 'opened' THEN ${incidents.createdAt}
    WHEN 'acknowledged' THEN ${incidents.acknowledgedAt}
    WHEN 'mitigated' THEN ${incidents.mitigatedAt}
    WHEN 'resolved' THEN ${incidents.resolvedAt}
    WHEN 'still_open' THEN CASE WHEN ${incidents.state} IN ('triggered', 'acknowledged') THEN ${stillOpenAt} END
    END`;
  const rows = await pg
    .select({ reaction: reactions, incidentId: incidents.id })
    .from(reactions)
    .innerJoin(
      incidents,
      and(eq(incidents.workspaceId, reactions.workspaceId), eq(incidents.mode, "real")),
    )
    .where(
      and(
        eq(reactions.isEnabled, true),
        workspaceId === undefined ? undefined : eq(reactions.workspaceId, workspaceId),
        sql`${incidents.state} <> 'merged'`,
        sql`${cameAt} >= ${reactions.activeFrom} AND ${cameAt} <= ${at}::timestamptz`,
        sql`NOT EXISTS (SELECT 1 FROM ${reactionEvaluations} WHERE ${reactionEvaluations.reactionId} = ${reactions.id}
          AND ${reactionEvaluations.incidentId} = ${incidents.id} AND ${reactionEvaluations.event} = ${event})`,
      ),
    )
    .orderBy(incidents.createdAt, reactions.id)
    .limit(dueMax);
  return rows;
}

/** False: it was asked about that already. */
export async function insertReactionEvaluation(
  pg: Postgres,
  evaluation: typeof reactionEvaluations.$inferInsert,
): Promise<boolean> {
  const rows = await pg
    .insert(reactionEvaluations)
    .values(evaluation)
    .onConflictDoNothing({
      target: [
        reactionEvaluations.reactionId,
        reactionEvaluations.incidentId,
        reactionEvaluations.event,
      ],
    })
    .returning({ id: reactionEvaluations.id });
  return rows.length > 0;
}

/** Newest first. */
export function listReactionEvaluations(
  { pg, workspaceId }: PostgresScope,
  {
    reactionId,
    incidentNumber,
    outcomes,
    before,
    countMax,
  }: {
    reactionId?: string | undefined;
    incidentNumber?: number | undefined;
    outcomes?: readonly ReactionOutcome[] | undefined;
    before?: number | undefined;
    countMax: number;
  },
): Promise<ReactionEvaluationRow[]> {
  return pg
    .select()
    .from(reactionEvaluations)
    .where(
      and(
        eq(reactionEvaluations.workspaceId, workspaceId),
        reactionId === undefined ? undefined : eq(reactionEvaluations.reactionId, reactionId),
        incidentNumber === undefined
          ? undefined
          : eq(reactionEvaluations.incidentNumber, incidentNumber),
        outcomes === undefined ? undefined : inArray(reactionEvaluations.outcome, [...outcomes]),
        before === undefined ? undefined : lt(reactionEvaluations.position, before),
      ),
    )
    .orderBy(desc(reactionEvaluations.position))
    .limit(countMax);
}
