import { route } from "#lib/http/route.ts";
import { listRuns } from "#lib/services/action/list-runs.ts";
import { requestRun } from "#lib/services/action/request-run.ts";

export const GET = route(listRuns);
export const POST = route(requestRun);
