import { route } from "#lib/http/route.ts";
import { requestJobRun } from "#lib/services/job/request-job-run.ts";

export const POST = route(requestJobRun);
