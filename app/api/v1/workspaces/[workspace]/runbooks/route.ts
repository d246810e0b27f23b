import { route } from "#lib/http/route.ts";
import { createRunbook } from "#lib/services/runbook/create-runbook.ts";
import { listRunbooks } from "#lib/services/runbook/list-runbooks.ts";

export const GET = route(listRunbooks);
export const POST = route(createRunbook);
