import { and, eq, gt, isNull, sql } from "drizzle-orm";
import type { Role } from "#lib/domain/role.ts";
import type { Postgres } from "../client.ts";
import { invitations, memberships, users, workspaces } from "../schema/workspaces.ts";
import type { PostgresScope } from "../scope.ts";

export const memberLimits = { membersMax: 1_000, invitationsMax: 500 } as const;

export function listMemberRows(scope: PostgresScope) {
  return scope.pg
    .select({
      userId: users.id,
      name: users.name,
      email: users.email,
      role: memberships.role,
      joinedAt: memberships.createdAt,
    })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(eq(memberships.workspaceId, scope.workspaceId))
    .orderBy(users.name, users.email)
    .limit(memberLimits.membersMax);
}

/** Locked, so that two requests can't each take away the other last owner. */
export async function lockMembers(scope: PostgresScope) {
  return await scope.pg
    .select({ userId: memberships.userId, role: memberships.role })
    .from(memberships)
    .where(eq(memberships.workspaceId, scope.workspaceId))
    .orderBy(memberships.userId)
    .limit(memberLimits.membersMax)
    .for("update");
}

export async function findMemberByEmail(scope: PostgresScope, email: string) {
  const rows = await scope.pg
    .select({ userId: users.id, role: memberships.role })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(
      and(
        eq(memberships.workspaceId, scope.workspaceId),
        sql`lower(${users.email}) = lower(${email})`,
      ),
    )
    .limit(1);
  return rows[0] ?? null;
}

/** Answers false when the person is a member already. */
export async function insertMember(
  scope: PostgresScope,
  member: { userId: string; role: Role; now: Date },
): Promise<boolean> {
  const rows = await scope.pg
    .insert(memberships)
    .values({
      workspaceId: scope.workspaceId,
      userId: member.userId,
      role: member.role,
      createdAt: member.now,
    })
    .onConflictDoNothing()
    .returning({ userId: memberships.userId });
  return rows.length > 0;
}

export async function setMemberRole(scope: PostgresScope, userId: string, role: Role) {
  await scope.pg
    .update(memberships)
    .set({ role })
    .where(and(eq(memberships.workspaceId, scope.workspaceId), eq(memberships.userId, userId)));
}

export async function deleteMember(scope: PostgresScope, userId: string) {
  await scope.pg
    .delete(memberships)
    .where(and(eq(memberships.workspaceId, scope.workspaceId), eq(memberships.userId, userId)));
}

export function listOpenInvitations(scope: PostgresScope, now: Date) {
  return scope.pg
    .select({
      id: invitations.id,
      email: invitations.email,
      role: invitations.role,
      createdAt: invitations.createdAt,
      expiresAt: invitations.expiresAt,
    })
    .from(invitations)
    .where(
      and(
        eq(invitations.workspaceId, scope.workspaceId),
        isNull(invitations.acceptedAt),
        gt(invitations.expiresAt, now),
      ),
    )
    .orderBy(invitations.createdAt, invitations.id)
    .limit(memberLimits.invitationsMax);
}

/** A later invitation of the same person takes the place of the earlier one, whose link dies. */
export async function replaceInvitation(
  scope: PostgresScope,
  invitation: Omit<typeof invitations.$inferInsert, "workspaceId">,
) {
  await scope.pg
    .delete(invitations)
    .where(
      and(
        eq(invitations.workspaceId, scope.workspaceId),
        isNull(invitations.acceptedAt),
        sql`lower(${invitations.email}) = lower(${invitation.email})`,
      ),
    );
  await scope.pg.insert(invitations).values({ ...invitation, workspaceId: scope.workspaceId });
}

export async function deleteInvitation(scope: PostgresScope, invitationId: string) {
  const rows = await scope.pg
    .delete(invitations)
    .where(
      and(
        eq(invitations.workspaceId, scope.workspaceId),
        eq(invitations.id, invitationId),
        isNull(invitations.acceptedAt),
      ),
    )
    .returning({ email: invitations.email, role: invitations.role });
  return rows[0] ?? null;
}

/** The one read that has no workspace: the token is what says which. Locked until it is used. */
export async function lockInvitationByToken(pg: Postgres, tokenHash: string, now: Date) {
  const rows = await pg
    .select({
      id: invitations.id,
      workspaceId: invitations.workspaceId,
      email: invitations.email,
      role: invitations.role,
      slug: workspaces.slug,
      name: workspaces.name,
    })
    .from(invitations)
    .innerJoin(workspaces, eq(workspaces.id, invitations.workspaceId))
    .where(
      and(
        eq(invitations.tokenHash, tokenHash),
        isNull(invitations.acceptedAt),
        gt(invitations.expiresAt, now),
      ),
    )
    .limit(1)
    .for("update", { of: invitations });
  return rows[0] ?? null;
}

export async function markInvitationAccepted(pg: Postgres, invitationId: string, now: Date) {
  await pg.update(invitations).set({ acceptedAt: now }).where(eq(invitations.id, invitationId));
}
