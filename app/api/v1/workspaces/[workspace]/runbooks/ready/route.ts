import { route } from "#lib/http/route.ts";
import { addReadyRunbooks } from "#lib/services/runbook/add-ready-runbooks.ts";

export const POST = route(addReadyRunbooks);
