import { route } from "#lib/http/route.ts";
import { checkOffStep } from "#lib/services/runbook/check-off-step.ts";

export const POST = route(checkOffStep);
