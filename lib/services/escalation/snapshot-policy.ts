import type { Postgres } from "#db/postgres/client.ts";
import { findPolicyOfTeam } from "#db/postgres/queries/escalation.ts";
import type { EscalationSnapshot } from "#lib/domain/escalation.ts";

/** The policy of a team as it is now, to be kept with an incident; the default one where the team has none, or there is no team.
 *  Null: nobody is paged, which is to be said and counted. */
export async function snapshotPolicy(
  tx: Postgres,
  workspaceId: string,
  { teamId }: { teamId: string | null },
): Promise<EscalationSnapshot | null> {
  const policy = await findPolicyOfTeam({ pg: tx, workspaceId }, teamId);
  return policy === null ? null : { policyId: policy.id, name: policy.name, rules: policy.rules };
}
