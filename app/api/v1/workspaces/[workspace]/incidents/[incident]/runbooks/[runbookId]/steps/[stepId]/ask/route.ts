import { route } from "#lib/http/route.ts";
import { askStep } from "#lib/services/runbook/ask-step.ts";

export const POST = route(askStep);
