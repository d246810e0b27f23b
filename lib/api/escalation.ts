import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { escalationLimits, escalationRulesSchema } from "#lib/domain/escalation.ts";
import { requestJson, workspacePath } from "./request.ts";

const policySchema = z.object({
  id: z.uuid(),
  name: z.string(),
  rules: escalationRulesSchema,
  /** Takes what belongs to no team, or to one without a policy. */
  isDefault: z.boolean(),
  revision: z.int(),
  /** Whose incidents it takes. */
  teams: z.array(z.string()),
  /** Each level in words, in their order. */
  levels: z.array(z.string()),
  /** Targets that are gone, or reach nobody, in words. */
  problems: z.array(z.string()),
});
export type EscalationPolicy = z.infer<typeof policySchema>;

export const policyListOutput = z.object({ policies: z.array(policySchema) });

export const createPolicyInput = z.object({
  name: z.string().trim().min(1).max(escalationLimits.nameLengthMax),
  rules: escalationRulesSchema,
  isDefault: z.boolean().default(false),
});
export const policyIdOutput = z.object({ id: z.uuid() });
export const updatePolicyInput = createPolicyInput.extend({
  policyId: z.uuid(),
  /** The one that was read: an edit of another is refused. */
  revision: z.int(),
});
export const deletePolicyInput = z.object({ policyId: z.uuid() });

const policiesPath = (workspace: string) => `${workspacePath(workspace)}/escalation-policies`;

export const policyListQuery = (workspace: string) =>
  queryOptions({
    queryKey: ["escalation", workspace],
    queryFn: ({ signal }) =>
      requestJson({ path: policiesPath(workspace), output: policyListOutput, signal }),
  });

export const createPolicy = (workspace: string, body: z.input<typeof createPolicyInput>) =>
  requestJson({ path: policiesPath(workspace), method: "POST", body, output: policyIdOutput });

export const updatePolicy = (
  workspace: string,
  { policyId, ...body }: z.input<typeof updatePolicyInput>,
) =>
  requestJson({
    path: `${policiesPath(workspace)}/${policyId}`,
    method: "PATCH",
    body,
    output: policyIdOutput,
  });

export const deletePolicy = (workspace: string, policyId: string) =>
  requestJson({
    path: `${policiesPath(workspace)}/${policyId}`,
    method: "DELETE",
    output: z.undefined(),
  });
