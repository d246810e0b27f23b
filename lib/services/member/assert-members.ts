import { nameUsers } from "#db/postgres/queries/team.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import { AppError } from "#lib/domain/errors.ts";

/** Refuses people who are no members of the workspace: nobody would reach them. */
export async function assertMembers(
  scope: PostgresScope,
  userIds: readonly string[],
  path: string,
): Promise<void> {
  const people = await nameUsers(scope, userIds);
  const stranger = userIds.findIndex((userId) => people.get(userId)?.isMember !== true);
  if (stranger === -1) return;
  throw new AppError("invalid_request", "Only members of the workspace can be on call.", {
    details: [{ path: `${path}.${stranger}`, message: "is no member of this workspace" }],
  });
}
