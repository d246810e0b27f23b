import { route } from "#lib/http/route.ts";
import { checkRunbook } from "#lib/services/runbook/check-runbook.ts";

export const POST = route(checkRunbook);
