import { route } from "#lib/http/route.ts";
import { getJobStatus } from "#lib/services/job/get-job-status.ts";

export const GET = route(getJobStatus);
