import { and, count, eq, ne } from "drizzle-orm";
import type { EscalationRules } from "#lib/domain/escalation.ts";
import { escalationLimits } from "#lib/domain/escalation.ts";
import { escalationPolicies } from "../schema/people.ts";
import { teams } from "../schema/workspaces.ts";
import type { PostgresScope } from "../scope.ts";

export type PolicyRow = typeof escalationPolicies.$inferSelect;

export function listPolicyRows(scope: PostgresScope): Promise<PolicyRow[]> {
  return scope.pg
    .select()
    .from(escalationPolicies)
    .where(eq(escalationPolicies.workspaceId, scope.workspaceId))
    .orderBy(escalationPolicies.name)
    .limit(escalationLimits.policiesMax);
}

export async function countPolicies(scope: PostgresScope): Promise<number> {
  const rows = await scope.pg
    .select({ policyCount: count() })
    .from(escalationPolicies)
    .where(eq(escalationPolicies.workspaceId, scope.workspaceId));
  return rows[0]?.policyCount ?? 0;
}

export async function findPolicyRow(
  scope: PostgresScope,
  policyId: string,
): Promise<PolicyRow | null> {
  const rows = await scope.pg
    .select()
    .from(escalationPolicies)
    .where(
      and(
        eq(escalationPolicies.workspaceId, scope.workspaceId),
        eq(escalationPolicies.id, policyId),
      ),
    )
    .limit(1);
  return rows[0] ?? null;
}

/** The policy of a team, or the default one; null when there is neither. */
export async function findPolicyOfTeam(
  scope: PostgresScope,
  teamId: string | null,
): Promise<PolicyRow | null> {
  if (teamId !== null) {
    const rows = await scope.pg
      .select({ policyId: teams.escalationPolicyId })
      .from(teams)
      .where(and(eq(teams.workspaceId, scope.workspaceId), eq(teams.id, teamId)))
      .limit(1);
    const policyId = rows[0]?.policyId ?? null;
    const policy = policyId === null ? null : await findPolicyRow(scope, policyId);
    if (policy !== null) return policy;
  }
  const rows = await scope.pg
    .select()
    .from(escalationPolicies)
    .where(
      and(
        eq(escalationPolicies.workspaceId, scope.workspaceId),
        eq(escalationPolicies.isDefault, true),
      ),
    )
    .limit(1);
  return rows[0] ?? null;
}

export async function insertPolicy(
  scope: PostgresScope,
  policy: { id: string; name: string; rules: EscalationRules; isDefault: boolean; now: Date },
): Promise<void> {
  const { now, ...values } = policy;
  await scope.pg
    .insert(escalationPolicies)
    .values({ ...values, workspaceId: scope.workspaceId, createdAt: now, updatedAt: now });
}

export async function updatePolicyRow(
  scope: PostgresScope,
  policy: {
    id: string;
    name: string;
    rules: EscalationRules;
    isDefault: boolean;
    revision: number;
    now: Date;
  },
): Promise<void> {
  const { id, now, ...values } = policy;
  await scope.pg
    .update(escalationPolicies)
    .set({ ...values, updatedAt: now })
    .where(
      and(eq(escalationPolicies.workspaceId, scope.workspaceId), eq(escalationPolicies.id, id)),
    );
}

/** There is one default at most: whichever was it is it no longer. */
export async function clearDefaultPolicy(scope: PostgresScope, exceptId: string): Promise<void> {
  await scope.pg
    .update(escalationPolicies)
    .set({ isDefault: false })
    .where(
      and(
        eq(escalationPolicies.workspaceId, scope.workspaceId),
        eq(escalationPolicies.isDefault, true),
        ne(escalationPolicies.id, exceptId),
      ),
    );
}

export async function deletePolicyRow(scope: PostgresScope, policyId: string): Promise<void> {
  await scope.pg
    .delete(escalationPolicies)
    .where(
      and(
        eq(escalationPolicies.workspaceId, scope.workspaceId),
        eq(escalationPolicies.id, policyId),
      ),
    );
}
