import { route } from "#lib/http/route.ts";
import { getRunbook } from "#lib/services/runbook/get-runbook.ts";
import { updateRunbook } from "#lib/services/runbook/update-runbook.ts";

export const GET = route(getRunbook);
export const PATCH = route(updateRunbook);
