import { randomUUID } from "node:crypto";
import { clearDefaultPolicy, insertPolicy } from "#db/postgres/queries/escalation.ts";
import { createPolicyInput, policyIdOutput } from "#lib/api/escalation.ts";
import { defineService } from "../define-service.ts";
import { assertPolicy } from "./assert-policy.ts";

export const createPolicy = defineService({
  name: "createPolicy",
  role: "admin",
  input: createPolicyInput,
  output: policyIdOutput,
  writes: true,
  async run(ctx, { name, rules, isDefault }) {
    await assertPolicy(ctx, { name, rules, id: null });
    const id = randomUUID();
    if (isDefault) await clearDefaultPolicy(ctx, id);
    await insertPolicy(ctx, { id, name, rules, isDefault, now: ctx.now });
    ctx.audit({
      action: "escalation.create",
      targetKind: "escalation",
      targetId: id,
      after: { name, rules, isDefault },
    });
    return { id };
  },
});
