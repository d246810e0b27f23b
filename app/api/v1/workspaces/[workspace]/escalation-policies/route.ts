import { route } from "#lib/http/route.ts";
import { createPolicy } from "#lib/services/escalation/create-policy.ts";
import { listPolicies } from "#lib/services/escalation/list-policies.ts";

export const GET = route(listPolicies);
export const POST = route(createPolicy);
