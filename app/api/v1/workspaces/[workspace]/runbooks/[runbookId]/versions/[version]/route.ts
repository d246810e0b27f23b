import { route } from "#lib/http/route.ts";
import { getRunbookVersion } from "#lib/services/runbook/get-runbook-version.ts";

export const GET = route(getRunbookVersion);
