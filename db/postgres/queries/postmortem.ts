import { and, asc, count, desc, eq, isNull, notInArray, sql } from "drizzle-orm";
import type { PostmortemState } from "#lib/domain/postmortem.ts";
import { postmortemLimits } from "#lib/domain/postmortem.ts";
import { incidents, incidentTimeline } from "../schema/incidents.ts";
import {
  postmortemComments,
  postmortemEditions,
  postmortemEntries,
  postmortemReviews,
  postmortemSections,
  postmortems,
} from "../schema/postmortems.ts";
import { users } from "../schema/workspaces.ts";
import type { PostgresScope } from "../scope.ts";

export type PostmortemRow = typeof postmortems.$inferSelect;
export type SectionRow = typeof postmortemSections.$inferSelect;
export type EntryRow = typeof postmortemEntries.$inferSelect;

type New<T> = Omit<T, "workspaceId">;

/** Locked until the transaction ends where it is to be changed: whatever is decided from its state holds when it is written. */
export async function findPostmortemRow(
  { pg, workspaceId }: PostgresScope,
  key: { id: string } | { incidentId: string },
  isLocked = false,
): Promise<PostmortemRow | null> {
  const asked = pg
    .select()
    .from(postmortems)
    .where(
      and(
        eq(postmortems.workspaceId, workspaceId),
        "id" in key ? eq(postmortems.id, key.id) : eq(postmortems.incidentId, key.incidentId),
      ),
    )
    .limit(1);
  const [found] = await (isLocked ? asked.for("update") : asked);
  return found ?? null;
}

/** False: the incident has one already. */
export async function insertPostmortem(
  { pg, workspaceId }: PostgresScope,
  row: New<typeof postmortems.$inferInsert>,
  sections: readonly Omit<New<typeof postmortemSections.$inferInsert>, "postmortemId">[],
): Promise<boolean> {
  const inserted = await pg
    .insert(postmortems)
    .values({ ...row, workspaceId })
    .onConflictDoNothing()
    .returning({ id: postmortems.id });
  if (inserted.length === 0) return false;
  await pg
    .insert(postmortemSections)
    .values(sections.map((section) => ({ ...section, workspaceId, postmortemId: row.id })));
  return true;
}

export async function updatePostmortemRow(
  { pg, workspaceId }: PostgresScope,
  id: string,
  change: Partial<typeof postmortems.$inferInsert>,
): Promise<void> {
  await pg
    .update(postmortems)
    .set(change)
    .where(and(eq(postmortems.workspaceId, workspaceId), eq(postmortems.id, id)));
}

export interface PostmortemFilter {
  state?: PostmortemState | undefined;
  incidentId?: string | undefined;
  countMax: number;
}

/** Newest incident first, with what a list says of it. */
export function listPostmortemRows(
  { pg, workspaceId }: PostgresScope,
  { state, incidentId, countMax }: PostmortemFilter,
) {
  const openItems = sql<number>`(SELECT count(*)::int FROM action_items WHERE action_items.workspace_id = ${postmortems.workspaceId}
    AND action_items.incident_id = ${postmortems.incidentId} AND action_items.state IN ('open', 'in_progress'))`;
  const allItems = sql<number>`(SELECT count(*)::int FROM action_items WHERE action_items.workspace_id = ${postmortems.workspaceId}
    AND action_items.incident_id = ${postmortems.incidentId})`;
  return pg
    .select({
      postmortem: postmortems,
      incidentNumber: incidents.number,
      severity: incidents.severity,
      modelName: incidents.modelName,
      resolvedAt: incidents.resolvedAt,
      ownerName: users.name,
      openItemCount: openItems,
      itemCount: allItems,
    })
    .from(postmortems)
    .innerJoin(incidents, eq(incidents.id, postmortems.incidentId))
    .leftJoin(users, eq(users.id, postmortems.ownerUserId))
    .where(
      and(
        eq(postmortems.workspaceId, workspaceId),
        state === undefined ? undefined : eq(postmortems.state, state),
        incidentId === undefined ? undefined : eq(postmortems.incidentId, incidentId),
      ),
    )
    .orderBy(desc(incidents.number))
    .limit(countMax);
}

/** Resolved incidents, of real trouble, that nobody has written about. */
export async function countUnwritten({ pg, workspaceId }: PostgresScope): Promise<number> {
  const [found] = await pg
    .select({ total: count() })
    .from(incidents)
    .leftJoin(postmortems, eq(postmortems.incidentId, incidents.id))
    .where(
      and(
        eq(incidents.workspaceId, workspaceId),
        eq(incidents.mode, "real"),
        sql`${incidents.state} IN ('resolved', 'closed')`,
        sql`${incidents.severity} IN ('sev1', 'sev2')`,
        isNull(postmortems.id),
      ),
    );
  return found?.total ?? 0;
}

export async function countPostmortems({
  pg,
  workspaceId,
}: PostgresScope): Promise<Record<PostmortemState, number>> {
  const rows = await pg
    .select({ state: postmortems.state, total: count() })
    .from(postmortems)
    .where(eq(postmortems.workspaceId, workspaceId))
    .groupBy(postmortems.state)
    .limit(3);
  const of = (state: PostmortemState) => rows.find((row) => row.state === state)?.total ?? 0;
  return { draft: of("draft"), in_review: of("in_review"), published: of("published") };
}

export function listSectionRows(
  { pg, workspaceId }: PostgresScope,
  postmortemId: string,
): Promise<SectionRow[]> {
  return pg
    .select()
    .from(postmortemSections)
    .where(
      and(
        eq(postmortemSections.workspaceId, workspaceId),
        eq(postmortemSections.postmortemId, postmortemId),
      ),
    )
    .orderBy(asc(postmortemSections.position))
    .limit(postmortemLimits.sectionsMax);
}

export async function updateSectionRow(
  { pg, workspaceId }: PostgresScope,
  { postmortemId, key }: { postmortemId: string; key: string },
  change: Partial<typeof postmortemSections.$inferInsert>,
): Promise<void> {
  await pg
    .update(postmortemSections)
    .set(change)
    .where(
      and(
        eq(postmortemSections.workspaceId, workspaceId),
        eq(postmortemSections.postmortemId, postmortemId),
        eq(postmortemSections.key, key),
      ),
    );
}

export function listEntryRows(
  { pg, workspaceId }: PostgresScope,
  postmortemId: string,
): Promise<EntryRow[]> {
  return pg
    .select()
    .from(postmortemEntries)
    .where(
      and(
        eq(postmortemEntries.workspaceId, workspaceId),
        eq(postmortemEntries.postmortemId, postmortemId),
      ),
    )
    .orderBy(asc(postmortemEntries.occurredAt), asc(postmortemEntries.position))
    .limit(postmortemLimits.entriesMax);
}

/** How many entries the incident's timeline has that the postmortem has not. */
export async function countNewEntries(
  { pg, workspaceId }: PostgresScope,
  { id, incidentId }: Pick<PostmortemRow, "id" | "incidentId">,
): Promise<number> {
  const [found] = await pg
    .select({ total: count() })
    .from(incidentTimeline)
    .leftJoin(
      postmortemEntries,
      and(
        eq(postmortemEntries.postmortemId, id),
        eq(postmortemEntries.sourceId, incidentTimeline.id),
      ),
    )
    .where(
      and(
        eq(incidentTimeline.workspaceId, workspaceId),
        eq(incidentTimeline.incidentId, incidentId),
        notInArray(incidentTimeline.kind, ["postmortem", "action_item"]),
        isNull(postmortemEntries.id),
      ),
    );
  return found?.total ?? 0;
}

/** Those that are there already stay as they are; answers how many came. */
export async function insertEntries(
  { pg, workspaceId }: PostgresScope,
  rows: readonly New<typeof postmortemEntries.$inferInsert>[],
): Promise<number> {
  if (rows.length === 0) return 0;
  const inserted = await pg
    .insert(postmortemEntries)
    .values(rows.map((row) => ({ ...row, workspaceId })))
    .onConflictDoNothing()
    .returning({ id: postmortemEntries.id });
  return inserted.length;
}

export async function findEntryRow(
  { pg, workspaceId }: PostgresScope,
  { postmortemId, id }: { postmortemId: string; id: string },
): Promise<EntryRow | null> {
  const [found] = await pg
    .select()
    .from(postmortemEntries)
    .where(
      and(
        eq(postmortemEntries.workspaceId, workspaceId),
        eq(postmortemEntries.postmortemId, postmortemId),
        eq(postmortemEntries.id, id),
      ),
    )
    .limit(1)
    .for("update");
  return found ?? null;
}

export async function updateEntryRow(
  { pg, workspaceId }: PostgresScope,
  id: string,
  change: Partial<typeof postmortemEntries.$inferInsert>,
): Promise<void> {
  await pg
    .update(postmortemEntries)
    .set(change)
    .where(and(eq(postmortemEntries.workspaceId, workspaceId), eq(postmortemEntries.id, id)));
}

/** Who was asked to review it, by name. */
export function listReviewRows({ pg, workspaceId }: PostgresScope, postmortemId: string) {
  return pg
    .select({
      userId: postmortemReviews.userId,
      name: users.name,
      approvedAt: postmortemReviews.approvedAt,
    })
    .from(postmortemReviews)
    .innerJoin(users, eq(users.id, postmortemReviews.userId))
    .where(
      and(
        eq(postmortemReviews.workspaceId, workspaceId),
        eq(postmortemReviews.postmortemId, postmortemId),
      ),
    )
    .orderBy(asc(users.name), asc(users.id))
    .limit(postmortemLimits.reviewersMax);
}

/** Who stays keeps the approval. */
export async function replaceReviewers(
  { pg, workspaceId }: PostgresScope,
  postmortemId: string,
  userIds: readonly string[],
): Promise<void> {
  const wanted = sql.join(
    userIds.map((id) => sql`${id}::uuid`),
    sql`, `,
  );
  await pg
    .delete(postmortemReviews)
    .where(
      and(
        eq(postmortemReviews.workspaceId, workspaceId),
        eq(postmortemReviews.postmortemId, postmortemId),
        userIds.length === 0 ? undefined : sql`${postmortemReviews.userId} NOT IN (${wanted})`,
      ),
    );
  if (userIds.length > 0)
    await pg
      .insert(postmortemReviews)
      .values(userIds.map((userId) => ({ workspaceId, postmortemId, userId })))
      .onConflictDoNothing();
}

export async function approveReview(
  { pg, workspaceId }: PostgresScope,
  { postmortemId, userId, approvedAt }: { postmortemId: string; userId: string; approvedAt: Date },
): Promise<void> {
  await pg
    .update(postmortemReviews)
    .set({ approvedAt })
    .where(
      and(
        eq(postmortemReviews.workspaceId, workspaceId),
        eq(postmortemReviews.postmortemId, postmortemId),
        eq(postmortemReviews.userId, userId),
      ),
    );
}

/** What was approved is not what comes next. */
export async function withdrawApprovals(
  { pg, workspaceId }: PostgresScope,
  postmortemId: string,
): Promise<void> {
  await pg
    .update(postmortemReviews)
    .set({ approvedAt: null })
    .where(
      and(
        eq(postmortemReviews.workspaceId, workspaceId),
        eq(postmortemReviews.postmortemId, postmortemId),
      ),
    );
}

export function listCommentRows({ pg, workspaceId }: PostgresScope, postmortemId: string) {
  return pg
    .select()
    .from(postmortemComments)
    .where(
      and(
        eq(postmortemComments.workspaceId, workspaceId),
        eq(postmortemComments.postmortemId, postmortemId),
      ),
    )
    .orderBy(asc(postmortemComments.createdAt), asc(postmortemComments.id))
    .limit(postmortemLimits.commentsMax);
}

export async function insertComment(
  { pg, workspaceId }: PostgresScope,
  row: New<typeof postmortemComments.$inferInsert>,
): Promise<void> {
  await pg.insert(postmortemComments).values({ ...row, workspaceId });
}

/** False: there is no such comment. */
export async function updateCommentRow(
  { pg, workspaceId }: PostgresScope,
  { postmortemId, id }: { postmortemId: string; id: string },
  change: { resolvedBy: string | null; resolvedAt: Date | null },
): Promise<boolean> {
  const updated = await pg
    .update(postmortemComments)
    .set(change)
    .where(
      and(
        eq(postmortemComments.workspaceId, workspaceId),
        eq(postmortemComments.postmortemId, postmortemId),
        eq(postmortemComments.id, id),
      ),
    )
    .returning({ id: postmortemComments.id });
  return updated.length > 0;
}

export async function insertEdition(
  { pg, workspaceId }: PostgresScope,
  row: New<typeof postmortemEditions.$inferInsert>,
): Promise<void> {
  await pg.insert(postmortemEditions).values({ ...row, workspaceId });
}

const editionsMax = 200;

/** The newest first, without what they say. */
export function listEditionRows({ pg, workspaceId }: PostgresScope, postmortemId: string) {
  return pg
    .select({
      edition: postmortemEditions.edition,
      publishedBy: postmortemEditions.publishedBy,
      publishedAt: postmortemEditions.publishedAt,
      withdrawnReason: postmortemEditions.withdrawnReason,
      withdrawnBy: postmortemEditions.withdrawnBy,
      withdrawnAt: postmortemEditions.withdrawnAt,
    })
    .from(postmortemEditions)
    .where(
      and(
        eq(postmortemEditions.workspaceId, workspaceId),
        eq(postmortemEditions.postmortemId, postmortemId),
      ),
    )
    .orderBy(desc(postmortemEditions.edition))
    .limit(editionsMax);
}

/** What an edition says, as it was frozen; null: there is none of that number. */
export async function findEdition(
  { pg, workspaceId }: PostgresScope,
  postmortemId: string,
  edition: number,
): Promise<unknown> {
  const [found] = await pg
    .select({ document: postmortemEditions.document })
    .from(postmortemEditions)
    .where(
      and(
        eq(postmortemEditions.workspaceId, workspaceId),
        eq(postmortemEditions.postmortemId, postmortemId),
        eq(postmortemEditions.edition, edition),
      ),
    )
    .limit(1);
  return found?.document ?? null;
}

export async function withdrawEdition(
  { pg, workspaceId }: PostgresScope,
  { postmortemId, edition }: { postmortemId: string; edition: number },
  withdrawal: { withdrawnReason: string; withdrawnBy: string; withdrawnAt: Date },
): Promise<void> {
  await pg
    .update(postmortemEditions)
    .set(withdrawal)
    .where(
      and(
        eq(postmortemEditions.workspaceId, workspaceId),
        eq(postmortemEditions.postmortemId, postmortemId),
        eq(postmortemEditions.edition, edition),
      ),
    );
}
