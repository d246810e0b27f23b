import { route } from "#lib/http/route.ts";
import { attachRunbook } from "#lib/services/runbook/attach-runbook.ts";
import { listIncidentRunbooks } from "#lib/services/runbook/list-incident-runbooks.ts";

export const GET = route(listIncidentRunbooks);
export const POST = route(attachRunbook);
