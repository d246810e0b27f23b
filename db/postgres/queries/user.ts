import { and, eq, gt, isNull, sql } from "drizzle-orm";
import type { Postgres } from "../client.ts";
import { invitations, memberships, users, workspaces } from "../schema/workspaces.ts";

const columns = { id: users.id, email: users.email, name: users.name };

/** The hash leaves this room for one purpose: to be verified. */
export async function findCredentials(pg: Postgres, email: string) {
  const rows = await pg
    .select({ ...columns, passwordHash: users.passwordHash })
    .from(users)
    .where(sql`lower(${users.email}) = lower(${email})`)
    .limit(1);
  return rows[0] ?? null;
}

export async function findUserByEmail(pg: Postgres, email: string) {
  const rows = await pg
    .select({ ...columns, oidcSubject: users.oidcSubject })
    .from(users)
    .where(sql`lower(${users.email}) = lower(${email})`)
    .limit(1);
  return rows[0] ?? null;
}

export async function findUser(pg: Postgres, userId: string) {
  const rows = await pg.select(columns).from(users).where(eq(users.id, userId)).limit(1);
  return rows[0] ?? null;
}

export async function findUserByOidcSubject(pg: Postgres, oidcSubject: string) {
  const rows = await pg
    .select(columns)
    .from(users)
    .where(eq(users.oidcSubject, oidcSubject))
    .limit(1);
  return rows[0] ?? null;
}

export async function setOidcSubject(pg: Postgres, userId: string, oidcSubject: string) {
  await pg.update(users).set({ oidcSubject }).where(eq(users.id, userId));
}

/** Answers false when the e-mail address has an account already. */
export async function insertUser(pg: Postgres, user: typeof users.$inferInsert): Promise<boolean> {
  const rows = await pg
    .insert(users)
    .values(user)
    .onConflictDoNothing()
    .returning({ id: users.id });
  return rows.length > 0;
}

export async function hasOpenInvitation(pg: Postgres, email: string, now: Date): Promise<boolean> {
  const rows = await pg
    .select({ id: invitations.id })
    .from(invitations)
    .where(
      and(
        sql`lower(${invitations.email}) = lower(${email})`,
        isNull(invitations.acceptedAt),
        gt(invitations.expiresAt, now),
      ),
    )
    .limit(1);
  return rows.length > 0;
}

const workspacesPerUserMax = 500;

export function listWorkspacesOf(pg: Postgres, userId: string) {
  return pg
    .select({
      id: workspaces.id,
      slug: workspaces.slug,
      name: workspaces.name,
      role: memberships.role,
      timeZone: workspaces.timeZone,
      isDemo: workspaces.isDemo,
    })
    .from(memberships)
    .innerJoin(workspaces, eq(workspaces.id, memberships.workspaceId))
    .where(eq(memberships.userId, userId))
    .orderBy(workspaces.isDemo, workspaces.name, workspaces.id)
    .limit(workspacesPerUserMax);
}
