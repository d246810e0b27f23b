import { route } from "#lib/http/route.ts";
import { listRunbookVersions } from "#lib/services/runbook/list-runbook-versions.ts";

export const GET = route(listRunbookVersions);
