import type { IncidentRow } from "#db/postgres/queries/incident.ts";
import { listOwnerNames } from "#db/postgres/queries/incident.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import type { IncidentRole } from "#lib/domain/incident.ts";
import { incidentRoles } from "#lib/domain/incident.ts";

/** Who does what. Somebody who has left the workspace does nothing any more. */
export async function readRoles(
  scope: PostgresScope,
  { roles }: Pick<IncidentRow, "roles">,
): Promise<{ role: IncidentRole; userId: string; name: string }[]> {
  const held = incidentRoles.flatMap((role) => {
    const userId = roles[role];
    return userId === undefined ? [] : [{ role, userId }];
  });
  const names = await listOwnerNames(
    scope,
    held.map(({ userId }) => ({ ownerUserId: userId, ownerTeamId: null })),
  );
  return held.flatMap(({ role, userId }) => {
    const name = names.get(userId);
    return name === undefined ? [] : [{ role, userId, name }];
  });
}
