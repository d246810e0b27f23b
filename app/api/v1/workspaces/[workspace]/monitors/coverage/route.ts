import { route } from "#lib/http/route.ts";
import { getMonitorCoverage } from "#lib/services/monitor/get-monitor-coverage.ts";

export const GET = route(getMonitorCoverage);
