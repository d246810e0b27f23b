import { and, count, eq, inArray } from "drizzle-orm";
import { models } from "../schema/models.ts";
import { memberships, teamMembers, teams, users } from "../schema/workspaces.ts";
import type { PostgresScope } from "../scope.ts";

export const teamLimits = { teamsMax: 200, membersMax: 20_000, modelsMax: 10_000 } as const;

export type TeamRow = typeof teams.$inferSelect;

export function listTeamRows(scope: PostgresScope): Promise<TeamRow[]> {
  return scope.pg
    .select()
    .from(teams)
    .where(eq(teams.workspaceId, scope.workspaceId))
    .orderBy(teams.name)
    .limit(teamLimits.teamsMax);
}

export async function countTeams(scope: PostgresScope): Promise<number> {
  const rows = await scope.pg
    .select({ teamCount: count() })
    .from(teams)
    .where(eq(teams.workspaceId, scope.workspaceId));
  return rows[0]?.teamCount ?? 0;
}

export async function findTeamRow(scope: PostgresScope, teamId: string): Promise<TeamRow | null> {
  const rows = await scope.pg
    .select()
    .from(teams)
    .where(and(eq(teams.workspaceId, scope.workspaceId), eq(teams.id, teamId)))
    .limit(1);
  return rows[0] ?? null;
}

/** Who is in some teams: members of the workspace alone, since whoever left is reached by nobody. */
export function listTeamMemberRows(scope: PostgresScope, teamIds: readonly string[]) {
  return scope.pg
    .select({ teamId: teamMembers.teamId, userId: users.id, name: users.name })
    .from(teamMembers)
    .innerJoin(teams, eq(teams.id, teamMembers.teamId))
    .innerJoin(
      memberships,
      and(
        eq(memberships.workspaceId, teams.workspaceId),
        eq(memberships.userId, teamMembers.userId),
      ),
    )
    .innerJoin(users, eq(users.id, teamMembers.userId))
    .where(and(eq(teams.workspaceId, scope.workspaceId), inArray(teamMembers.teamId, [...teamIds])))
    .orderBy(users.name, users.id)
    .limit(teamLimits.membersMax);
}

/** Every model with whose it is. */
export function listModelOwners(scope: PostgresScope) {
  return scope.pg
    .select({ modelId: models.id, name: models.name, teamId: models.teamId })
    .from(models)
    .where(eq(models.workspaceId, scope.workspaceId))
    .orderBy(models.name)
    .limit(teamLimits.modelsMax);
}

export async function insertTeam(
  scope: PostgresScope,
  team: Omit<typeof teams.$inferInsert, "workspaceId">,
): Promise<void> {
  await scope.pg.insert(teams).values({ ...team, workspaceId: scope.workspaceId });
}

export async function updateTeamRow(
  scope: PostgresScope,
  teamId: string,
  values: { name: string; escalationPolicyId: string | null; destinationIds: string[] },
): Promise<void> {
  await scope.pg
    .update(teams)
    .set(values)
    .where(and(eq(teams.workspaceId, scope.workspaceId), eq(teams.id, teamId)));
}

export async function deleteTeamRow(scope: PostgresScope, teamId: string): Promise<void> {
  await scope.pg
    .delete(teams)
    .where(and(eq(teams.workspaceId, scope.workspaceId), eq(teams.id, teamId)));
}

/** `teamId` comes from a read that is scoped. */
export async function replaceTeamMembers(
  scope: PostgresScope,
  teamId: string,
  userIds: readonly string[],
): Promise<void> {
  await scope.pg.delete(teamMembers).where(eq(teamMembers.teamId, teamId));
  if (userIds.length > 0)
    await scope.pg.insert(teamMembers).values(userIds.map((userId) => ({ teamId, userId })));
}

/** These models are the team's, and no others. */
export async function replaceTeamModels(
  scope: PostgresScope,
  teamId: string,
  modelIds: readonly string[],
): Promise<void> {
  await scope.pg
    .update(models)
    .set({ teamId: null })
    .where(and(eq(models.workspaceId, scope.workspaceId), eq(models.teamId, teamId)));
  if (modelIds.length > 0)
    await scope.pg
      .update(models)
      .set({ teamId })
      .where(and(eq(models.workspaceId, scope.workspaceId), inArray(models.id, [...modelIds])));
}

/** Names of some people, and whether they are members still. */
export async function nameUsers(
  scope: PostgresScope,
  userIds: readonly string[],
): Promise<Map<string, { name: string; isMember: boolean }>> {
  if (userIds.length === 0) return new Map();
  const rows = await scope.pg
    .select({ userId: users.id, name: users.name, role: memberships.role })
    .from(users)
    .leftJoin(
      memberships,
      and(eq(memberships.userId, users.id), eq(memberships.workspaceId, scope.workspaceId)),
    )
    .where(inArray(users.id, [...new Set(userIds)]))
    .limit(userIds.length);
  return new Map(rows.map(({ userId, name, role }) => [userId, { name, isMember: role !== null }]));
}
