import { findPolicyRow } from "#db/postgres/queries/escalation.ts";
import { listModelOwners, listTeamRows } from "#db/postgres/queries/team.ts";
import { AppError } from "#lib/domain/errors.ts";
import type { ServiceContext } from "../context.ts";
import { assertMembers } from "../member/assert-members.ts";

export interface TeamFields {
  name: string;
  memberIds: readonly string[];
  escalationPolicyId: string | null;
  models: readonly string[];
}

/** The ids of a team's models, once everything it names was found to be there. */
export async function resolveTeam(
  ctx: ServiceContext,
  { name, memberIds, escalationPolicyId, models }: TeamFields,
  id: string | null,
): Promise<string[]> {
  await assertMembers(ctx, memberIds, "memberIds");
  if (escalationPolicyId !== null && (await findPolicyRow(ctx, escalationPolicyId)) === null)
    throw new AppError("not_found", "There is no such escalation policy.");
  const others = await listTeamRows(ctx);
  if (others.some((other) => other.id !== id && other.name.toLowerCase() === name.toLowerCase()))
    throw new AppError("conflict", `There is a team "${name}" already.`);
  const known = new Map((await listModelOwners(ctx)).map((one) => [one.name, one.modelId]));
  return models.map((model) => {
    const modelId = known.get(model);
    if (modelId === undefined) throw new AppError("not_found", `There is no model "${model}".`);
    return modelId;
  });
}
