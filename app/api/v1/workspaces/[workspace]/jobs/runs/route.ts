import { route } from "#lib/http/route.ts";
import { listJobRuns } from "#lib/services/job/list-job-runs.ts";

export const GET = route(listJobRuns);
