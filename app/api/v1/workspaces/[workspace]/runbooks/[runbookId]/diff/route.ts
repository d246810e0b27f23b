import { route } from "#lib/http/route.ts";
import { getRunbookDiff } from "#lib/services/runbook/get-runbook-diff.ts";

export const GET = route(getRunbookDiff);
