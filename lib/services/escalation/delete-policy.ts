import { z } from "zod";
import { deletePolicyRow, findPolicyRow } from "#db/postgres/queries/escalation.ts";
import { listTeamRows } from "#db/postgres/queries/team.ts";
import { deletePolicyInput } from "#lib/api/escalation.ts";
import { AppError } from "#lib/domain/errors.ts";
import { defineService } from "../define-service.ts";

export const deletePolicy = defineService({
  name: "deletePolicy",
  role: "admin",
  input: deletePolicyInput,
  output: z.undefined(),
  writes: true,
  async run(ctx, { policyId }) {
    const before = await findPolicyRow(ctx, policyId);
    if (before === null) throw new AppError("not_found", "There is no such escalation policy.");
    const teams = await listTeamRows(ctx);
    const user = teams.find(({ escalationPolicyId }) => escalationPolicyId === policyId);
    if (user !== undefined)
      throw new AppError("conflict", `The team "${user.name}" uses this policy; change it first.`);
    await deletePolicyRow(ctx, policyId);
    ctx.audit({
      action: "escalation.delete",
      targetKind: "escalation",
      targetId: policyId,
      before: { name: before.name, rules: before.rules, isDefault: before.isDefault },
    });
    return undefined;
  },
});
