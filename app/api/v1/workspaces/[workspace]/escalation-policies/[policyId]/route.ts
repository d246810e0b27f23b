import { route } from "#lib/http/route.ts";
import { deletePolicy } from "#lib/services/escalation/delete-policy.ts";
import { updatePolicy } from "#lib/services/escalation/update-policy.ts";

export const PATCH = route(updatePolicy);
export const DELETE = route(deletePolicy);
