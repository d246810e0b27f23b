import {
  clearDefaultPolicy,
  findPolicyRow,
  updatePolicyRow,
} from "#db/postgres/queries/escalation.ts";
import { policyIdOutput, updatePolicyInput } from "#lib/api/escalation.ts";
import { AppError } from "#lib/domain/errors.ts";
import { assertRevision } from "../assert-revision.ts";
import { defineService } from "../define-service.ts";
import { assertPolicy } from "./assert-policy.ts";

/** Pages that are on their way go on by the policy as it was when they began. */
export const updatePolicy = defineService({
  name: "updatePolicy",
  role: "admin",
  input: updatePolicyInput,
  output: policyIdOutput,
  writes: true,
  async run(ctx, { policyId, name, rules, isDefault, revision }) {
    const before = await findPolicyRow(ctx, policyId);
    if (before === null) throw new AppError("not_found", "There is no such escalation policy.");
    assertRevision("This policy", before.revision, revision);
    await assertPolicy(ctx, { name, rules, id: policyId });
    if (isDefault) await clearDefaultPolicy(ctx, policyId);
    const next = { name, rules, isDefault, revision: revision + 1 };
    await updatePolicyRow(ctx, { id: policyId, ...next, now: ctx.now });
    ctx.audit({
      action: "escalation.update",
      targetKind: "escalation",
      targetId: policyId,
      before: { name: before.name, rules: before.rules, isDefault: before.isDefault },
      after: { name, rules, isDefault },
    });
    return { id: policyId };
  },
});
