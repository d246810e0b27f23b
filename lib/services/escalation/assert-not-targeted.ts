import { listPolicyRows } from "#db/postgres/queries/escalation.ts";
import type { PostgresScope } from "#db/postgres/scope.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { EscalationTarget } from "#lib/domain/escalation.ts";

/** Refuses to take away what a policy would page: the page would go to nobody. */
export async function assertNotTargeted(
  scope: PostgresScope,
  { kind, id }: EscalationTarget,
): Promise<void> {
  const policies = await listPolicyRows(scope);
  const user = policies.find(({ rules }) =>
    rules.levels.some(({ targets }) => targets.some((one) => one.kind === kind && one.id === id)),
  );
  if (user !== undefined)
    throw new AppError(
      "conflict",
      `The policy "${user.name}" pages this ${kind}; change it first.`,
    );
}
