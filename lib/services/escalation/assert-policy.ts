import { countPolicies, listPolicyRows } from "#db/postgres/queries/escalation.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { EscalationRules } from "#lib/domain/escalation.ts";
import { escalationLimits } from "#lib/domain/escalation.ts";
import type { ServiceContext } from "../context.ts";
import { findTargets } from "./find-targets.ts";

/** Whether a policy may be kept like this: targets that there are, and a name of its own. */
export async function assertPolicy(
  ctx: ServiceContext,
  { name, rules, id }: { name: string; rules: EscalationRules; id: string | null },
): Promise<void> {
  for (const [i, level] of rules.levels.entries()) {
    const { problems } = await findTargets(ctx.pg, ctx.workspaceId, level, ctx.now);
    if (problems.length > 0) {
      const message = problems.join(", ");
      throw new AppError("invalid_request", `Level ${i + 1} reaches not everybody: ${message}.`, {
        details: [{ path: `rules.levels.${i}.targets`, message }],
      });
    }
  }
  const others = await listPolicyRows(ctx);
  if (others.some((other) => other.id !== id && other.name.toLowerCase() === name.toLowerCase()))
    throw new AppError("conflict", `There is an escalation policy "${name}" already.`);
  if (id === null && (await countPolicies(ctx)) >= escalationLimits.policiesMax) {
    const most = `This workspace has ${escalationLimits.policiesMax} policies, which is the most.`;
    throw new AppError("limit_exceeded", most);
  }
}
